import type { Command } from 'commander'
import { answer } from '../api/client.js'
import { listAll } from '../api/lists.js'
import { confirm } from '../ask.js'
import { type Context, run } from '../context.js'
import { orderJob } from '../jobs/order.js'
import { idOf } from '../names.js'
import { printList, printOne } from '../output/table.js'
import { addList, collect, filterOf, wholeNumber } from './list-verb.js'
import { type OrderFlags, orderFlags, scopeOf } from './order-flags.js'
import { onServers } from './shortcuts.js'
import { addUpload } from './uploads.js'

/** `firmware`: packages in the store and updates of servers. */
export function addFirmware(program: Command): void {
  const firmware = program.command('firmware').description('Firmware packages, comparisons and updates')
  addList(firmware, {
    path: '/api/v1/firmware-packages',
    summary: 'Packages in the store',
    filters: 'component_id, version, sha256',
    columns: [
      ['FILE', (file) => file.filename],
      ['NAME', (file) => file.name],
      ['VERSION', (file) => file.version],
      ['TYPE', (file) => file.component_type],
      ['CRITICALITY', (file) => file.criticality],
      ['STATUS', (file) => file.status],
    ],
  })
  addUpload(firmware, 'firmware', 'Takes an update package into the store')
  firmware
    .command('remove <package>')
    .description('Takes a package out of the store')
    .action(
      run(async ({ api, print, yes }, file: string) => {
        const id = await idOf(api, 'package', file)
        await confirm(yes, `Remove ${file} from the store?`)
        await answer(api.client.DELETE('/api/v1/firmware-packages/{id}', { params: { path: { id } } }))
        print.note('The package is removed.')
      }),
    )
  const source = (command: Command) =>
    command
      .option('--source <source>', 'local or dell_catalog')
      .option('--component <word>', 'only these, as bios or idrac; may be repeated', collect)
  source(orderFlags(firmware.command('compare <target...>'), { waits: true }))
    .description('What an update of all firmware would do to servers: reads only, shows the plan')
    .action(
      run((context, targets: string[], flags: UpdateFlags) =>
        onServers(context, 'full_server_update', targets, choiceOf(flags), { ...flags, dryRun: true, wait: true }),
      ),
    )
  source(orderFlags(firmware.command('update <target...>')))
    .description('Brings the firmware of servers up to date; with --package one package')
    .option('--package <package>', 'this package of the store')
    .addHelpText(
      'after',
      '\nExample:\n  dsm firmware update ABC1234 --component bios --component idrac --source local --wait',
    )
    .action(
      run(async (context, targets: string[], flags: UpdateFlags & { package?: string }) => {
        if (flags.package === undefined)
          return onServers(context, 'full_server_update', targets, choiceOf(flags), flags)
        const package_id = await idOf(context.api, 'package', flags.package)
        return onServers(context, 'firmware_update', targets, { firmware_source: 'local', package_id }, flags)
      }),
    )
}

/** `catalogs`: what is newest, by the vendor. */
export function addCatalogs(program: Command): void {
  const catalogs = program.command('catalogs').description('Firmware catalogs')
  addList(catalogs, {
    path: '/api/v1/firmware-catalogs',
    summary: 'Imported catalogs',
    columns: [
      ['NAME', (catalog) => catalog.name],
      ['RELEASE', (catalog) => catalog.release_id],
      ['DATED', (catalog) => catalog.dated_at],
      ['ENTRIES', (catalog) => catalog.entries],
      ['DEFAULT', (catalog) => catalog.is_default],
      ['STATUS', (catalog) => catalog.status],
    ],
  })
  addUpload(catalogs, 'catalog', 'Imports a catalog from a file', 'import')
  catalogs
    .command('default <catalog>')
    .description('Makes a catalog the one that servers are compared with')
    .action(
      run(async ({ api, print }, catalog: string) => {
        const params = { path: { id: await idOf(api, 'catalog', catalog) } }
        const body = { is_default: true as const }
        printOne(print, await answer(api.client.PATCH('/api/v1/firmware-catalogs/{id}', { params, body })))
      }),
    )
  addCatalogReads(catalogs)
}

