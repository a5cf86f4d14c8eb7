import type { JsonValue } from '../model.js'

/** One component of a Server Configuration Profile: its FQDD and attributes. */
export type ProfileComponent = { fqdd: string; attributes: { name: string; value: string }[] }
export type ParsedProfile = { components: ProfileComponent[] }
export type ProfileProblem = { message_id: string; message: string }

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const unescapeXml = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

/** The profile as XML, the way an iDRAC writes it. */
export function profileXml(model: string, serviceTag: string, stamp: string, components: ProfileComponent[]): string {
  const lines = components.flatMap(({ fqdd, attributes }) => [
    `<Component FQDD="${escapeXml(fqdd)}">`,
    ...attributes.map(({ name, value }) => ` <Attribute Name="${escapeXml(name)}">${escapeXml(value)}</Attribute>`),
    '</Component>',
  ])
  return [
    `<SystemConfiguration Model="${escapeXml(model)}" ServiceTag="${serviceTag}" TimeStamp="${stamp}">`,
    ...lines,
    '</SystemConfiguration>',
    '',
  ].join('\n')
}

/** The profile as JSON. */
export function profileJson(model: string, serviceTag: string, stamp: string, components: ProfileComponent[]): string {
  const list = components.map(({ fqdd, attributes }) => ({
    FQDD: fqdd,
    Attributes: attributes.map(({ name, value }) => ({
      Name: name,
      Value: value,
      'Set On Import': 'True',
      Comment: 'Read and Write',
    })),
  }))
  return JSON.stringify(
    { SystemConfiguration: { Comments: [], Model: model, ServiceTag: serviceTag, TimeStamp: stamp, Components: list } },
    null,
    2,
  )
}

function parseXml(text: string): ParsedProfile | ProfileProblem {
  if (/<!DOCTYPE/i.test(text))
    return { message_id: 'SYS090', message: 'The configuration profile contains unsupported DOCTYPE tags.' }
  const bare = text.replace(/<!--[\s\S]*?-->/g, '')
  if (!/^\s*(<\?xml[^>]*>)?\s*<SystemConfiguration\b/.test(bare))
    return {
      message_id: 'SYS062',
      message:
        'Input file for import configuration operation is invalid. The expected profile root element was not found.',
    }
  if (!/<\/SystemConfiguration>\s*$/.test(bare))
    return {
      message_id: 'SYS063',
      message: 'Input file for import configuration operation is invalid. The expected root element was not closed.',
    }
  const components = [
    ...bare.matchAll(/<Component\s+FQDD="([^"]*)"\s*>([\s\S]*?)(?=<Component\b|<\/SystemConfiguration>)/g),
  ].map((match) => ({
    fqdd: unescapeXml(match[1] ?? ''),
    attributes: [...(match[2] ?? '').matchAll(/<Attribute\s+Name="([^"]*)"\s*>([\s\S]*?)<\/Attribute>/g)].map(
      (one) => ({
        name: unescapeXml(one[1] ?? ''),
        value: unescapeXml(one[2] ?? ''),
      }),
    ),
  }))
  return { components }
}

type JsonProfile = {
  SystemConfiguration?: {
    Components?: { FQDD?: unknown; Attributes?: { Name?: unknown; Value?: JsonValue; 'Set On Import'?: unknown }[] }[]
  }
}

function parseJsonProfile(text: string): ParsedProfile | ProfileProblem {
  try {
    const list = (JSON.parse(text) as JsonProfile).SystemConfiguration?.Components
    if (!list) throw new Error('no components')
    const components = list.map((component) => ({
      fqdd: String(component.FQDD ?? ''),
      attributes: (component.Attributes ?? [])
        .filter((one) => one['Set On Import'] !== 'False')
        .map((one) => ({ name: String(one.Name ?? ''), value: String(one.Value ?? '') })),
    }))
    return { components }
  } catch {
    return {
      message_id: 'SYS047',
      message: 'Input file for import configuration is not compliant with the configuration schema.',
    }
  }
}

/**
 * Reads the text of a profile, XML or JSON as it stands.
 * QUIRK iDRAC (all): ImportBuffer is the raw text; base64 is no profile. Source: openstack/sushy oem/dell manager.py.
 */
export function parseProfile(text: string): ParsedProfile | ProfileProblem {
  return text.trimStart().startsWith('{') ? parseJsonProfile(text) : parseXml(text)
}
