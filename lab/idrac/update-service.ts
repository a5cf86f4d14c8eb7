import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { pathPattern } from './route.js'
import { type Reader, sample, UPDATE } from './view.js'

/** Where multipart uploads go. */
export const MULTIPART_URI = `${UPDATE}/MultipartUpload`
export const SIMPLE_UPDATE = `${UPDATE}/Actions/UpdateService.SimpleUpdate`
export const START_UPDATE = `${UPDATE}/Actions/UpdateService.StartUpdate`
export const INSTALL = `${UPDATE}/Actions/Oem/DellUpdateService.Install`

const readUpdateService: Reader = (view) => {
  const body = sample(view, UPDATE) ?? {}
  const { Oem: oem, ...actions } = body.Actions as JsonObject
  const answer: JsonObject = {
    ...body,
    MultipartHttpPushUri: MULTIPART_URI,
    Actions: view.profile.httpPush ? { ...actions, Oem: oem ?? {} } : actions,
  }
  // QUIRK iDRAC10: staging through HttpPushUri (`Available-` rows) is gone. Source: dell/iDRAC-Redfish-Scripting DeviceFirmwareSimpleUpdateREDFISH.py.
  if (!view.profile.httpPush) delete answer.HttpPushUri
  return answer
}

export const updateServiceReaders: Resource[] = [[pathPattern(UPDATE), readUpdateService]]
