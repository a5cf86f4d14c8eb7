import { core } from '../lib/proxies.js'

/** More rounds than a day's rows need; what is left then goes the next day. */
const MOST_ROUNDS = 400

/** Internal, on a daily schedule: deletes what has been kept for as long as the settings say, a batch of each kind at a time. */
export async function cleanUp() {
  const deleted: Record<string, number> = {}
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const answer = await core.deleteOldRows({})
    for (const [what, rows] of Object.entries(answer.deleted)) deleted[what] = (deleted[what] ?? 0) + rows
    if (!answer.more) break
  }
  await core.noteCleanUp({ deleted })
  return { deleted }
}
