import type { MoRef } from './mo-ref.js'
import { data, type SoapData, type SoapField, typedData } from './soap-writer.js'

/** Which properties of one managed type are wanted. */
export interface PropertySet {
  type: string
  /** Must exist in every supported version of the API: an unknown path fails the whole call. */
  paths: readonly string[]
  /** Left out, instead of failing the call, when this server does not know them. */
  optional_paths?: readonly string[]
}

/** From which objects to read: listed ones, or everything in a container view. */
export type ObjectSelection = { objects: readonly MoRef[] } | { view: MoRef }

function objectSets(selection: ObjectSelection): SoapData[] {
  if ('objects' in selection) return selection.objects.map((each) => data(['obj', each]))
  const traversal = typedData(
    'TraversalSpec',
    ['name', 'view'],
    ['type', 'ContainerView'],
    ['path', 'view'],
    ['skip', false],
  )
  return [data(['obj', selection.view], ['skip', true], ['selectSet', traversal])]
}

/**
 * The `PropertyFilterSpec` for a read or a filter. Objects that are gone are left out of the answer instead of failing it.
 * `dropped` = optional paths that this server does not know.
 */
export function filterSpec(
  sets: readonly PropertySet[],
  selection: ObjectSelection,
  dropped: ReadonlySet<string> = new Set(),
): SoapData {
  const propSets = sets.map((set) => {
    const optional = (set.optional_paths ?? []).filter((each) => !dropped.has(each))
    const paths: SoapField[] = [...set.paths, ...optional].map((path) => ['pathSet', path])
    return data(['type', set.type], ['all', false], ...paths)
  })
  return data(['propSet', propSets], ['objectSet', objectSets(selection)], ['reportMissingObjectsInResults', true])
}
