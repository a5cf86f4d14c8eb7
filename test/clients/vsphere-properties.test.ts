import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { withContainerView } from '../../clients/vsphere/container-view.js'
import { readInventory } from '../../clients/vsphere/inventory.js'
import { moRef } from '../../clients/vsphere/mo-ref.js'
import { retrieveAll, retrievePages } from '../../clients/vsphere/property-collector.js'
import { openVsphereSession, type VsphereSession } from '../../clients/vsphere/session.js'
import { cancelTask, readTask, readTasks, waitTaskStep } from '../../clients/vsphere/task.js'
import { withUpdateWaiter } from '../../clients/vsphere/update-waiter.js'
import { textAt } from '../../clients/vsphere/xml-node.js'
import { answer, fault, type Reply, startSoapServer, type TestServer } from './vsphere-soap-server.js'

let server: TestServer
let session: VsphereSession

beforeEach(async () => {
  server = await startSoapServer()
  session = await openVsphereSession({ http: server.http, username: 'u', password: 'p' })
})
afterEach(() => server.close())

const NAMES = [{ type: 'HostSystem', paths: ['name'], optional_paths: ['runtime.newer', 'summary.tpmAttestation'] }]

const object = (type: string, moid: string, values: Record<string, string>): string =>
  `<objects><obj type="${type}">${moid}</obj>${Object.entries(values)
    .map(([name, value]) => `<propSet><name>${name}</name><val ${value}</val></propSet>`)
    .join('')}</objects>`

const host = (index: number): string =>
  object('HostSystem', `host-${index}`, { name: `xsi:type="xsd:string">h${index}` })

/** Serves `total` hosts in pages of `size`, with a token that works once. */
function servePages(total: number, size: number): void {
  const page = (method: string, from: number): Reply => {
    const to = Math.min(total, from + size)
    const items = Array.from({ length: to - from }, (_each, index) => host(from + index)).join('')
    const token = to < total ? `<token>${to}</token>` : ''
    return answer(method, token + items)
  }
  server.on.set('RetrievePropertiesEx', () => page('RetrievePropertiesEx', 0))
  server.on.set('ContinueRetrievePropertiesEx', (call) => {
    const from = Number(/<token>(\d+)</.exec(call.body)?.[1])
    return page('ContinueRetrievePropertiesEx', from)
  })
  server.on.set('CancelRetrievePropertiesEx', () => answer('CancelRetrievePropertiesEx', null))
}

describe('reading properties', () => {
  test('follows all pages and asks for 200 objects at a time', async () => {
    servePages(450, 200)
    const all = await retrieveAll(session, NAMES, { view: moRef('ContainerView', 'v-1') })
    expect(all).toHaveLength(450)
    expect(all[449]?.moid).toBe('host-449')
    expect(server.operations().slice(2)).toEqual([
      'RetrievePropertiesEx',
      'ContinueRetrievePropertiesEx',
      'ContinueRetrievePropertiesEx',
    ])
    expect(server.seen.find((each) => each.operation === 'RetrievePropertiesEx')?.body).toContain(
      '<maxObjects>200</maxObjects>',
    )
  })

  test('writes the filter in the declared order', async () => {
    servePages(1, 200)
    await retrieveAll(session, NAMES, { view: moRef('ContainerView', 'v-1') })
    expect(server.seen.at(-1)?.body).toContain(
      '<specSet><propSet><type>HostSystem</type><all>false</all><pathSet>name</pathSet><pathSet>runtime.newer</pathSet>' +
        '<pathSet>summary.tpmAttestation</pathSet></propSet><objectSet><obj type="ContainerView">v-1</obj><skip>true</skip>' +
        '<selectSet xsi:type="TraversalSpec"><name>view</name><type>ContainerView</type><path>view</path><skip>false</skip>' +
        '</selectSet></objectSet><reportMissingObjectsInResults>true</reportMissingObjectsInResults></specSet>',
    )
  })

  test('who stops early makes the server forget the rest', async () => {
    servePages(600, 200)
    for await (const page of retrievePages(session, NAMES, { view: moRef('ContainerView', 'v-1') })) {
      expect(page).toHaveLength(200)
      break
    }
    expect(server.operations().at(-1)).toBe('CancelRetrievePropertiesEx')
    expect(server.seen.at(-1)?.body).toContain('<token>200</token>')
  })

  test('leaves out optional properties that this server does not know', async () => {
    server.on.set('RetrievePropertiesEx', (call) =>
      call.body.includes('runtime.newer')
        ? fault('InvalidProperty', '', '<name>runtime.newer</name>')
        : answer('RetrievePropertiesEx', host(1)),
    )
    const all = await retrieveAll(session, NAMES, { objects: [moRef('HostSystem', 'host-1')] })
    expect(all).toHaveLength(1)
    expect(server.operations().filter((each) => each === 'RetrievePropertiesEx')).toHaveLength(2)
  })

  test('an unknown property that is needed fails', async () => {
    server.on.set('RetrievePropertiesEx', () => fault('InvalidProperty', '', '<name>name</name>'))
    await expect(retrieveAll(session, NAMES, { view: moRef('ContainerView', 'v') })).rejects.toMatchObject({
      code: 'Unsupported',
    })
  })

  test('nothing is asked for an empty list of objects', async () => {
    expect(await retrieveAll(session, NAMES, { objects: [] })).toEqual([])
    expect(server.operations()).not.toContain('RetrievePropertiesEx')
  })

  test('keeps why a property is missing', async () => {
    const missing =
      '<objects><obj type="HostSystem">host-1</obj><missingSet><path>vm</path><fault><fault xsi:type="NoPermission">' +
      '<privilegeId>System.Read</privilegeId></fault></fault></missingSet></objects>'
    server.on.set('RetrievePropertiesEx', () => answer('RetrievePropertiesEx', missing))
    const [content] = await retrieveAll(session, NAMES, { objects: [moRef('HostSystem', 'host-1')] })
    expect(content?.missing.get('vm')).toBe('NoPermission')
  })
})

