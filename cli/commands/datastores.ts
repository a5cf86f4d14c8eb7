import type { Command } from 'commander'
import { type Context, run } from '../context.js'
import type { ExitCode } from '../exit-codes.js'
import { type Job, postOrder } from '../jobs/order.js'
import { printVerdict, verdictCode } from '../jobs/verdict.js'
import { followJob } from '../jobs/watch.js'
import { idOf } from '../names.js'
import { printList } from '../output/table.js'
import { collect } from './list-verb.js'
import { type OrderFlags, orderFlags } from './order-flags.js'

const DATASTORE_HELP = `
Example:
  dsm datastores browse vcenter-01 Depots --path esxi --recursive --pattern '*.zip'`

interface BrowseFlags extends OrderFlags {
  path?: string
  pattern?: string[]
  recursive?: boolean
}

/** `datastores`: files that hosts see, as ESXi depots. */
export function addDatastores(program: Command): void {
  const datastores = program.command('datastores').description('Files on datastores')
  orderFlags(datastores.command('browse <vcenter> <datastore>'), { waits: true })
    .description('Lists files of a datastore, with the path that --depot takes')
    .option('--path <folder>', 'folder inside the datastore')
    .option('--pattern <pattern>', "names to look for, * and ? stand for any; default '*.zip' and '*.iso'", collect)
    .option('--recursive', 'also in the folders below')
    .addHelpText('after', DATASTORE_HELP)
    .action(
      run(async (context, vcenter: string, datastore: string, flags: BrowseFlags) => {
        const details = {
          vcenter_id: await idOf(context.api, 'vcenter', vcenter),
          datastore,
          ...(flags.path === undefined ? {} : { path: flags.path }),
          ...(flags.pattern ? { patterns: flags.pattern } : {}),
          ...(flags.recursive ? { recursive: true } : {}),
        }
        const { id } = await postOrder(context.api, await flags.order(context, 'browse_datastore', {}, details))
        const job = await followJob(context.api, id, flags, () => undefined, context.print.note)
        return showListing(context, job)
      }),
    )
}

interface ListedFile {
  host_path: string
  size_bytes?: number | null
  modified_at?: string | null
}

function showListing({ print }: Context, job: Job): ExitCode {
  if (job.status !== 'completed' || print.json) {
    if (print.json) print.body(job)
    else printVerdict(print, job)
    return verdictCode(job)
  }
  printList(
    print,
    [
      ['PATH', (file) => file.host_path],
      ['BYTES', (file) => file.size_bytes],
      ['CHANGED', (file) => file.modified_at],
    ],
    (job.result?.files ?? []) as ListedFile[],
  )
  if (job.result?.truncated) print.note('There are more; narrow it with --pattern or --path.')
  return verdictCode(job)
}
