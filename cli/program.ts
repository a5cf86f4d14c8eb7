import { Command } from 'commander'
import { addAccess } from './commands/access.js'
import { addCompletion } from './commands/completion.js'
import { addCredentials, addIdentities } from './commands/credentials.js'
import { addDatastores } from './commands/datastores.js'
import { addDevices } from './commands/devices.js'
import { addDirectory } from './commands/directory.js'
import { addDoctor } from './commands/doctor.js'
import { addFindings } from './commands/findings.js'
import { addJobs } from './commands/jobs.js'
import { addOperation } from './commands/operation.js'
import { addBios, addProfiles } from './commands/profiles.js'
import { addGroups, addServers } from './commands/servers.js'
import { addShortcuts } from './commands/shortcuts.js'
import { addCatalogs, addEsxi, addFirmware, addRolling } from './commands/updates.js'
import { addImages } from './commands/uploads.js'
import { addClusters, addHosts, addVcenters } from './commands/vsphere.js'

const HELP = `
The product is found through --server, DSM_SERVER, the last dsm login, else http://127.0.0.1:8080.
A token comes from --token, DSM_TOKEN or dsm login. Names, service tags and addresses may stand for ids.

Exit codes: 0 done, 1 error, 2 usage, 3 job failed, 4 job cancelled, 5 not allowed, 6 not reachable or timed out,
7 done, but attention is open, 8 a check or dry run says no.

Examples:
  dsm login https://dsm.example
  dsm servers list health_status=Critical
  dsm jobs create health_check --target group=lab --wait
  dsm rolling plan Prod-A --depot /vmfs/volumes/Depots/ESXi-8.0U3.zip`

/** All commands. */
export function createProgram(): Command {
  const program = new Command('dsm')
    .description('Command line client of Dell Server Manager')
    .option('--server <url>', 'the product to talk to')
    .option('--token <token>', 'API token; DSM_TOKEN is the better place')
    .option('--ca <file>', 'further certificate authority to trust')
    .option('--json', "the API's own answer, for scripts")
    .option('--quiet', 'results only')
    .option('-y, --yes', 'do not ask before what cannot be taken back')
    .addHelpText('after', HELP)
    .showSuggestionAfterError()
    .showHelpAfterError('(--help lists what there is)')
    .exitOverride()
  addAccess(program)
  addServers(program)
  addGroups(program)
  addFindings(program)
  addHosts(program)
  addClusters(program)
  addVcenters(program)
  addDatastores(program)
  addCredentials(program)
  addIdentities(program)
  addJobs(program)
  addShortcuts(program)
  addDevices(program)
  addBios(program)
  addProfiles(program)
  addFirmware(program)
  addCatalogs(program)
  addEsxi(program)
  addRolling(program)
  addImages(program)
  addDoctor(program)
  addDirectory(program)
  addOperation(program)
  addCompletion(program)
  return program
}