describe('views', () => {
  test('a view is destroyed, also after an error', async () => {
    await expect(
      withContainerView(session, ['HostSystem'], async () => {
        throw new Error('stop')
      }),
    ).rejects.toThrow('stop')
    expect(server.operations().slice(2)).toEqual(['CreateContainerView', 'DestroyView'])
    expect(server.seen.at(-1)?.body).toContain('<_this type="ContainerView">session[1]view-1</_this>')
  })

  test('the inventory comes by page and the view is destroyed', async () => {
    servePages(250, 200)
    const sizes: number[] = []
    await readInventory(session, async (page) => {
      sizes.push(page.hosts.length)
    })
    expect(sizes).toEqual([200, 50])
    expect(server.operations().at(-1)).toBe('DestroyView')
    expect(server.seen.find((each) => each.operation === 'CreateContainerView')?.body).toContain(
      '<type>HostSystem</type><type>ClusterComputeResource</type><type>Datastore</type><recursive>true</recursive>',
    )
  })
})

const TASK_RUNNING = { 'info.state': 'xsi:type="TaskInfoState">running', 'info.progress': 'xsi:type="xsd:int">40' }

describe('waiting for updates', () => {
  const change = (version: string, kind: string, state: string): Reply =>
    answer(
      'WaitForUpdatesEx',
      `<version>${version}</version><filterSet><filter type="PropertyFilter">f-1</filter><objectSet><kind>${kind}</kind>` +
        `<obj type="Task">task-1</obj><changeSet><name>info.state</name><op>assign</op><val xsi:type="TaskInfoState">${state}` +
        '</val></changeSet></objectSet></filterSet>',
    )

  beforeEach(() => {
    server.on.set('CreatePropertyCollector', () =>
      answer('CreatePropertyCollector', 'pc-9', ' type="PropertyCollector"'),
    )
    server.on.set('CreateFilter', () => answer('CreateFilter', 'f-1', ' type="PropertyFilter"'))
    server.on.set('DestroyPropertyFilter', () => answer('DestroyPropertyFilter', null))
    server.on.set('DestroyPropertyCollector', () => answer('DestroyPropertyCollector', null))
  })

  const SETS = [{ type: 'Task', paths: ['info.state'] }]
  const OBJECTS = { objects: [moRef('Task', 'task-1')] }

  test('goes on from the version it has, keeps it when nothing changed, and cleans up', async () => {
    const replies = [
      change('1', 'enter', 'running'),
      answer('WaitForUpdatesEx', null),
      change('2', 'modify', 'success'),
    ]
    server.on.set('WaitForUpdatesEx', () => replies.shift() ?? {})
    await withUpdateWaiter(session, SETS, OBJECTS, async (waiter) => {
      const first = await waiter.next(0)
      expect(first.changes[0]).toMatchObject({ kind: 'enter', moid: 'task-1' })
      expect((await waiter.next(1)).changes).toEqual([])
      const third = await waiter.next(1)
      expect(textAt(third.changes[0]?.values.get('info.state'))).toBe('success')
    })
    const versions = server.seen.flatMap((each) => /<version>(.*?)<\/version>/.exec(each.body)?.[1] ?? [])
    expect(versions).toEqual(['', '1', '1'])
    expect(server.operations().slice(-2)).toEqual(['DestroyPropertyFilter', 'DestroyPropertyCollector'])
    expect(server.seen.filter((each) => each.operation === 'WaitForUpdatesEx')[0]?.body).toContain(
      '<_this type="PropertyCollector">pc-9</_this>',
    )
  })

  test('begins again when the server does not know the version any more', async () => {
    let calls = 0
    server.on.set('WaitForUpdatesEx', () => {
      calls += 1
      return calls === 2 ? fault('InvalidCollectorVersion', '') : change(String(calls), 'enter', 'running')
    })
    await withUpdateWaiter(session, SETS, OBJECTS, async (waiter) => {
      await waiter.next(0)
      expect((await waiter.next(1)).changes).toHaveLength(1)
    })
    expect(calls).toBe(3)
  })

  test('says when more changes follow at once', async () => {
    server.on.set('WaitForUpdatesEx', () =>
      answer('WaitForUpdatesEx', '<version>1</version><truncated>true</truncated>'),
    )
    await withUpdateWaiter(session, SETS, OBJECTS, async (waiter) => {
      expect(await waiter.next(0)).toEqual({ changes: [], truncated: true })
    })
  })

  test('a wait step on a task ends with its state', async () => {
    const states = [TASK_RUNNING, { 'info.state': 'xsi:type="TaskInfoState">success' }]
    server.on.set('RetrievePropertiesEx', () =>
      answer('RetrievePropertiesEx', object('Task', 'task-1', states.shift() ?? {})),
    )
    const replies = [change('1', 'enter', 'running'), change('2', 'modify', 'success')]
    server.on.set('WaitForUpdatesEx', () => replies.shift() ?? {})
    expect(await waitTaskStep(session, 'task-1', 2_000)).toMatchObject({ state: 'success' })
    expect(server.seen.filter((each) => each.operation === 'WaitForUpdatesEx')[1]?.body).toContain(
      '<maxWaitSeconds>2</maxWaitSeconds>',
    )
  })
})

