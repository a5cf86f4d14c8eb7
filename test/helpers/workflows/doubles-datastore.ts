import type { DatastoreActivities } from '../../../activities/contracts/datastore.js'

/** A datastore with one depot. */
export function datastoreDoubles(): DatastoreActivities {
  return {
    browseDatastore: async ({ datastore }) => ({
      datastore: { moid: 'datastore-1', name: datastore, type: 'VMFS', capacity_bytes: 100 },
      files: [
        {
          name: 'a.zip',
          folder: `[${datastore}]`,
          path: `[${datastore}] a.zip`,
          host_path: `/vmfs/volumes/${datastore}/a.zip`,
          size_bytes: 10,
          modified_at: null,
          kind: 'zip',
        },
      ],
      truncated: false,
      free_bytes: 50,
      hosts_mounting: [{ host_id: 'h1', name: 'esx-1' }],
    }),
  }
}
