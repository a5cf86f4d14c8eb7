import type { View } from './collector-memory.js'
import type { CallContext } from './context.js'
import type { SoapCall } from './envelope.js'
import { objectExists } from './inventory.js'
import { cancelEntering } from './maintenance.js'
import { change, type Method, read, requiredText } from './method.js'
import { sessionId } from './property-collector.js'
import { serviceContent } from './service-content.js'
import { login, logout, userSession } from './sessions.js'
import { failTask, findTask } from './task-store.js'
import { array, bool, data, dateTime, reference, text } from './values.js'
import { invalidArgument, invalidState, managedObjectNotFound, requestCanceled, VimFault } from './vim-faults.js'
import { child, childBoolean, childrenNamed, childText, type XmlElement } from './xml-read.js'

/** Methods that work without a session. */
export const OPEN_METHODS = new Set(['RetrieveServiceContent', 'Login', 'RetrieveInternalContent'])

const createView = (kind: View['kind']): Method =>
  read((context, call) => {
    const session = sessionId(context, call)
    const container = child(call.args, 'container')
    const id = context.memory.newId(session)
    const view: View = { id, session, kind, types: [], recursive: false, objects: [] }
    if (kind === 'ContainerView') {
      if (!container) throw invalidArgument('container')
      view.container = { type: container.attributes.type ?? '', id: container.text.trim() }
      if (!objectExists(context, view.container.type, view.container.id)) {
        throw managedObjectNotFound(view.container.type, view.container.id)
      }
      view.types = childrenNamed(call.args, 'type').map((type) => type.text.trim())
      view.recursive = childBoolean(call.args, 'recursive') ?? false
    } else view.objects = childrenNamed(call.args, 'obj').map(objectRef)
    context.memory.views.set(id, view)
    return reference(kind, id)
  })

const objectRef = (element: XmlElement) => ({ type: element.attributes.type ?? '', id: element.text.trim() })

function viewReceiver(context: CallContext, call: SoapCall): View {
  const view = context.memory.views.get(call.receiver.id)
  if (!view || view.session !== context.session?.id) throw managedObjectNotFound(call.receiver.type, call.receiver.id)
  return view
}

const destroyView = read((context, call) => {
  context.memory.views.delete(viewReceiver(context, call).id)
  return undefined
})

type ObjectRef = View['objects'][number]

/** Puts other objects into a list view. Answers those that do not exist, which the list leaves out. */
function fillList(context: CallContext, view: View, wanted: ObjectRef[]) {
  const known = wanted.filter(({ type, id }) => objectExists(context, type, id))
  view.objects = known
  const unresolved = wanted.filter((object) => !known.includes(object))
  return array(
    'ManagedObjectReference',
    unresolved.map(({ type, id }) => reference(type, id)),
  )
}

const resetListView = read((context, call) =>
  fillList(context, viewReceiver(context, call), childrenNamed(call.args, 'obj').map(objectRef)),
)

const modifyListView = read((context, call) => {
  const view = viewReceiver(context, call)
  const same = (a: ObjectRef, b: ObjectRef) => a.type === b.type && a.id === b.id
  const removed = childrenNamed(call.args, 'remove').map(objectRef)
  const added = childrenNamed(call.args, 'add').map(objectRef)
  const kept = view.objects.filter((one) => ![...removed, ...added].some((other) => same(one, other)))
  return fillList(context, view, [...kept, ...added])
})

const cancelTask = change((context, call) => {
  const task = findTask(context.core, context.vcenter(), call.receiver.id)
  if (!task) throw managedObjectNotFound('Task', call.receiver.id)
  if (task.state !== 'running') throw invalidState()
  if (!task.cancelable) throw new VimFault('NotSupported', 'The operation is not supported on the object.')
  if (task.description_id === 'HostSystem.enterMaintenanceMode') cancelEntering(context.core, task)
  else {
    task.cancelled = true
    failTask(context.core, task, requestCanceled())
  }
  return undefined
})

/** Privileges of the lab's account: an administrator's, so everything that exists is granted. */
function hasPrivileges(call: SoapCall) {
  const privileges = childrenNamed(call.args, 'privId').map((privilege) => privilege.text.trim())
  return array(
    'EntityPrivilege',
    childrenNamed(call.args, 'entity').map((entity) =>
      data('EntityPrivilege', {
        entity: reference(objectRef(entity).type, objectRef(entity).id),
        privAvailability: array(
          'PrivilegeAvailability',
          privileges.map((privilege) =>
            data('PrivilegeAvailability', { privId: text(privilege), isGranted: bool(true) }),
          ),
        ),
      }),
    ),
  )
}

const PRIVILEGES = [
  'System.Anonymous',
  'System.View',
  'System.Read',
  'Host.Config.Maintenance',
  'Host.Config.Connection',
  'Host.Config.NetService',
  'Host.Config.Settings',
  'Host.Config.Image',
  'Host.Inventory.EditCluster',
  'Global.CancelTask',
  'Global.Settings',
  'Resource.HotMigrate',
  'Resource.ColdMigrate',
  'Resource.AssignVMToPool',
  'Datastore.Browse',
  'Datastore.FileManagement',
  'VirtualMachine.Interact.AnswerQuestion',
  'VirtualMachine.Interact.DeviceConnection',
  'VirtualMachine.Interact.PowerOff',
  'VirtualMachine.Interact.PowerOn',
  'Alarm.Acknowledge',
  'Alarm.DisableActions',
  'Sessions.ValidateSession',
]

function userPrivileges(context: CallContext, call: SoapCall) {
  requiredText(call, 'userName')
  return array(
    'UserPrivilegeResult',
    childrenNamed(call.args, 'entities').map((entity) => {
      const { type, id } = objectRef(entity)
      if (!objectExists(context, type, id)) throw managedObjectNotFound(type, id)
      return data('UserPrivilegeResult', {
        entity: reference(type, id),
        privileges: array('String', PRIVILEGES.map(text)),
      })
    }),
  )
}

/** Methods of the singletons, of tasks and of views, by managed type. */
export const SESSION_METHODS: Record<string, Record<string, Method>> = {
  ServiceInstance: {
    RetrieveServiceContent: read((context) => serviceContent(context.vcenter())),
    CurrentTime: read((context) => dateTime(context.core.clock.now())),
  },
  SessionManager: {
    Login: read((context, call) => login(context, requiredText(call, 'userName'), requiredText(call, 'password'))),
    Logout: read((context) => {
      logout(context)
      return undefined
    }),
    SessionIsActive: read((context, call) => {
      const key = requiredText(call, 'sessionID').trim()
      const user = childText(call.args, 'userName')?.trim()
      return bool(
        context.vcenter().sessions.some((session) => {
          const known = userSession(context, session).members.key
          return known?.kind === 'scalar' && known.text === key && user !== undefined
        }),
      )
    }),
  },
  ViewManager: { CreateContainerView: createView('ContainerView'), CreateListView: createView('ListView') },
  ContainerView: { DestroyView: destroyView },
  ListView: { DestroyView: destroyView, ModifyListView: modifyListView, ResetListView: resetListView },
  Task: { CancelTask: cancelTask },
  AuthorizationManager: {
    HasPrivilegeOnEntities: read((_context, call) => hasPrivileges(call)),
    HasUserPrivilegeOnEntities: read((_context, call) => hasPrivileges(call)),
    FetchUserPrivilegeOnEntities: read(userPrivileges),
  },
}
