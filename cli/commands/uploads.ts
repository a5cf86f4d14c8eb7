import { type Stats, statSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { answer } from '../api/client.js'
import { sendResumably } from '../api/resumable-upload.js'
import { confirm } from '../ask.js'
import { type Context, run } from '../context.js'
import { INTERRUPTED, usage } from '../exit-codes.js'
import { orderJob } from '../jobs/order.js'
import { keptUploads } from '../kept-uploads.js'
import { idOf } from '../names.js'
import type { Printer } from '../output/print.js'
import { addList } from './list-verb.js'
import { type OrderFlags, orderFlags } from './order-flags.js'

type Kind = 'iso' | 'img' | 'firmware' | 'esxi_depot' | 'catalog'

/** Adds the verb `upload`: a file goes to the store and a job takes it in. */
export function addUpload(group: Command, kind: Kind | null, summary: string, verb = 'upload'): void {
  const command = orderFlags(group.command(`${verb} <file>`))
    .description(summary)
    .option('--name <name>', 'shown name; default the name of the file')
    .option('--replace', 'same name, other content: this one becomes the current one')
  if (kind === null)
    command.addOption(new Option('--kind <kind>', 'default: from the content').choices(['iso', 'img', 'esxi_depot']))
  command.action(
    run(async (context, file: string, flags: OrderFlags & { name?: string; replace?: boolean; kind?: Kind }) => {
      const { upload_id, size_bytes } = await sendFile(context, file)
      context.print.note(`${size_bytes} bytes sent; a job takes the file in.`)
      const as = flags.kind ?? kind
      const details = {
        upload_id,
        ...(as ? { kind: as } : {}),
        ...(flags.name ? { name: flags.name } : {}),
        ...(flags.replace ? { replace: true } : {}),
      }
      return orderJob(context, await flags.order(context, 'iso_upload', {}, details), flags)
    }),
  )
}

/** Sends a file to the store; after a Ctrl-C the same command goes on where it was. @throws {Refusal} */
async function sendFile({ api, print, login_file }: Context, path: string) {
  const file = statOf(path)
  const kept = keptUploads(login_file, api.server, path, file)
  const begun = kept.find()
  let sent = 0
  let told = begun === undefined
  const onInterrupt = () => {
    print.note(`\nStopped at ${sent} of ${file.size} bytes; the same command goes on from there.`)
    process.exit(INTERRUPTED)
  }
  process.once('SIGINT', onInterrupt)
  const upload_id = await sendResumably(api, {
    path,
    size_bytes: file.size,
    begun,
    note: print.note,
    onBegin: (id) => {
      told = true
      kept.keep(id)
    },
    onProgress: (bytes) => {
      if (!told) print.note(`Goes on at ${bytes} of ${file.size} bytes.`)
      told = true
      if (bytes !== sent) showProgress(print, bytes, file.size)
      sent = bytes
    },
  })
  process.off('SIGINT', onInterrupt)
  kept.forget()
  return { upload_id, size_bytes: file.size }
}

/** Percent on a terminal, drawn over itself. */
function showProgress(print: Printer, bytes: number, of: number): void {
  if (!process.stderr.isTTY || print.quiet) return
  process.stderr.write(`\r${Math.floor((100 * bytes) / of)} %${bytes === of ? '\n' : ''}`)
}

function statOf(path: string): Stats {
  const found = look(path)
  if (!found.isFile()) throw usage(`${path} is no file`)
  if (found.size === 0) throw usage(`${path} is empty`)
  return found
}

function look(path: string): Stats {
  try {
    return statSync(path)
  } catch (error) {
    throw usage(`The file cannot be read: ${(error as Error).message}`)
  }
}

/** `iso`: images and depots in the store. */
export function addImages(program: Command): void {
  const images = program.command('iso').description('Images and ESXi depots in the store')
  addList(images, {
    path: '/api/v1/iso-images',
    summary: 'Images and depots',
    filters: 'kind',
    columns: [
      ['NAME', (image) => image.name],
      ['KIND', (image) => image.kind],
      ['BYTES', (image) => image.size_bytes],
      ['SOURCE', (image) => image.source_type],
      ['STATUS', (image) => image.status],
      ['MOUNTED', (image) => image.mounted_count],
    ],
  })
  addUpload(images, null, 'Takes an image or an ESXi depot into the store')
  orderFlags(images.command('register <url>'))
    .description('Takes an image into the store that lies at an address')
    .action(
      run(async (context, url: string, flags: OrderFlags) =>
        orderJob(context, await flags.order(context, 'register_iso_url', {}, { url }), flags),
      ),
    )
  orderFlags(images.command('scan'))
    .description('Looks for images that were laid into the folder of the store')
    .action(
      run(async (context, flags: OrderFlags) =>
        orderJob(context, await flags.order(context, 'scan_local_isos', {}, {}), flags),
      ),
    )
  images
    .command('delete <image>')
    .description('Takes an image out of the store; refused while it is mounted')
    .action(
      run(async ({ api, print, yes }, image: string) => {
        const id = await idOf(api, 'image', image)
        await confirm(yes, `Delete ${image}?`)
        await answer(api.client.DELETE('/api/v1/iso-images/{id}', { params: { path: { id } } }))
        print.note('The image is deleted.')
      }),
    )
}