function addCatalogReads(catalogs: Command): void {
  catalogs
    .command('entries <catalog> [filter...]')
    .description(
      'Packages that a catalog names. Filters: component_id, component_class, criticality, system_id; a bare word is searched',
    )
    .option('--limit <n>', 'at most so many rows', wholeNumber)
    .action(
      run(async ({ api, print }, catalog: string, filters: string[], { limit }: { limit?: number }) => {
        const id = await idOf(api, 'catalog', catalog)
        const path = '/api/v1/firmware-catalogs/{id}/entries'
        const { q, ...same } = filterOf(filters)
        printList(
          print,
          [
            ['FILE', (entry) => entry.filename],
            ['NAME', (entry) => entry.name],
            ['VERSION', (entry) => entry.version],
            ['RELEASED', (entry) => entry.release_date],
            ['CRITICALITY', (entry) => entry.criticality],
            ['MODELS', (entry) => entry.models],
          ],
          await listAll(api, path, { ...same, ...(q ? { search: q } : {}) }, { id }, limit),
        )
      }),
    )
  catalogs
    .command('compliance <catalog>')
    .description('All servers against a catalog: how many components are behind, and how many of them urgently')
    .action(
      run(async ({ api, print }, catalog: string) => {
        const id = await idOf(api, 'catalog', catalog)
        printList(
          print,
          [
            ['SERVICE TAG', (server) => server.service_tag],
            ['NAME', (server) => server.hostname],
            ['MODEL', (server) => server.model],
            ['STATUS', (server) => server.status],
            ['OUTDATED', (server) => server.outdated],
            ['URGENT', (server) => server.urgent],
            ['NOT IN CATALOG', (server) => server.not_in_catalog],
            ['COMPARED', (server) => server.compared_at ?? 'never'],
          ],
          await listAll(api, '/api/v1/firmware-catalogs/{id}/compliance', {}, { id }),
        )
      }),
    )
}

interface UpdateFlags extends OrderFlags {
  source?: string
  component?: string[]
}

const choiceOf = ({ source, component }: UpdateFlags) => ({
  ...(source ? { firmware_source: source } : {}),
  ...(component ? { components: component } : {}),
})

interface ImageFlags extends OrderFlags {
  depot?: string
  profile?: string
  imageProfile?: string
  image?: string
}

/** Which ESXi image, as options. */
function imageFlags(command: Command): Command {
  return command
    .option('--depot <path>', 'depot as hosts see it: /vmfs/volumes/DATASTORE/FILE.zip')
    .option('--image <image>', 'depot of our store')
    .option('--profile <profile>', 'known ESXi profile (dsm esxi profiles)')
    .option('--image-profile <name>', 'exact name of the image profile in the depot')
}

async function imageOf({ api }: Context, flags: ImageFlags): Promise<Record<string, unknown>> {
  return {
    ...(flags.depot ? { depot_path: flags.depot } : {}),
    ...(flags.image ? { depot_image_id: await idOf(api, 'image', flags.image) } : {}),
    ...(flags.profile ? { upgrade_profile_id: await idOf(api, 'profile', flags.profile) } : {}),
    ...(flags.imageProfile ? { profile_name: flags.imageProfile } : {}),
  }
}

/** `esxi`: images, checks before an upgrade, upgrades. */
export function addEsxi(program: Command): void {
  const esxi = program.command('esxi').description('ESXi images, checks and upgrades')
  addList(esxi, {
    name: 'profiles',
    path: '/api/v1/esxi-upgrade-profiles',
    summary: 'Known ESXi images',
    columns: [
      ['NAME', (profile) => profile.name],
      ['IMAGE PROFILE', (profile) => profile.profile_name],
      ['VERSION', (profile) => profile.target_version],
      ['BUILD', (profile) => profile.target_build],
      ['DEPOT', (profile) => profile.depot_path],
    ],
  })
  addProfileChanges(esxi)
  const onHosts = async (context: Context, type: string, hosts: string[], flags: ImageFlags) => {
    const scope = await scopeOf(context, hosts, 'host')
    return orderJob(context, await flags.order(context, type, scope, await imageOf(context, flags)), flags)
  }
  imageFlags(orderFlags(esxi.command('preflight <host...>'), { waits: true }))
    .description('Can these hosts take this image? Checks everything, changes nothing')
    .action(
      run((context, hosts: string[], flags: ImageFlags) =>
        onHosts(context, 'esxi_preflight', hosts, { ...flags, wait: true }),
      ),
    )
  imageFlags(orderFlags(esxi.command('upgrade <host...>')))
    .description('Upgrades ESXi, one host after the other')
    .action(run((context, hosts: string[], flags: ImageFlags) => onHosts(context, 'esxi_upgrade', hosts, flags)))
}

interface ProfileOptions {
  depot?: string
  image?: string
  imageProfile: string
  targetVersion?: string
  build?: number
}

