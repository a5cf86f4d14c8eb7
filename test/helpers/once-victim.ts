import { openDatabase } from '../../db/connect.js'
import { holdWorkerPresence } from '../../db/worker-presence.js'
import { type Points, runOnce, uploadSpec } from './once-device.js'

/**
 * A worker process that kills itself with SIGKILL at one point of one operation, or hangs there.
 * Arguments: database address, job id, fencing token, point.
 */
const [url = '', job_id = '', token = '', point = ''] = process.argv.slice(2)
const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('SIGKILL did not end this process')
}

const database = openDatabase({ url, application_name: 'victim' })
const presence = await holdWorkerPresence(url, 'victim')
const points: Points = {
  ...(point === 'before the intent' ? { before: die } : {}),
  ...(point === 'before the effect' ? { beforeEffect: die } : {}),
  ...(point === 'after the effect' ? { afterEffect: die } : {}),
  ...(point === 'never: it hangs after the effect' ? { afterEffect: () => new Promise<void>(() => {}) } : {}),
}
let sent = false
const spec = uploadSpec(database.db, job_id, Number(token), 'victim', points)
const { send } = spec
spec.send = async (operation) => {
  const ref = await send(operation)
  sent = true
  return ref
}
// The sign of life is asked for between the intent and the mark "sent".
const watched = { ...presence, isHeld: () => (point === 'after the intent' ? die() : presence.isHeld()) }
// The first write after the send is the one that settles the row.
const db = new Proxy(database.db, {
  get(target, key, receiver) {
    if (key === 'update' && sent && point === 'after the answer') die()
    return Reflect.get(target, key, receiver)
  },
})
const answer = await runOnce(db, watched, spec)
if (point === 'after the row') die()
console.log(JSON.stringify(answer))
await presence.close()
await database.close()
