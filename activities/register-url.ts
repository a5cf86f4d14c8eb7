import { createHash } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cancellationSignal, cancelled } from '@temporalio/activity'
import { askWebFile, readWebFile, type WebDownload, type WebPlace } from '../clients/web/web-file.js'
import { newId } from '../db/new-id.js'
import { completeUpload, deleteUpload, findUrlImage, insertUrlImage, reserveUpload } from '../db/stores/media.js'
import { cleanFileName } from '../domain/file-name.js'
import { checkRoom } from '../domain/storage-room.js'
import { blocker } from '../domain/verdict.js'
import type { MediaActivities, RegisteredUrl, TakenUpload } from './contracts/media.js'
import type { Deps } from './deps.js'
import { Refused, StepFailed } from './failures.js'
import { storageFacts } from './storage-facts.js'
import { judgeUrl } from './url-source.js'

type Input = Parameters<MediaActivities['registerUrl']>[0]

const KEEP_MS = 24 * 3_600_000

/** Judges the address, asks the server about the file, and writes a row, or copies the file into the store. */
export async function registerUrl(
  deps: Deps,
  input: Input,
  take: (upload_id: string) => Promise<TakenUpload>,
): Promise<RegisteredUrl> {
  const place = await judgeUrl(deps, input.url)
  const { size_bytes, accepts_ranges } = await askWebFile(place)
  const facts = { size_bytes, accepts_ranges, url_host: place.url.host }
  const ranges_missing = accepts_ranges
    ? []
    : [
        blocker(
          'Unsupported',
          'The server gives no parts of files: virtual media reads at random and will not work well.',
        ),
      ]
  if (input.dry_run) return { ...facts, outcome: 'answered', iso_image_id: null, warnings: ranges_missing }
  if (input.download) {
    const taken = await download(deps, place, input, size_bytes, take)
    return {
      ...facts,
      outcome: taken.outcome,
      iso_image_id: taken.record_id,
      size_bytes: taken.size_bytes,
      warnings: [],
    }
  }
  const known = await findUrlImage(deps.db, place.url.href)
  const image =
    known ??
    (await insertUrlImage(deps.db, {
      name: input.name ?? nameOf(place.url),
      filename: nameOf(place.url),
      kind: input.kind === 'img' ? 'img' : 'iso',
      source_url: place.url.href,
      size_bytes,
      accepts_ranges,
      uploaded_by: input.requested_by,
    }))
  return { ...facts, outcome: known ? 'unchanged' : 'changed', iso_image_id: image.id, warnings: ranges_missing }
}

const nameOf = (url: URL): string => {
  const last = url.pathname.split('/').at(-1) ?? ''
  try {
    return cleanFileName(decodeURIComponent(last))
  } catch {
    return cleanFileName(last)
  }
}

/** As an upload of whoever asked: reserved, streamed, hashed; then it goes the way of every upload. */
async function download(
  deps: Deps,
  place: WebPlace,
  input: Input,
  announced: number | null,
  take: (upload_id: string) => Promise<TakenUpload>,
): Promise<TakenUpload> {
  const facts = await storageFacts(deps)
  // A server that does not say how much comes is held to what one file may have.
  const room = checkRoom(announced ?? 0, facts)
  if (room) throw new Refused([room])
  const most = announced ?? Math.min(facts.max_file_bytes, facts.quota_bytes - facts.used_bytes)
  const storage_name = newId()
  const upload = await reserveUpload(
    deps.db,
    {
      user_id: input.requested_by ?? newId(),
      filename: nameOf(place.url),
      size_bytes: most,
      storage_name,
      expires_at: new Date(Date.now() + KEEP_MS).toISOString(),
    },
    facts.quota_bytes,
  )
  if (!upload) throw new StepFailed('StorageFull', 'Other uploads have taken the room of the media store meanwhile.')
  const folder = join(deps.media.iso_directory, 'uploads')
  await mkdir(folder, { recursive: true })
  const path = join(folder, storage_name)
  const signal = cancellationSignal()
  try {
    const got = await readWebFile(place, (body) => receive(body, path, most), signal)
    await completeUpload(deps.db, upload.id, got.sha256, got.size_bytes)
    return await take(upload.id)
  } catch (thrown) {
    // What a cancel broke off is a cancel, whatever the connection calls it.
    if (signal.aborted) await cancelled()
    throw thrown
  } finally {
    await rm(path, { force: true })
    await deleteUpload(deps.db, upload.id)
  }
}

async function receive({ bytes, size_bytes: announced }: WebDownload, path: string, most: number) {
  const hash = createHash('sha256')
  const file = await open(path, 'wx', 0o640)
  let size_bytes = 0
  try {
    for await (const chunk of bytes) {
      size_bytes += chunk.length
      if (size_bytes > most)
        throw new StepFailed('StorageFull', `More than the ${most} bytes came for which there is room.`)
      hash.update(chunk)
      await file.writeFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  if (announced !== null && announced !== size_bytes)
    throw new StepFailed('UrlUnreachable', `${size_bytes} of ${announced} bytes came.`)
  return { sha256: hash.digest('hex'), size_bytes }
}