function addProfileChanges(esxi: Command): void {
  esxi
    .command('add-profile <name>')
    .description('Gives an ESXi image a name that --profile takes')
    .option('--depot <path>', 'depot as hosts see it: /vmfs/volumes/DATASTORE/FILE.zip')
    .option('--image <image>', 'depot of our store')
    .requiredOption('--image-profile <name>', 'exact name of the image profile in the depot')
    .option('--target-version <version>', 'what it brings, as 8.0.3')
    .option('--build <n>', 'what it brings; a host that has this build is left alone', wholeNumber)
    .action(
      run(async ({ api, print }, name: string, given: ProfileOptions) => {
        const body = {
          name,
          profile_name: given.imageProfile,
          ...(given.depot ? { depot_path: given.depot } : {}),
          ...(given.image ? { iso_image_id: await idOf(api, 'image', given.image) } : {}),
          ...(given.targetVersion ? { target_version: given.targetVersion } : {}),
          ...(given.build ? { target_build: given.build } : {}),
        }
        printOne(print, await answer(api.client.POST('/api/v1/esxi-upgrade-profiles', { body })))
      }),
    )
  esxi
    .command('remove-profile <profile>')
    .description('Forgets a name of an ESXi image; its depot stays')
    .action(
      run(async ({ api, print, yes }, profile: string) => {
        const path = { id: await idOf(api, 'profile', profile) }
        await confirm(yes, `Forget the ESXi profile ${profile}?`)
        await answer(api.client.DELETE('/api/v1/esxi-upgrade-profiles/{id}', { params: { path } }))
        print.note('The profile is forgotten.')
      }),
    )
}

interface RollingFlags extends ImageFlags {
  order: OrderFlags['order']
  first?: string
  firmware?: string
  component?: string[]
  canary?: string
  soak?: string
  onFailure?: string
}

const ROLLING_HELP = `
Examples:
  dsm rolling plan Prod-A --depot /vmfs/volumes/Depots/ESXi-8.0U3.zip --firmware dell_catalog --first esxi
  dsm rolling start Prod-A --depot /vmfs/volumes/Depots/ESXi-8.0U3.zip --canary 1 --on-failure pause --wait`

/** `rolling`: host by host through clusters. */
export function addRolling(program: Command): void {
  const rolling = program
    .command('rolling')
    .description('Rolling updates of clusters: ESXi, firmware or both, host by host')
  const options = (command: Command) =>
    imageFlags(command)
      .option('--firmware <source>', 'update firmware too: local or dell_catalog')
      .option('--component <word>', 'only these, as bios or idrac; may be repeated', collect)
      .option('--first <part>', 'with both: esxi or firmware first', 'esxi')
      .option('--canary <n>', 'first hosts, watched longer')
      .option('--soak <minutes>', 'pause after each host')
      .option('--on-failure <what>', 'stop, continue or pause')
      .addHelpText('after', ROLLING_HELP)
  options(orderFlags(rolling.command('plan <cluster...>'), { waits: true }))
    .description('Checks everything and shows the order of hosts, steps, reboots and blockers; changes nothing')
    .action(
      run((context, clusters: string[], flags: RollingFlags) =>
        roll(context, clusters, { ...flags, dryRun: true, wait: true }),
      ),
    )
  options(orderFlags(rolling.command('start <cluster...>')))
    .description('Updates the hosts of clusters, one after the other')
    .action(
      run(async (context, clusters: string[], flags: RollingFlags) => {
        await confirm(context.yes || flags.dryRun === true, `Update every host of ${clusters.join(', ')}?`)
        return roll(context, clusters, flags)
      }),
    )
}

async function roll(context: Context, clusters: string[], flags: RollingFlags) {
  const esxi = await imageOf(context, flags)
  const both = Object.keys(esxi).length > 0 && flags.firmware !== undefined
  const components = flags.component ? { components: flags.component } : {}
  const details = {
    ...(Object.keys(esxi).length > 0 ? { esxi } : {}),
    ...(flags.firmware ? { firmware: { firmware_source: flags.firmware, ...components } } : {}),
    ...(both ? { order: `${flags.first}_first` } : {}),
    ...(flags.canary ? { canary_hosts: Number(flags.canary) } : {}),
    ...(flags.soak ? { soak_minutes: Number(flags.soak) } : {}),
    ...(flags.onFailure ? { on_failure: flags.onFailure } : {}),
  }
  const scope = await scopeOf(context, clusters, 'cluster')
  return orderJob(context, await flags.order(context, 'rolling_update', scope, details), flags)
}
