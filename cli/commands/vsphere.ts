import type { Command } from 'commander'
import { answer } from '../api/client.js'
import { listAll } from '../api/lists.js'
import { confirm } from '../ask.js'
import { run } from '../context.js'
import { usage } from '../exit-codes.js'
import { orderJob, postOrder } from '../jobs/order.js'
import { watchJob } from '../jobs/watch.js'
import { idOf, idsOf } from '../names.js'
import { printList, printOne } from '../output/table.js'
import { addList, wholeNumber } from './list-verb.js'
import { type OrderFlags, orderFlags } from './order-flags.js'

/** `hosts`: ESXi hosts and their servers. */
export function addHosts(program: Command): void {
  const hosts = program.command('hosts').description('ESXi hosts')
  addList(hosts, {
    path: '/api/v1/hosts',
    summary: 'ESXi hosts',
    filters:
      'vcenter_id, cluster_id, connection_state, esxi_version, in_maintenance_mode, linked; a bare word is searched',
    columns: [
      ['NAME', (host) => host.name],
      ['CLUSTER', (host) => host.cluster],
      ['ESXI', (host) => host.esxi_version],
      ['BUILD', (host) => host.build],
      ['STATE', (host) => host.connection_state],
      ['MAINTENANCE', (host) => host.in_maintenance_mode],
      ['LINKED', (host) => host.server_id !== null],
    ],
  })
  hosts
    .command('show <host>')
    .description('One host')
    .action(
      run(async ({ api, print }, host: string) => {
        const path = { id: await idOf(api, 'host', host) }
        printOne(print, await answer(api.client.GET('/api/v1/hosts/{id}', { params: { path } })))
      }),
    )
  const link = (name: string, description: string) => hosts.command(name).description(description)
  link('link <host> <server>', 'Says which server a host runs on').action(
    run(async ({ api, print }, host: string, server: string) => {
      const params = { path: { id: await idOf(api, 'host', host) } }
      const body = { server_id: await idOf(api, 'server', server) }
      printOne(print, await answer(api.client.PATCH('/api/v1/hosts/{id}', { params, body })))
    }),
  )
  link('unlink <host>', 'Lets go of the link between a host and its server').action(
    run(async ({ api, print }, host: string) => {
      const params = { path: { id: await idOf(api, 'host', host) } }
      printOne(print, await answer(api.client.PATCH('/api/v1/hosts/{id}', { params, body: { server_id: null } })))
    }),
  )
}

/** `clusters`: capacity and whether hosts may leave. */
export function addClusters(program: Command): void {
  const clusters = program.command('clusters').description('vSphere clusters')
  addList(clusters, {
    path: '/api/v1/clusters',
    summary: 'Clusters',
    filters: 'vcenter_id, name',
    columns: [
      ['NAME', (cluster) => cluster.name],
      ['HOSTS', (cluster) => `${cluster.hosts_effective ?? '?'}/${cluster.hosts_total ?? '?'}`],
      ['DRS', (cluster) => cluster.drs_mode],
      ['HA', (cluster) => cluster.ha_enabled],
      ['VSAN', (cluster) => cluster.vsan_enabled],
      ['MAY BE OUT', (cluster) => cluster.max_unavailable],
      ['SEEN', (cluster) => cluster.facts_at],
    ],
  })
  clusters
    .command('show <cluster>')
    .description('One cluster')
    .action(
      run(async ({ api, print }, cluster: string) => {
        const path = { id: await idOf(api, 'cluster', cluster) }
        printOne(print, await answer(api.client.GET('/api/v1/clusters/{id}', { params: { path } })))
      }),
    )
  orderFlags(clusters.command('safety <cluster...>'), { waits: true })
    .description('May a host leave now? Asks vCenter and says what forbids it')
    .action(
      run(async (context, names: string[], flags: OrderFlags) => {
        const cluster_ids = await idsOf(context.api, 'cluster', names)
        const order = await flags.order(context, 'cluster_safety_check', { cluster_ids }, {})
        const job = await postOrder(context.api, order)
        const code = await watchJob(context, job.id, { ...flags, answers: false })
        if (!context.print.json) {
          const checks = await listAll(context.api, '/api/v1/safety-checks', { job_id: job.id })
          printList(
            context.print,
            [
              ['CLUSTER', (check) => check.cluster],
              ['SAFE', (check) => check.safe],
              ['HEALTHY NOW', (check) => `${check.healthy_hosts}/${check.total_hosts}`],
              ['AFTER', (check) => check.healthy_after],
              ['BLOCKERS', (check) => blockersOf(check.blockers)],
            ],
            checks,
          )
        }
        return code
      }),
    )
}

