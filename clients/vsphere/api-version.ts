import { DeviceError } from '../errors.js'
import { readXml } from './soap-reader.js'
import { children, type SoapNode, textAt } from './xml-node.js'

/** Versions whose answers this client was written for, best first. An older one only hides newer properties. */
const PREFERRED_VIM: readonly string[] = [
  '8.0.2.0',
  '8.0.1.0',
  '8.0.0.0',
  '7.0.3.0',
  '7.0.0.0',
  '6.7.3',
  '6.7.2',
  '6.7.1',
  '6.7',
  '6.5',
]

function offeredVersions(root: SoapNode, namespace: string): string[] {
  const found = children(root, 'namespace').find((each) => textAt(each, 'name') === namespace)
  const prior = found?.children.find((each) => each.name === 'priorVersions')
  const versions = [textAt(found, 'version'), ...children(prior, 'version').map((each) => textAt(each))]
  return versions.filter((each): each is string => each !== null)
}

/**
 * Chooses the version of the `urn:vim25` API from the server's `vimServiceVersions.xml`: the first of our list that the
 * server speaks now or spoke before (a version that it does not know is a hard error there).
 * @throws DeviceError `Unsupported` when no version is common.
 */
export function chooseVimVersion(document: string): string {
  const offered = offeredVersions(readXml(document), 'urn:vim25')
  const chosen = PREFERRED_VIM.find((each) => offered.includes(each))
  if (chosen !== undefined) return chosen
  throw new DeviceError('Unsupported', 'The server speaks no version of the vSphere API that is known here', {
    sent: true,
    answered: true,
    data: { offered: offered.slice(0, 20) },
  })
}

/** Newest version of `urn:vsan` in `vsanServiceVersions.xml`; `null` when it names none. */
export function chooseVsanVersion(document: string): string | null {
  return offeredVersions(readXml(document), 'urn:vsan')[0] ?? null
}