describe('tasks', () => {
  test('reads several at once; one that vCenter forgot is vanished', async () => {
    const gone = object('Task', 'task-1', {
      ...TASK_RUNNING,
      'info.descriptionId': 'xsi:type="xsd:string">HostSystem.enterMaintenanceMode',
      'info.entity': 'type="HostSystem" xsi:type="ManagedObjectReference">host-1',
      'info.cancelable': 'xsi:type="xsd:boolean">true',
    })
    server.on.set('RetrievePropertiesEx', () => answer('RetrievePropertiesEx', gone))
    const [first, second] = await readTasks(session, ['task-1', 'task-2'])
    expect(first).toMatchObject({
      state: 'running',
      progress: 40,
      cancelable: true,
      entity_moid: 'host-1',
      description_id: 'HostSystem.enterMaintenanceMode',
    })
    expect(second).toMatchObject({ moid: 'task-2', state: 'vanished', error: null })
  })

  test('a server that faults on a dead task means vanished too', async () => {
    server.on.set('RetrievePropertiesEx', () => fault('ManagedObjectNotFound', '', '<obj type="Task">task-1</obj>'))
    expect(await readTask(session, 'task-1')).toMatchObject({ state: 'vanished' })
  })

  test.each([
    ['HostSystem.enterMaintenanceMode', 'EvacuationTimeout'],
    ['HostSystem.exitMaintenanceMode', 'StepTimeout'],
  ])('an expired %s means %s', async (description, code) => {
    const content = object('Task', 'task-1', {
      'info.state': 'xsi:type="TaskInfoState">error',
      'info.descriptionId': `xsi:type="xsd:string">${description}`,
      'info.error':
        'xsi:type="LocalizedMethodFault"><fault xsi:type="Timedout"/><localizedMessage>Operation timed out.</localizedMessage>',
    })
    server.on.set('RetrievePropertiesEx', () => answer('RetrievePropertiesEx', content))
    expect((await readTask(session, 'task-1')).error).toMatchObject({ fault: 'Timedout', code })
  })

  test.each([
    ['InvalidState', 'already_ended'],
    ['NotSupported', 'not_cancelable'],
    ['ManagedObjectNotFound', 'vanished'],
  ])('cancelling answered with %s is %s, not an error', async (name, outcome) => {
    server.on.set('CancelTask', () => fault(name, 'x'))
    expect(await cancelTask(session, 'task-1')).toBe(outcome)
  })

  test('cancelling without the privilege is an error', async () => {
    server.on.set('CancelTask', () => fault('NoPermission', 'x', '<privilegeId>Global.CancelTask</privilegeId>'))
    await expect(cancelTask(session, 'task-1')).rejects.toMatchObject({
      code: 'PermissionMissing',
      facts: { data: { missing_privileges: ['Global.CancelTask'] } },
    })
  })
})
