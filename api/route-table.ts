import { jobRoutes } from './jobs/routes.js'
import { biosConfigurationRoutes } from './resources/bios-configurations.js'
import { codecRoutes } from './resources/codec.js'
import { credentialRoutes } from './resources/credential-sets.js'
import { directorySettingsRoutes } from './resources/directory-settings.js'
import { discoveryFindingRoutes } from './resources/discovery-findings.js'
import { firmwareCatalogRoutes } from './resources/firmware-catalogs.js'
import { clusterRoutes, hostRoutes } from './resources/hosts.js'
import { maintenanceWindowRoutes } from './resources/maintenance-windows.js'
import { mediaRoutes } from './resources/media.js'
import { openmanageSettingsRoutes } from './resources/openmanage-settings.js'
import { tokenRoutes, userRoutes } from './resources/people.js'
import { recordRoutes } from './resources/records.js'
import { resumableUploadRoutes } from './resources/resumable-uploads.js'
import { scpBackupRoutes } from './resources/scp-backups.js'
import { serverGroupRoutes } from './resources/server-groups.js'
import { serverRoutes } from './resources/servers.js'
import { sessionRoutes } from './resources/sessions.js'
import { settingsRoutes } from './resources/settings.js'
import { uploadRoutes } from './resources/uploads.js'
import { userRoute } from './resources/user.js'
import { identityRoutes, vcenterRoutes } from './resources/vcenters.js'
import type { Route } from './route.js'
import type { Services } from './services.js'

/** Every route below /api/v1, each with its permission: the one table that the app, the documentation and the tests read. */
export function routeTable(services: Services): Route[] {
  return [
    ...sessionRoutes(services),
    ...jobRoutes(services),
    ...serverRoutes(services),
    ...biosConfigurationRoutes(services),
    ...serverGroupRoutes(services),
    ...vcenterRoutes(services),
    ...hostRoutes(services),
    ...clusterRoutes(services),
    ...identityRoutes(services),
    ...credentialRoutes(services),
    ...discoveryFindingRoutes(services),
    ...mediaRoutes(services),
    ...scpBackupRoutes(services),
    ...firmwareCatalogRoutes(services),
    ...uploadRoutes(services),
    ...resumableUploadRoutes(services),
    ...maintenanceWindowRoutes(services),
    ...recordRoutes(services),
    ...userRoutes(services),
    ...userRoute(services),
    ...tokenRoutes(services),
    ...settingsRoutes(services),
    ...openmanageSettingsRoutes(services),
    ...directorySettingsRoutes(services),
    ...codecRoutes(services),
  ]
}
