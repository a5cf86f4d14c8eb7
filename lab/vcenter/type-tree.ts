/** Base types of the managed types that clients may name in a specification. */
const BASES: Record<string, string[]> = {
  HostSystem: ['ManagedEntity'],
  VirtualMachine: ['ManagedEntity'],
  Datacenter: ['ManagedEntity'],
  Folder: ['ManagedEntity'],
  Datastore: ['ManagedEntity'],
  Network: ['ManagedEntity'],
  ResourcePool: ['ManagedEntity'],
  ClusterComputeResource: ['ComputeResource', 'ManagedEntity'],
  ContainerView: ['ManagedObjectView', 'View'],
  ListView: ['ManagedObjectView', 'View'],
}

/** Is `type` the wanted type or derived from it? */
export function isOfType(type: string, wanted: string): boolean {
  return type === wanted || (BASES[type]?.includes(wanted) ?? false)
}
