import { moRef } from './mo-ref.js'
import { property } from './object-content.js'
import { retrieveAll } from './property-collector.js'
import type { CallOptions, VsphereSession } from './session.js'
import { textAt } from './xml-node.js'

/** Names of alarms by id, in one request. Alarms that are gone are missing in the answer. @throws DeviceError */
export async function readAlarmNames(
  session: VsphereSession,
  alarmMoids: readonly string[],
  options: CallOptions = {},
): Promise<Map<string, string>> {
  const objects = [...new Set(alarmMoids)].map((moid) => moRef('Alarm', moid))
  const contents = await retrieveAll(session, [{ type: 'Alarm', paths: ['info.name'] }], { objects }, options)
  return new Map(contents.map((each) => [each.moid, textAt(property(each, 'info.name')) ?? each.moid]))
}
