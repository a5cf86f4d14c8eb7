import { and, eq, notInArray, sql } from 'drizzle-orm'
import { type Db, lockText } from '../connect.js'
import { newId } from '../new-id.js'
import { uploadSlots } from '../schema/ledger.js'
import { workerLives } from '../worker-presence.js'

export interface SlotRequest {
  site: string
  worker_id: string
  limit: number
  /** Slots that this process knows it holds: others under its name are left over from an answer that was lost. */
  known: readonly string[]
}

/** Takes one of the uploads that a site may have under way at once; null when all are taken. Those of dead workers are freed. */
export async function takeUploadSlot(db: Db, { site, worker_id, limit, known }: SlotRequest): Promise<string | null> {
  return db.transaction(async (tx) => {
    await lockText(tx, `uploads ${site}`)
    await tx.delete(uploadSlots).where(sql`not ${workerLives(uploadSlots.worker_id)}`)
    await tx
      .delete(uploadSlots)
      .where(
        and(
          eq(uploadSlots.worker_id, worker_id),
          known.length > 0 ? notInArray(uploadSlots.id, [...known]) : undefined,
        ),
      )
    const taken = await tx.$count(uploadSlots, eq(uploadSlots.site, site))
    if (taken >= limit) return null
    const id = newId()
    await tx.insert(uploadSlots).values({ id, site, worker_id })
    return id
  })
}

export async function freeUploadSlot(db: Db, id: string): Promise<void> {
  await db.delete(uploadSlots).where(eq(uploadSlots.id, id))
}
