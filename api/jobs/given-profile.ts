import type { Db } from '../../db/connect.js'
import type { JobTarget } from '../../db/schema/jobs.js'
import type { Caller } from '../../db/stores/callers.js'
import { getScpBackup, keepScpBackup } from '../../db/stores/scp-backups.js'
import { getServers } from '../../db/stores/servers.js'
import { profileHead } from '../../domain/profile-content.js'
import { Problem } from '../errors.js'
import type { Services } from '../services.js'

type Details = Record<string, unknown>

/** A profile that an order names must be there, and one that it brings must look like one. @throws {Problem} */
export async function checkGivenProfile(db: Db, details: Details): Promise<void> {
  const { scp_backup_id: id, content } = details
  if (typeof id === 'string' && !(await getScpBackup(db, id)))
    throw new Problem('UnknownTarget', 'The profile named does not exist. List /scp-backups.', {
      errors: [{ pointer: '/details/scp_backup_id', detail: `${id} is unknown` }],
    })
  if (typeof content === 'string' && !profileHead(content))
    throw new Problem('ScpInvalid', 'The content is no Server Configuration Profile in XML or JSON as plain text.', {
      errors: [{ pointer: '/details/content', detail: 'its root must be SystemConfiguration, without a DOCTYPE' }],
    })
}

/**
 * Keeps a profile that came with an order, sealed, in the transaction of the job; the job holds only its id. It belongs to
 * the target whose service tag it names, else to the first.
 */
export async function keepGivenProfile(
  services: Services,
  tx: Db,
  details: Details,
  job: { id: string; targets: JobTarget[] },
  user: Caller,
): Promise<Details> {
  const { content, ...rest } = details
  if (typeof content !== 'string') return details
  const head = profileHead(content)
  const servers = await getServers(
    tx,
    job.targets.map((target) => target.id),
  )
  const owner = servers.find((server) => server.service_tag === head?.service_tag?.toUpperCase()) ?? servers[0]
  if (!head || !owner) throw new Problem('EmptyTarget', 'The profile belongs to no server that is there.')
  const { id } = await keepScpBackup(tx, services.keys(), {
    server_id: owner.id,
    name: `Given with a job ${new Date().toISOString().slice(0, 10)}`,
    components: ['ALL'],
    content,
    kind: 'uploaded',
    job_id: job.id,
    created_by: user.user_id,
    ...head,
  })
  return { ...rest, scp_backup_id: id }
}
