import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import { type Api, answer, authorization, refusalOf } from '../api/client.js'
import { readText, sendHttp } from '../api/http.js'
import type { components } from '../api/schema.js'
import { confirm } from '../ask.js'
import { run } from '../context.js'
import { usage } from '../exit-codes.js'
import { orderJob } from '../jobs/order.js'
import { idOf } from '../names.js'
import { addList } from './list-verb.js'
import { type OrderFlags, orderFlags } from './order-flags.js'

type Kind = 'iso' | 'img' | 'firmware' | 'esxi_depot' | 'catalog'
const SILENCE_MS = 30 * 60_000

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
      const { upload_id, size_bytes } = await sendFile(context.api, file)
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

/** Streams a file to the store. @throws {Refusal} */
async function sendFile(api: Api, file: string): Promise<components['schemas']['Upload']> {
  const size = sizeOf(file)
  const url = `${api.server}/api/v1/uploads/${encodeURIComponent(basename(file))}`
  const headers = {
    accept: 'application/json',
    'content-type': 'application/octet-stream',
    'content-length': String(size),
    ...authorization(api.token),
  }
  const body = createReadStream(file)
  const got = await sendHttp({ method: 'PUT', url, headers, body, ca: api.ca, silence_ms: SILENCE_MS })
  const text = await readText(got, url)
  const answered: unknown = text.startsWith('{') ? JSON.parse(text) : text
  if (got.statusCode !== 201) throw refusalOf(got.statusCode ?? 500, answered)
  return answered as components['schemas']['Upload']
}

function sizeOf(file: string): number {
  try {
    const found = statSync(file)
    if (found.isFile()) return found.size
  } catch (error) {
    throw usage(`The file cannot be read: ${(error as Error).message}`)
  }
  throw usage(`${file} is no file`)
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
