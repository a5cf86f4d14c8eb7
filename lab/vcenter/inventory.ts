import { clusterProperties } from './cluster-properties.js'
import type { CallContext } from './context.js'
import { datastoreProperties } from './datastore-properties.js'
import {
  datacenterProperties,
  folderProperties,
  networkProperties,
  resourcePoolProperties,
} from './folder-properties.js'
import { hostProperties } from './host-properties.js'
import { hostNetwork, hostServices } from './host-runtime.js'
import * as ids from './object-ids.js'
import type { PropertyTable } from './property-path.js'
import { SINGLETONS, serviceContent } from './service-content.js'
import { userSession } from './sessions.js'
import { recentTasksOf, taskInfo } from './task-list.js'
import { findTask, taskResult } from './task-store.js'
import { array, bool, data, dateTime, int, named, reference, references, text } from './values.js'
import { viewObjects } from './views.js'
import { vmProperties } from './vm-properties.js'

type Finder = (context: CallContext, id: string) => PropertyTable | undefined

/** The properties of a managed object; undefined where there is no such object (any more). */
export function propertiesOf(context: CallContext, type: string, id: string): PropertyTable | undefined {
  return FINDERS[type]?.(context, id)
}

const FINDERS: Record<string, Finder> = {
  HostSystem: (context, id) => {
    const host = context.core.find.hostByMoid(context.name, id)
    return host && hostProperties(context.core, host)
  },
  ClusterComputeResource: (context, id) => {
    const cluster = clusterByMoid(context, id)
    return cluster && clusterProperties(context.core, cluster)
  },
  VirtualMachine: (context, id) => {
    const vm = context.core.find.vmByMoid(context.name, id)
    return vm && vmProperties(context.core, vm)
  },
  Datastore: (context, id) => {
    const datastore = datastoreByMoid(context, id)
    return datastore && datastoreProperties(context.core, datastore)
  },
  Datacenter: (context, id) =>
    id === context.vcenter().datacenter.moid ? datacenterProperties(context.core, context.vcenter()) : undefined,
  Folder: (context, id) => folderProperties(context.core, context.vcenter(), id),
  Network: (context, id) => (id === ids.VM_NETWORK ? networkProperties(context.core, context.vcenter()) : undefined),
  ResourcePool: (context, id) => {
    const cluster = context.core.state.clusters.find(
      (one) => one.vcenter === context.name && one.resource_pool_moid === id,
    )
    return cluster && resourcePoolProperties(context.core, cluster)
  },
  Task: (context, id) => {
    const task = findTask(context.core, context.vcenter(), id)
    return task && { info: () => taskInfo(task, taskResult(task)) }
  },
  ContainerView: (context, id) => viewProperties(context, id),
  ListView: (context, id) => viewProperties(context, id),
  ServiceInstance: (context, id) =>
    id === 'ServiceInstance'
      ? {
          content: () => serviceContent(context.vcenter()),
          serverClock: () => dateTime(context.core.clock.now()),
          capability: () => undefined,
        }
      : undefined,
  SessionManager: (context, id) =>
    id === 'SessionManager'
      ? {
          currentSession: () => (context.session ? userSession(context, context.session) : undefined),
          sessionList: () =>
            array(
              'UserSession',
              context.vcenter().sessions.map((session) => userSession(context, session)),
            ),
          message: () => text(''),
          messageLocaleList: () => array('String', [text('en')]),
          supportedLocaleList: () => array('String', [text('en')]),
          defaultLocale: () => text('en'),
        }
      : undefined,
  TaskManager: (context) => ({
    recentTask: () =>
      references(
        'Task',
        context
          .vcenter()
          .tasks.slice(-50)
          .map((task) => task.id),
      ),
    description: () => undefined,
    maxCollector: () => int(32),
  }),
  AuthorizationManager: () => ({
    privilegeList: () => undefined,
    roleList: () => undefined,
    description: () => undefined,
  }),
  EventManager: () => ({ description: () => undefined, latestEvent: () => undefined, maxCollector: () => int(32) }),
  ViewManager: (context) => ({
    viewList: () =>
      array(
        'ManagedObjectReference',
        [...context.memory.views.values()]
          .filter((view) => view.session === context.session?.id)
          .map((view) => reference(view.kind, view.id)),
      ),
  }),
  HostServiceSystem: (context, id) => {
    const host = hostOfManager(context, id)
    return host && { serviceInfo: () => data('HostServiceInfo', { service: array('HostService', hostServices(host)) }) }
  },
  HostNetworkSystem: (context, id) => {
    const host = hostOfManager(context, id)
    return host && { networkInfo: () => hostNetwork(host), networkConfig: () => undefined }
  },
  Alarm: (context, id) => alarmProperties(context, id),
  HostDatastoreBrowser: (context, id) => {
    const datastore = datastoreByMoid(context, id.replace(/^datastoreBrowser-/, ''))
    return (
      datastore && {
        datastore: () => references('Datastore', [datastore.moid]),
        supportedType: () => undefined,
      }
    )
  },
}

/** The host that a per-host manager such as `serviceSystem-21` belongs to. */
export function hostOfManager(context: CallContext, managerId: string) {
  const number = managerId.replace(/^\D+-?/, '')
  return context.core.state.hosts.find((host) => host.vcenter === context.name && ids.hostNumber(host) === number)
}

/** The cluster of that moid. */
export function clusterByMoid(context: CallContext, moid: string) {
  return context.core.state.clusters.find((cluster) => cluster.vcenter === context.name && cluster.moid === moid)
}

/** The datastore of that moid. */
export function datastoreByMoid(context: CallContext, moid: string) {
  return context.core.state.datastores.find((one) => one.vcenter === context.name && one.moid === moid)
}

/** Does this object exist, of whatever type? */
export function objectExists(context: CallContext, type: string, id: string): boolean {
  return (
    Object.values(SINGLETONS).some((one) => one.type === type && one.id === id) ||
    propertiesOf(context, type, id) !== undefined
  )
}

/** Ids of tasks of an object, newest first; for callers that have no property table. */
export const tasksOf = (context: CallContext, moid: string): string[] =>
  recentTasksOf(context.core, context.vcenter(), moid)

function viewProperties(context: CallContext, id: string): PropertyTable | undefined {
  const view = context.memory.views.get(id)
  if (!view || view.session !== context.session?.id) return undefined
  return {
    view: () =>
      array(
        'ManagedObjectReference',
        viewObjects(context, view).map((one) => reference(one.type, one.id)),
      ),
    container: () => view.container && reference(view.container.type, view.container.id),
    type: () => array('String', view.types.map(text)),
    recursive: () => bool(view.recursive),
  }
}

function alarmProperties(context: CallContext, id: string): PropertyTable | undefined {
  const host = context.core.state.hosts.find(
    (one) => one.vcenter === context.name && one.alarms.some((alarm) => alarm.moid === id),
  )
  const alarm = host?.alarms.find((one) => one.moid === id)
  if (!alarm) return undefined
  return {
    info: () =>
      data('AlarmInfo', {
        name: text(alarm.name),
        systemName: undefined,
        description: text(alarm.name),
        enabled: bool(true),
        expression: undefined,
        action: undefined,
        actionFrequency: int(0),
        setting: undefined,
        key: text(''),
        alarm: reference('Alarm', id),
        entity: reference('Folder', ids.ROOT_FOLDER),
        lastModifiedTime: dateTime(0),
        lastModifiedUser: text('VSPHERE.LOCAL\\vpxd'),
        creationEventId: int(0),
      }),
    overallStatus: () => named('ManagedEntityStatus', alarm.status),
  }
}