function blockersOf(blockers: unknown): string {
  const list = Array.isArray(blockers) ? (blockers as { code?: string; message?: string }[]) : []
  return list.map(({ code, message }) => `${code}: ${message}`).join('; ')
}

interface VcenterOptions {
  host: string
  port?: number
  credential?: string
  site?: string
}

/** `vcenters`: what is read, and whom we trust. */
export function addVcenters(program: Command): void {
  const vcenters = program.command('vcenters').description('vCenters')
  addList(vcenters, {
    path: '/api/v1/vcenters',
    summary: 'vCenters',
    columns: [
      ['NAME', (vcenter) => vcenter.name],
      ['ADDRESS', (vcenter) => `${vcenter.host}:${vcenter.port}`],
      ['VERSION', (vcenter) => vcenter.version],
      ['LAST SYNC', (vcenter) => vcenter.last_sync_at],
      ['OUTCOME', (vcenter) => vcenter.last_sync_error ?? vcenter.last_sync_status],
    ],
  })
  vcenters
    .command('add <name>')
    .description('Adds a vCenter; sync reads it')
    .requiredOption('--host <address>', 'name or address')
    .option('--port <n>', 'its port', wholeNumber)
    .option('--credential <set>', 'credential set that opens it')
    .option('--site <site>', 'site whose workers reach it')
    .action(
      run(async ({ api, print }, name: string, { host, port, credential, site }: VcenterOptions) => {
        const body = {
          name,
          host,
          ...(port ? { port } : {}),
          ...(site ? { site } : {}),
          ...(credential ? { credential_set_id: await idOf(api, 'credential', credential) } : {}),
        }
        printOne(print, await answer(api.client.POST('/api/v1/vcenters', { body })))
      }),
    )
  vcenters
    .command('remove <vcenter>')
    .description('Takes a vCenter without hosts out of the inventory')
    .action(
      run(async ({ api, print, yes }, vcenter: string) => {
        const id = await idOf(api, 'vcenter', vcenter)
        await confirm(yes, `Remove ${vcenter}?`)
        await answer(api.client.DELETE('/api/v1/vcenters/{id}', { params: { path: { id } } }))
        print.note('The vCenter is removed.')
      }),
    )
  addTrust(vcenters)
  orderFlags(vcenters.command('sync <vcenter...>'))
    .description('Reads clusters and hosts of vCenters')
    .action(
      run(async (context, names: string[], flags: OrderFlags) => {
        const vcenter_ids = await idsOf(context.api, 'vcenter', names)
        return orderJob(context, await flags.order(context, 'vcenter_sync', {}, { vcenter_ids }), flags)
      }),
    )
}

function addTrust(vcenters: Command): void {
  vcenters
    .command('trust <vcenter>')
    .description('Accepts the certificate that waits for a decision')
    .option('--sha256 <fingerprint>', 'only this one')
    .action(
      run(async ({ api, print, yes }, vcenter: string, options: { sha256?: string }) => {
        const id = await idOf(api, 'vcenter', vcenter)
        const seen = await listAll(api, '/api/v1/vcenters/{id}/identities', {}, { id })
        const wanted = options.sha256?.replaceAll(':', '').toLowerCase()
        const open = seen.filter((one) => one.state === 'pending' && (!wanted || one.sha256.toLowerCase() === wanted))
        const [first, ...more] = open
        if (!first) throw usage(`Nothing of ${vcenter} waits for a decision.`)
        if (more.length > 0)
          throw usage(`Several wait; name one with --sha256: ${open.map((one) => one.sha256).join(' ')}`)
        await confirm(yes, `Trust the certificate ${first.sha256} of ${vcenter}?`)
        await answer(api.client.POST('/api/v1/identities/{id}/accept', { params: { path: { id: first.id } } }))
        print.note('The certificate is pinned.')
      }),
    )
}
