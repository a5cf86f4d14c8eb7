import type { SimImage } from '../model-vsphere.js'
import { openDepot } from './depots.js'
import type { CliCommand } from './esxcli.js'
import type { CliAnswer, CliFields } from './esxcli-format.js'
import { vibId } from './image-change.js'
import { changeProfile } from './image-transaction.js'
import type { ProgramContext } from './program.js'

const DAY_MS = 86_400_000
/** A lock that nobody gives back. */
const FOR_EVER_MS = 30 * DAY_MS

/** An earlier esxcli that hangs holds the image lock: every later `esxcli software` hangs with it. */
async function unlocked(context: ProgramContext): Promise<void> {
  if (context.core.flags(context.host.name).esximage_locked) await context.handle.hold(FOR_EVER_MS, 'esxcli-software')
}

const withLock =
  (command: CliCommand): CliCommand =>
  async (options, context) => {
    await unlocked(context)
    return command(options, context)
  }

/** Creation time of an image: nothing but a fixed day by its build, so that it never changes. */
const createdAt = (image: SimImage): string =>
  new Date(Date.UTC(2021, 0, 1) + (Number(image.build) - 17_000_000) * 15_000).toISOString().slice(0, 19)

const profileGet: CliCommand = (options, { host }) => {
  const image = options.has('rebooting-image') ? (host.pending_image ?? host.image) : host.image
  return {
    kind: 'structure',
    title: image.name,
    fields: {
      Name: image.name,
      Vendor: image.vendor,
      'Creation Time': createdAt(image),
      'Modification Time': createdAt(image),
      'Stateless Ready': 'True',
      Description: '',
      'Acceptance Level': image.acceptance,
      VIBs: image.vibs.map((vib) => `${vib.name} ${vib.version}`),
    },
  }
}

const vibList: CliCommand = (options, { core, host }) => {
  const image = options.has('rebooting-image') ? (host.pending_image ?? host.image) : host.image
  return {
    kind: 'list',
    rows: image.vibs.map((vib) => vibRow(vib, image, core.clock.iso(host.boot_time).slice(0, 10))),
  }
}

function vibRow(vib: SimImage['vibs'][number], image: SimImage, installed: string): CliFields {
  return {
    Name: vib.name,
    Version: vib.version,
    Vendor: vib.vendor,
    'Acceptance Level': vib.acceptance,
    'Install Date': installed,
    'Creation Date': createdAt(image).slice(0, 10),
    ID: vibId(vib),
    Status: '',
  }
}

/** Runs on a bundle; the failure of opening it is the answer otherwise. */
const onDepot =
  (answer: (profiles: SimImage[], wanted: string | undefined) => CliAnswer): CliCommand =>
  (options, context) => {
    const depot = options.value('depot', 'd')
    if (depot === undefined) return { kind: 'failure', text: 'Error: Missing required parameter -d|--depot\n' }
    const opened = openDepot(depot, context)
    return opened.ok ? answer(opened.profiles, options.value('profile', 'p')) : { kind: 'failure', text: opened.text }
  }

const sourceProfiles = onDepot((profiles) => ({
  kind: 'list',
  rows: profiles.map((image) => ({
    Name: image.name,
    Vendor: image.vendor,
    'Acceptance Level': image.acceptance,
    'Creation Time': createdAt(image),
    'Modification Time': createdAt(image),
  })),
}))

const sourceProfile = onDepot((profiles, wanted) => {
  const image = profiles.find((one) => one.name === wanted)
  if (!image) {
    return {
      kind: 'failure',
      text: ` [NoMatchError]\n No image profile found with name '${wanted}'\n id = ${wanted}\n Please refer to the log file for more details.\n`,
    }
  }
  return {
    kind: 'structure',
    title: image.name,
    fields: {
      Name: image.name,
      Vendor: image.vendor,
      'Creation Time': createdAt(image),
      'Modification Time': createdAt(image),
      'Stateless Ready': 'True',
      Description: '',
      VIBs: image.vibs.map((vib) => `${vib.name} ${vib.version}`),
    },
  }
})

const sourceVibs = onDepot((profiles) => {
  const all = new Map(profiles.flatMap((image) => image.vibs.map((vib) => [vibId(vib), { vib, image }] as const)))
  return {
    kind: 'list',
    rows: [...all.values()].map(({ vib, image }) => ({
      Name: vib.name,
      Version: vib.version,
      Vendor: vib.vendor,
      'Creation Date': createdAt(image).slice(0, 10),
      'Acceptance Level': vib.acceptance,
      Status: '',
      ID: vibId(vib),
    })),
  }
})

/** Commands below `esxcli software`. */
export const SOFTWARE_COMMANDS: Record<string, CliCommand> = {
  'software profile get': withLock(profileGet),
  'software profile update': withLock((options, context) => changeProfile('update', options, context)),
  'software profile install': withLock((options, context) => changeProfile('install', options, context)),
  'software vib list': withLock(vibList),
  'software acceptance get': withLock((_options, { host }) => ({ kind: 'text', text: host.image.acceptance })),
  'software sources profile list': withLock(sourceProfiles),
  'software sources profile get': withLock(sourceProfile),
  'software sources vib list': withLock(sourceVibs),
}
