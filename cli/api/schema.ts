/* Made from docs/openapi.json by `npm run gen`; not edited by hand. */

export interface paths {
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What people and rules did, newest first
         * @description Roles: auditor, admin.
         */
        get: operations["getAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bios-configurations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stored BIOS settings without their attributes, newest first
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getBiosConfigurations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bios-configurations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One stored reading with all attributes; compare_with adds the differences from another one
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getBiosConfigurationsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Clusters by name: capacity, which hosts do not serve and why, the last judgement
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getClusters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One cluster
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getClustersId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Sets how many hosts of the cluster may be out at once
         * @description Roles: admin.
         */
        patch: operations["patchClustersId"];
        trace?: never;
    };
    "/api/v1/codec/decode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Opens payloads of histories, as far as their keys are in the ring
         * @description Roles: auditor, admin.
         */
        post: operations["postCodecDecode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every request to every device, newest first
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getCommands"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credential-resolution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which credentials would be used for an address, and why
         * @description Roles: operator, auditor, admin.
         */
        get: operations["getCredentialResolution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credential-sets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Credential sets by name; passwords are never shown
         * @description Roles: operator, auditor, admin.
         */
        get: operations["getCredentialSets"];
        put?: never;
        /**
         * Adds a credential set with its address ranges
         * @description Roles: admin.
         */
        post: operations["postCredentialSets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credential-sets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One credential set
         * @description Roles: operator, auditor, admin.
         */
        get: operations["getCredentialSetsId"];
        put?: never;
        post?: never;
        /**
         * Removes a credential set that nothing names any more
         * @description Roles: admin.
         */
        delete: operations["deleteCredentialSetsId"];
        options?: never;
        head?: never;
        /**
         * Changes a credential set; ip_ranges given replace all
         * @description Roles: admin.
         */
        patch: operations["patchCredentialSetsId"];
        trace?: never;
    };
    "/api/v1/discovery-findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What scans and syncs found and could not take over, newest first
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getDiscoveryFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/esxi-upgrade-profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Known ESXi images by name
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getEsxiUpgradeProfiles"];
        put?: never;
        /**
         * Gives an ESXi image a name; a preflight tells whether the depot has it
         * @description Roles: operator, admin.
         */
        post: operations["postEsxiUpgradeProfiles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/esxi-upgrade-profiles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One known ESXi image
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getEsxiUpgradeProfilesId"];
        put?: never;
        post?: never;
        /**
         * Forgets a known ESXi image; its depot stays
         * @description Roles: operator, admin.
         */
        delete: operations["deleteEsxiUpgradeProfilesId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-Sent Events of everything from now on; Last-Event-ID resumes
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/firmware-catalogs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Imported firmware catalogs by name; import one with the job iso_upload
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getFirmwareCatalogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/firmware-catalogs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One catalog, and how many servers stand how against it
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getFirmwareCatalogsId"];
        put?: never;
        post?: never;
        /**
         * Deletes a catalog with its entries and comparisons; stored packages stay
         * @description Roles: operator, admin.
         */
        delete: operations["deleteFirmwareCatalogsId"];
        options?: never;
        head?: never;
        /**
         * Renames a catalog, points it at a mirror, or makes it the default
         * @description Roles: operator, admin.
         */
        patch: operations["patchFirmwareCatalogsId"];
        trace?: never;
    };
    "/api/v1/firmware-catalogs/{id}/compliance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All servers against the catalog, by service tag
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getFirmwareCatalogsIdCompliance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/firmware-catalogs/{id}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Packages that the catalog names, by path
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getFirmwareCatalogsIdEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/firmware-catalogs/{id}/entries/{entry_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One package of the catalog
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getFirmwareCatalogsIdEntriesEntryId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/firmware-packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Firmware packages by file name
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getFirmwarePackages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/firmware-packages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One firmware package
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getFirmwarePackagesId"];
        put?: never;
        post?: never;
        /**
         * Takes a package out of the store; refused while a server may read it
         * @description Roles: operator, admin.
         */
        delete: operations["deleteFirmwarePackagesId"];
        options?: never;
        head?: never;
        /**
         * Renames a package, or has it applied more carefully
         * @description Roles: operator, admin.
         */
        patch: operations["patchFirmwarePackagesId"];
        trace?: never;
    };
    "/api/v1/hosts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * ESXi hosts; the filters are also those of target_scope.filter.hosts
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getHosts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hosts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One host
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getHostsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Links a host to its server, or changes its credential set or SSH port
         * @description Roles: admin.
         */
        patch: operations["patchHostsId"];
        trace?: never;
    };
    "/api/v1/hosts/{id}/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Host keys seen from this host
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getHostsIdIdentities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pins this certificate or host key
         * @description Roles: admin.
         */
        post: operations["postIdentitiesIdAccept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Never accept this one
         * @description Roles: admin.
         */
        post: operations["postIdentitiesIdReject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/iso-images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Images and depots by name
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getIsoImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/iso-images/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One image or depot
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getIsoImagesId"];
        put?: never;
        post?: never;
        /**
         * Takes an image out of the store; refused while it is mounted or a server may read it
         * @description Roles: operator, admin.
         */
        delete: operations["deleteIsoImagesId"];
        options?: never;
        head?: never;
        /**
         * Renames an image
         * @description Roles: operator, admin.
         */
        patch: operations["patchIsoImagesId"];
        trace?: never;
    };
    "/api/v1/iso-images/{id}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Servers that may read the image now, and how much each has read
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getIsoImagesIdGrants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/job-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The catalogue of job types
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getJobTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/job-types/{job_type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One job type with the JSON Schema of its details and result
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getJobTypesJobType"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Jobs, newest first
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getJobs"];
        put?: never;
        /**
         * Orders a job; details and targets are those of its job type
         * @description Roles: viewer, operator, admin, auditor.
         */
        post: operations["postJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One job with its result and attention entries
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getJobsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Closes the job's attention entries with the caller's name
         * @description Roles: operator, admin.
         */
        post: operations["postJobsIdAcknowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stops: graceful finishes the targets in work, abort stops them at their next safe point
         * @description Roles: operator, admin.
         */
        post: operations["postJobsIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The audit of device calls made for this job
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getJobsIdCommands"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-Sent Events of this job from its first event; Last-Event-ID resumes
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getJobsIdEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pauses at the next safe point
         * @description Roles: operator, admin.
         */
        post: operations["postJobsIdPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Order of hosts, steps, reboots, blockers, as planned now, and the steps done
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getJobsIdPlan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Goes on
         * @description Roles: operator, admin.
         */
        post: operations["postJobsIdResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts failed targets back into the queue
         * @description Roles: operator, admin.
         */
        post: operations["postJobsIdRetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/skip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leaves out a target that has not begun or waits
         * @description Roles: operator, admin.
         */
        post: operations["postJobsIdSkip"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One row per target: status, progress, phase, why it waits, error, log lines
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getJobsIdTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/maintenance-windows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Maintenance windows by title
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getMaintenanceWindows"];
        put?: never;
        /**
         * Plans a maintenance window, once or recurring
         * @description Roles: operator, admin.
         */
        post: operations["postMaintenanceWindows"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/maintenance-windows/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One maintenance window, with its next occurrences
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getMaintenanceWindowsId"];
        put?: never;
        post?: never;
        /**
         * Cancels a window and the jobs that wait for it; running ones go on. An open one only by an admin
         * @description Roles: operator, admin.
         */
        delete: operations["deleteMaintenanceWindowsId"];
        options?: never;
        head?: never;
        /**
         * Changes a window; one that is open only by an admin
         * @description Roles: operator, admin.
         */
        patch: operations["patchMaintenanceWindowsId"];
        trace?: never;
    };
    "/api/v1/safety-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Judgements about clusters, newest first
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getSafetyChecks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scp-backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Saved configuration profiles, newest first, without their content
         * @description Roles: operator, auditor, admin.
         */
        get: operations["getScpBackups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scp-backups/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One saved profile, without its content
         * @description Roles: operator, auditor, admin.
         */
        get: operations["getScpBackupsId"];
        put?: never;
        post?: never;
        /**
         * Deletes a saved profile with its content
         * @description Roles: admin.
         */
        delete: operations["deleteScpBackupsId"];
        options?: never;
        head?: never;
        /**
         * Names a saved profile, or pins it so that it is never cleaned up
         * @description Roles: operator, admin.
         */
        patch: operations["patchScpBackupsId"];
        trace?: never;
    };
    "/api/v1/scp-backups/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The profile itself, XML or JSON; each download is audited
         * @description Roles: admin.
         */
        get: operations["getScpBackupsIdContent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/server-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Groups of servers by name
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServerGroups"];
        put?: never;
        /**
         * Adds a group
         * @description Roles: operator, admin.
         */
        post: operations["postServerGroups"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/server-groups/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One group
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServerGroupsId"];
        put?: never;
        post?: never;
        /**
         * Removes a group; its servers stay
         * @description Roles: operator, admin.
         */
        delete: operations["deleteServerGroupsId"];
        options?: never;
        head?: never;
        /**
         * Changes a group
         * @description Roles: operator, admin.
         */
        patch: operations["patchServerGroupsId"];
        trace?: never;
    };
    "/api/v1/server-groups/{id}/servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Servers that the group holds now
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServerGroupsIdServers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Servers; the filters are also those of target_scope.filter.servers
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One server
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServersId"];
        put?: never;
        post?: never;
        /**
         * Removes a server from the inventory; its history stays
         * @description Roles: admin.
         */
        delete: operations["deleteServersId"];
        options?: never;
        head?: never;
        /**
         * Changes labels (operator), or address, site and credential set (admin)
         * @description Roles: operator, admin.
         */
        patch: operations["patchServersId"];
        trace?: never;
    };
    "/api/v1/servers/{id}/bios": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The newest BIOS settings read from this server, with the values that wait for a reboot
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServersIdBios"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{id}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Calls made to this server, newest first
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServersIdCommands"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{id}/compliance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The firmware of a server against each catalog, component by component; the default catalog first
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServersIdCompliance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{id}/console-tickets/{ticket_ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes the ticket that console_launch got: once, within 60 s, and only by who started the job
         * @description Roles: operator, admin.
         */
        post: operations["postServersIdConsoleTicketsTicketRef"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{id}/event-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Entries of the system event log and the Lifecycle log, newest first
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServersIdEventLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{id}/firmware": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Installed firmware
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServersIdFirmware"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{id}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health of the components
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServersIdHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{id}/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Certificates seen from this server; admins accept one with POST /identities/{id}/accept
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServersIdIdentities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{id}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Jobs that touched this server, newest first
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getServersIdJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs in; the token is also set as an HttpOnly cookie
         * @description Open.
         */
        post: operations["postSessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getSessionsCurrent"];
        put?: never;
        post?: never;
        /**
         * Signs out
         * @description Roles: viewer, operator, admin, auditor.
         */
        delete: operations["deleteSessionsCurrent"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Settings of jobs, scans, retention and sessions
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getSettingsActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes activity settings
         * @description Roles: admin.
         */
        patch: operations["patchSettingsActivity"];
        trace?: never;
    };
    "/api/v1/settings/directory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The company directory: where it is, how it is laid out, which groups give which role
         * @description Roles: auditor, admin.
         */
        get: operations["getSettingsDirectory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes the company directory; enabled settings are tested first, save_anyway keeps those that fail
         * @description Roles: admin.
         */
        patch: operations["patchSettingsDirectory"];
        trace?: never;
    };
    "/api/v1/settings/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Settings of the media store
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getSettingsMedia"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes media settings
         * @description Roles: admin.
         */
        patch: operations["patchSettingsMedia"];
        trace?: never;
    };
    "/api/v1/settings/openmanage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Settings of OpenManage, without the password
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getSettingsOpenmanage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes the settings of OpenManage
         * @description Roles: admin.
         */
        patch: operations["patchSettingsOpenmanage"];
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The caller's API tokens (admins and auditors: all), without their secret
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getTokens"];
        put?: never;
        /**
         * Makes an API token; it is shown once
         * @description Roles: viewer, operator, admin, auditor.
         */
        post: operations["postTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One API token, without its secret
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getTokensId"];
        put?: never;
        post?: never;
        /**
         * Revokes an API token
         * @description Roles: viewer, operator, admin, auditor.
         */
        delete: operations["deleteTokensId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{file_name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Uploads a file as raw bytes; Content-Length is required
         * @description Roles: operator, admin.
         */
        put: operations["putUploadsFileName"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/tus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins a resumable upload (tus 1.0.0); the Location names where its bytes go
         * @description Roles: operator, admin.
         */
        post: operations["postUploadsTus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/tus/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a resumable upload is; HEAD answers as tus asks for
         * @description Roles: operator, admin.
         */
        get: operations["getUploadsTusId"];
        put?: never;
        post?: never;
        /**
         * Gives a resumable upload up and frees its room
         * @description Roles: operator, admin.
         */
        delete: operations["deleteUploadsTusId"];
        options?: never;
        head?: never;
        /**
         * Appends bytes to a resumable upload at its offset (tus 1.0.0)
         * @description Roles: operator, admin.
         */
        patch: operations["patchUploadsTusId"];
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * People with their roles, by name
         * @description Roles: auditor, admin.
         */
        get: operations["getUsers"];
        put?: never;
        /**
         * Adds a local account with one role
         * @description Roles: admin.
         */
        post: operations["postUsers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One person, with where each role comes from
         * @description Roles: auditor, admin.
         */
        get: operations["getUsersId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes name, roles given by hand, password, or whether a person may sign in
         * @description Roles: admin.
         */
        patch: operations["patchUsersId"];
        trace?: never;
    };
    "/api/v1/users/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Changes the caller's own local password and ends the other sessions
         * @description Roles: viewer, operator, admin, auditor.
         */
        post: operations["postUsersMePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vcenters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * vCenters by name
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getVcenters"];
        put?: never;
        /**
         * Adds a vCenter; a vcenter_sync job reads it
         * @description Roles: admin.
         */
        post: operations["postVcenters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vcenters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One vCenter
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getVcentersId"];
        put?: never;
        post?: never;
        /**
         * Removes a vCenter without hosts from the inventory
         * @description Roles: admin.
         */
        delete: operations["deleteVcentersId"];
        options?: never;
        head?: never;
        /**
         * Changes a vCenter
         * @description Roles: admin.
         */
        patch: operations["patchVcentersId"];
        trace?: never;
    };
    "/api/v1/vcenters/{id}/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Certificates seen from this vCenter
         * @description Roles: viewer, operator, admin, auditor.
         */
        get: operations["getVcentersIdIdentities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ActivitySettings: {
            allowed_device_cidrs: string[];
            background_paused: boolean;
            confirm_over_percent: number;
            confirm_over_targets: number;
            /** Format: date-time */
            created_at: string;
            esxi_ssh_port: number | null;
            event_log_interval_minutes: number;
            event_log_retention_days: number;
            first_contact: string;
            health_interval_minutes: number;
            id: number;
            inventory_interval_hours: number;
            job_retention_days: number;
            keep_read_bodies: boolean;
            log_retention_days: number;
            login_banner: string | null;
            max_request_body_bytes: number;
            max_response_body_bytes: number;
            mutation_retention_days: number;
            scan_in_flight: number;
            scan_rate_per_second: number;
            session_idle_minutes: number;
            session_max_hours: number;
            syslog_target: string | null;
            /** Format: date-time */
            updated_at: string;
            uploads_per_site: number;
            version: number;
        };
        ApiToken: {
            allowed_cidrs: string[] | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            last_used_at: string | null;
            name: string;
            prefix: string;
            revoked_at: string | null;
            role: string | null;
            scopes: string[] | null;
            /** Format: uuid */
            user_id: string;
        };
        AuditEntry: {
            action: string;
            actor_id: string | null;
            actor_ip: string | null;
            actor_label: string | null;
            after: unknown;
            /** Format: date-time */
            at: string;
            before: unknown;
            decision: unknown;
            /** Format: uuid */
            id: string;
            object_id: string | null;
            object_kind: string | null;
            object_label: string | null;
            origin: string | null;
            request_id: string | null;
        };
        BiosConfiguration: {
            attribute_count: number;
            attributes: {
                [key: string]: unknown;
            };
            bios_version: string | null;
            /** Format: date-time */
            captured_at: string;
            differences?: {
                from: unknown;
                name: string;
                to: unknown;
            }[];
            /** Format: uuid */
            id: string;
            job_id: string | null;
            /** Format: date-time */
            last_seen_at: string;
            pending: {
                [key: string]: unknown;
            } | null;
            reason: string;
            registry_name: string | null;
            /** Format: uuid */
            server_id: string;
            sha256: string;
        };
        BiosConfigurationEntry: {
            attribute_count: number;
            bios_version: string | null;
            /** Format: date-time */
            captured_at: string;
            /** Format: uuid */
            id: string;
            job_id: string | null;
            /** Format: date-time */
            last_seen_at: string;
            reason: string;
            registry_name: string | null;
            /** Format: uuid */
            server_id: string;
            sha256: string;
        };
        CatalogCompliance: {
            /** @description Null: the firmware of the server is not known yet */
            compared_at: string | null;
            hostname: string | null;
            model: string | null;
            not_in_catalog: number;
            outdated: number;
            /** Format: uuid */
            server_id: string;
            service_tag: string;
            /** @enum {string} */
            status: "compliant" | "outdated" | "unknown";
            urgent: number;
        };
        Cluster: {
            capacity: {
                /** @description 0–1; null where a figure is unknown */
                cpu_used: number | null;
                /** @description 0–1; null where a figure is unknown */
                cpu_used_after_largest_host: number | null;
                /** @description 0–1; null where a figure is unknown */
                memory_used: number | null;
                /** @description 0–1; null where a figure is unknown */
                memory_used_after_largest_host: number | null;
            };
            cpu_demand_mhz: number | null;
            cpu_mhz: number | null;
            /** Format: date-time */
            created_at: string;
            dpm_enabled: boolean | null;
            drs_enabled: boolean | null;
            drs_mode: string | null;
            evc_mode: string | null;
            facts: unknown;
            facts_at: string | null;
            ha_admission: unknown;
            ha_enabled: boolean | null;
            hosts: {
                /** @description Why it does not serve, or which job holds it (LeaseHeld) */
                blocked_by: {
                    code: string;
                    data?: {
                        [key: string]: unknown;
                    };
                    message: string;
                    remedy: string;
                    target?: string;
                }[];
                /** @description When the facts of the host were read */
                facts_at: string | null;
                /** Format: uuid */
                id: string;
                name: string;
                serving: boolean;
            }[];
            hosts_effective: number | null;
            /** @description Hosts that do not serve, or of which it is not known */
            hosts_out: number;
            /** @description Hosts that serve, as far as is known */
            hosts_serving: number;
            hosts_total: number | null;
            /** Format: uuid */
            id: string;
            image_managed: boolean | null;
            last_safety_check: {
                blockers: unknown[];
                checked_at: string;
                job_id: string | null;
                safe: boolean;
            } | null;
            max_unavailable: number | null;
            memory_mb: number | null;
            memory_used_mb: number | null;
            moid: string;
            name: string;
            /** @description No fact about the cluster and its hosts is older; null = some were never read */
            oldest_facts_at: string | null;
            removed_at: string | null;
            /** Format: date-time */
            updated_at: string;
            /** Format: uuid */
            vcenter_id: string;
            version: number;
            vsan_enabled: boolean | null;
            vsan_health: string | null;
        };
        Command: {
            attempt: number | null;
            bytes_received: number | null;
            bytes_sent: number | null;
            command_type: string;
            completed_at: string | null;
            credential_set_id: string | null;
            device_kind: string | null;
            endpoint: string;
            error_message: string | null;
            fencing_token: number | null;
            full_url: string | null;
            /** Format: uuid */
            id: string;
            initiated_by: string | null;
            job_id: string | null;
            message_id: string | null;
            operation_id: string | null;
            operation_type: string;
            outcome: string;
            request_body: unknown;
            request_id: string | null;
            response_body: unknown;
            response_time_ms: number | null;
            server_id: string | null;
            source: string;
            status_code: number | null;
            success: boolean | null;
            task_id: string | null;
            /** Format: date-time */
            timestamp: string;
            vcenter_host_id: string | null;
            vcenter_id: string | null;
            worker_id: string | null;
            workflow_id: string | null;
        };
        ConsoleTicket: {
            /** @enum {string} */
            type: "kvm" | "web";
            /** @description Opens the console once, without a password: a secret */
            url: string;
        };
        CredentialSet: {
            /** Format: date-time */
            created_at: string;
            created_by: string | null;
            credential_type: string;
            description: string | null;
            has_password: boolean;
            has_ssh_private_key: boolean;
            /** Format: uuid */
            id: string;
            ip_ranges: {
                description: string | null;
                /** Format: uuid */
                id: string;
                ip_range: string;
                priority: number;
                size: string;
            }[];
            is_default: boolean;
            last_success_at: string | null;
            last_used_at: string | null;
            name: string;
            password_changed_at: string | null;
            priority: number;
            /** Format: date-time */
            updated_at: string;
            username: string;
            vcenter_host_id: string | null;
            vcenter_id: string | null;
            version: number;
        };
        DeviceIdentity: {
            address: string;
            algorithm: string | null;
            decided_at: string | null;
            decided_by: string | null;
            decided_how: string | null;
            device_id: string | null;
            device_kind: string;
            /** Format: date-time */
            first_seen_at: string;
            /** Format: uuid */
            id: string;
            issuer: string | null;
            job_id: string | null;
            /** Format: date-time */
            last_seen_at: string;
            not_after: string | null;
            not_before: string | null;
            port: number;
            protocol: string;
            sha256: string;
            state: string;
            subject: string | null;
        };
        DirectorySettings: {
            base_dn: string | null;
            bind_dn: string | null;
            ca_pem: string | null;
            connect_timeout_ms: number;
            /** Format: date-time */
            created_at: string;
            default_role: string | null;
            enabled: boolean;
            group_base: string | null;
            group_filter: string | null;
            group_mappings: {
                group_dn: string;
                group_id: string | null;
                /** @enum {string} */
                role: "viewer" | "operator" | "admin" | "auditor";
            }[];
            has_bind_password: boolean;
            id: number;
            last_sync_at: string | null;
            last_sync_result: unknown;
            nested_groups: boolean;
            operation_timeout_ms: number;
            port: number;
            servers: string[];
            sync_enabled: boolean;
            sync_interval_minutes: number;
            tls_mode: string;
            /** Format: date-time */
            updated_at: string;
            user_base: string | null;
            user_filter: string | null;
            username_attribute: string | null;
            vendor: string;
            version: number;
        };
        DiscoveryFinding: {
            address: string;
            /** Format: date-time */
            at: string;
            data: unknown;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            job_id: string;
            kind: string;
            port: number | null;
            resolved_at: string | null;
            resolved_by: string | null;
            server_id: string | null;
            service_tag: string | null;
        };
        EsxiUpgradeProfile: {
            acceptance_level: string | null;
            /** Format: date-time */
            created_at: string;
            created_by: string | null;
            datastore_moids: string[] | null;
            depot_path: string | null;
            flavor: string | null;
            /** Format: uuid */
            id: string;
            iso_image_id: string | null;
            min_source_version: string | null;
            name: string;
            notes: string | null;
            profile_name: string | null;
            sha256: string | null;
            size_bytes: number | null;
            target_build: number | null;
            target_version: string | null;
            /** Format: date-time */
            updated_at: string;
            vendor: string | null;
            verified_at: string | null;
            version: number;
        };
        FirmwareCatalog: {
            base_location: string | null;
            catalog_version: string | null;
            dated_at: string | null;
            entries: number;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            imported_at: string;
            imported_by: string | null;
            is_default: boolean;
            name: string;
            release_id: string | null;
            sha256: string;
            source_type: string;
            status: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
        };
        FirmwareCatalogDetail: {
            base_location: string | null;
            catalog_version: string | null;
            /** @description Servers by how they stand against this catalog */
            compliance: {
                compliant: number;
                outdated: number;
                unknown: number;
            };
            dated_at: string | null;
            entries: number;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            imported_at: string;
            imported_by: string | null;
            is_default: boolean;
            name: string;
            release_id: string | null;
            sha256: string;
            source_type: string;
            status: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
        };
        FirmwareCatalogEntry: {
            bundle_models: string[] | null;
            /** Format: uuid */
            catalog_id: string;
            component_class: string;
            component_id: string | null;
            component_type: string | null;
            criticality: string | null;
            dell_version: string | null;
            devices: unknown;
            filename: string;
            /** Format: uuid */
            id: string;
            md5: string | null;
            models: string[] | null;
            name: string | null;
            package_code: string | null;
            package_type: string | null;
            path: string;
            prerequisites: unknown;
            reboot_required: boolean | null;
            release_date: string | null;
            sha256: string | null;
            size_bytes: number | null;
            system_ids: string[] | null;
            version: string;
        };
        FirmwarePackage: {
            catalog_id: string | null;
            component_class: string;
            component_id: string | null;
            component_type: string | null;
            /** Format: date-time */
            created_at: string;
            criticality: string | null;
            dell_version: string | null;
            devices: unknown;
            filename: string;
            /** Format: uuid */
            id: string;
            md5: string | null;
            models: string[] | null;
            name: string | null;
            package_code: string | null;
            package_type: string | null;
            prerequisites: unknown;
            reboot_required: boolean | null;
            release_date: string | null;
            sha256: string;
            signature_seen: boolean | null;
            size_bytes: number;
            status: string;
            system_ids: string[] | null;
            /** Format: date-time */
            updated_at: string;
            uploaded_by: string | null;
            version: string;
        };
        Host: {
            acceptance_level: string | null;
            boot_time: string | null;
            build: number | null;
            cluster: string | null;
            cluster_id: string | null;
            connection_state: string;
            cpu_mhz: number | null;
            cpu_used_mhz: number | null;
            /** Format: date-time */
            created_at: string;
            credential_set_id: string | null;
            esxi_version: string | null;
            facts_at: string | null;
            ha_state: string | null;
            host_uuid: string | null;
            /** Format: uuid */
            id: string;
            image_profile: string | null;
            in_maintenance_mode: boolean | null;
            in_quarantine: boolean | null;
            ip_address: string | null;
            link_source: string | null;
            lockdown_mode: string | null;
            maintenance_by_job_id: string | null;
            memory_mb: number | null;
            memory_used_mb: number | null;
            moid: string | null;
            name: string;
            overall_status: string | null;
            power_state: string;
            reboot_required: boolean | null;
            removed_at: string | null;
            serial_number: string | null;
            server_id: string | null;
            ssh_port: number | null;
            tpm_sealed: boolean | null;
            /** Format: date-time */
            updated_at: string;
            vcenter_id: string | null;
            version: number;
            vms_running: number | null;
        };
        IsoImage: {
            accepts_ranges: boolean | null;
            /** Format: date-time */
            created_at: string;
            details: unknown;
            filename: string | null;
            /** Format: uuid */
            id: string;
            kind: string;
            last_seen_at: string | null;
            last_used_at: string | null;
            mounted_count: number;
            name: string;
            sha256: string | null;
            size_bytes: number | null;
            source_type: string;
            source_url: string | null;
            status: string;
            /** Format: date-time */
            updated_at: string;
            uploaded_by: string | null;
            version: number;
        };
        Job: {
            attention: {
                code: string;
                created_at: string;
                /** Format: uuid */
                id: string;
                message: string;
                next_action: string;
                state_left: string;
                target: {
                    id: string | null;
                    kind: string | null;
                    name: string | null;
                };
            }[];
            cancel_mode: string | null;
            cancel_requested_at: string | null;
            completed_at: string | null;
            /** Format: date-time */
            created_at: string;
            created_by: string | null;
            credential_set_ids: string[];
            details: unknown;
            dry_run: boolean;
            error: {
                code: string;
                device?: unknown;
                hint?: string;
                message: string;
            } | null;
            firmware_source: string | null;
            /** Format: uuid */
            id: string;
            job_type: string;
            last_progress_at: string | null;
            links: {
                [key: string]: string;
            };
            maintenance_window_id: string | null;
            needs_attention: boolean;
            occurrence_id: string | null;
            origin: string;
            parent_job_id: string | null;
            pause_requested_at: string | null;
            phase: string | null;
            phase_note: string | null;
            phase_since: string | null;
            plan_version: number;
            priority: number;
            progress: number;
            request_id: string | null;
            result: {
                [key: string]: unknown;
            } | null;
            run_id: string | null;
            schedule_at: string | null;
            started_at: string | null;
            /** @enum {string} */
            status: "pending" | "running" | "paused" | "completed" | "failed" | "cancelled";
            stuck_since: string | null;
            target_count: number;
            target_scope: unknown;
            targets: ({
                id: string;
                kind: string;
                name: string;
            } & {
                [key: string]: unknown;
            })[];
            /** Format: date-time */
            updated_at: string;
            version: number;
            waiting_for: {
                code: string;
                data?: unknown;
                message: string;
                since: string;
                until?: string;
            }[];
            workflow_id: string;
        };
        JobSummary: {
            cancel_mode: string | null;
            cancel_requested_at: string | null;
            completed_at: string | null;
            /** Format: date-time */
            created_at: string;
            created_by: string | null;
            credential_set_ids: string[];
            details: unknown;
            dry_run: boolean;
            error: {
                code: string;
                device?: unknown;
                hint?: string;
                message: string;
            } | null;
            firmware_source: string | null;
            /** Format: uuid */
            id: string;
            job_type: string;
            last_progress_at: string | null;
            links: {
                [key: string]: string;
            };
            maintenance_window_id: string | null;
            needs_attention: boolean;
            occurrence_id: string | null;
            origin: string;
            parent_job_id: string | null;
            pause_requested_at: string | null;
            phase: string | null;
            phase_note: string | null;
            phase_since: string | null;
            plan_version: number;
            priority: number;
            progress: number;
            request_id: string | null;
            run_id: string | null;
            schedule_at: string | null;
            started_at: string | null;
            /** @enum {string} */
            status: "pending" | "running" | "paused" | "completed" | "failed" | "cancelled";
            stuck_since: string | null;
            target_count: number;
            target_scope: unknown;
            /** Format: date-time */
            updated_at: string;
            version: number;
            waiting_for: {
                code: string;
                data?: unknown;
                message: string;
                since: string;
                until?: string;
            }[];
            workflow_id: string;
        };
        JobTask: {
            attempt: number;
            completed_at: string | null;
            /** Format: date-time */
            created_at: string;
            error: {
                code: string;
                device?: unknown;
                hint?: string;
                message: string;
            } | null;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            job_id: string;
            log: string | null;
            outcome: string | null;
            phase: string | null;
            phase_since: string | null;
            position: number;
            progress: number;
            result: unknown;
            server_id: string | null;
            started_at: string | null;
            /** @enum {string} */
            status: "pending" | "running" | "paused" | "completed" | "failed" | "cancelled" | "skipped";
            target: {
                id: string | null;
                kind: string | null;
                name: string | null;
            };
            target_id: string | null;
            target_kind: string;
            target_label: string;
            vcenter_host_id: string | null;
            waiting_for: {
                code: string;
                data?: unknown;
                message: string;
                since: string;
                until?: string;
            }[];
        };
        JobType: {
            admin_options: string[];
            controls: string[];
            details_schema: {
                [key: string]: unknown;
            };
            /** @description An order to start from */
            example: {
                details: {
                    [key: string]: unknown;
                };
                target_scope: {
                    [key: string]: string[];
                };
            };
            family: string;
            instant: boolean;
            job_type: string;
            most_targets: number | null;
            needs_linked_server: boolean;
            one_host_per_cluster: boolean;
            result_schema: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            risk: "read" | "change" | "disruptive";
            /** @enum {string} */
            role: "operator" | "admin";
            schedulable: boolean;
            summary: string;
            target_scope: string[];
            /** @description What its tasks stand for */
            task_target: string;
            title: string;
            /** @description Servers are also found through their hosts and clusters */
            via_host: boolean;
        } & {
            [key: string]: unknown;
        };
        MaintenanceWindow: {
            cluster_ids: string[];
            /** Format: date-time */
            created_at: string;
            created_by: string | null;
            host_ids: string[];
            /** Format: uuid */
            id: string;
            maintenance_type: string;
            /** @description The one that is open, and those that come */
            next_occurrences: {
                /** Format: date-time */
                ends_at: string;
                /** Format: date-time */
                starts_at: string;
            }[];
            /** Format: date-time */
            planned_end: string;
            /** Format: date-time */
            planned_start: string;
            recurrence_count: number | null;
            recurrence_enabled: boolean;
            recurrence_pattern: string | null;
            recurrence_until: string | null;
            server_group_ids: string[];
            server_ids: string[];
            /**
             * @description in_progress while an occurrence is open, completed when none is left
             * @enum {string}
             */
            status: "planned" | "in_progress" | "completed" | "cancelled";
            time_zone: string;
            title: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
        };
        MediaGrant: {
            allowed_address: string | null;
            bytes_read: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            image_id: string | null;
            job_id: string | null;
            last_read_at: string | null;
            package_id: string | null;
            server_id: string | null;
        };
        MediaSettings: {
            allowed_cidrs: string[];
            allowed_hosts: string[];
            base_url: string | null;
            /** Format: date-time */
            created_at: string;
            id: number;
            max_upload_gb: number;
            /** Format: date-time */
            updated_at: string;
            version: number;
        };
        OpenmanageSettings: {
            /** Format: date-time */
            created_at: string;
            enabled: boolean;
            has_password: boolean;
            host: string | null;
            last_sync_at: string | null;
            last_sync_result: unknown;
            port: number;
            sync_enabled: boolean;
            sync_interval_minutes: number;
            /** Format: date-time */
            updated_at: string;
            username: string | null;
            version: number;
        };
        /**
         * Read BIOS settings
         * @description Reads BIOS attributes, pending values and the attribute registry, and keeps what changed.
         */
        Order_bios_config_read: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /** @description Show these attributes in the answer; all are stored in any case */
                attributes?: string[];
                /**
                 * Format: uuid
                 * @description A stored configuration to show the differences from
                 */
                compare_with?: string;
                /**
                 * @description Targets worked on at once
                 * @default 20
                 */
                concurrency: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "bios_config_read";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Write BIOS settings
         * @description Writes BIOS attributes, activates them by one reboot, and compares every one of them afterwards.
         */
        Order_bios_config_write: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Go on with running VMs on the host (admin)
                 * @default false
                 */
                allow_running_vms: boolean;
                /**
                 * @description now reboots the server; next_reboot leaves the values staged for whoever reboots it
                 * @default now
                 * @enum {string}
                 */
                apply: "now" | "next_reboot";
                /** @description Values by attribute name, as the registry of the machine spells them; give this or a configuration */
                attributes?: {
                    [key: string]: string | number;
                };
                /**
                 * @description Targets worked on at once
                 * @default 5
                 */
                concurrency: number;
                /** @description Must equal the number of targets of a large disruptive job */
                confirm_target_count?: number;
                /**
                 * @description Put the vSphere host into maintenance first and bring it back
                 * @default false
                 */
                evacuate_host: boolean;
                /**
                 * @description Also move VMs that are powered off
                 * @default false
                 */
                evacuate_powered_off: boolean;
                /**
                 * @description Who moves the running VMs
                 * @default drs
                 * @enum {string}
                 */
                evacuation: "drs" | "migrate" | "none";
                /**
                 * @description Force a reboot that the OS of a server without vSphere ignores; 0 = never (minutes)
                 * @default 0
                 */
                force_reboot_after_minutes: number;
                /**
                 * Format: uuid
                 * @description Take what may be written of this stored configuration
                 */
                from_configuration_id?: string;
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Time limit for emptying a host (minutes)
                 * @default 60
                 */
                maintenance_timeout_minutes: number;
                /**
                 * @description CPU use allowed on what is left after the removal
                 * @default 90
                 */
                max_cpu_percent: number;
                /**
                 * @description Memory use allowed on what is left
                 * @default 90
                 */
                max_memory_percent: number;
                /**
                 * @description Hosts of a cluster out of service at once, for whatever reason
                 * @default 1
                 */
                max_unavailable: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /** @description Of the stored configuration only these attributes */
                only?: string[];
                /**
                 * @description Throw away values and the BIOS job of others that wait on the machine (admin)
                 * @default false
                 */
                override_pending: boolean;
                /**
                 * @description Time limit for the reboot and the device job
                 * @default 60
                 */
                timeout_minutes: number;
                /**
                 * @description What vSAN does with the data of the host; sent only to vSAN hosts
                 * @default ensure_accessibility
                 * @enum {string}
                 */
                vsan_mode: "ensure_accessibility" | "evacuate_all" | "no_action";
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "bios_config_write";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Set the boot device
         * @description Sets the device of the next boot, the permanent one, or the whole boot order. It does not reboot.
         */
        Order_boot_configuration: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /** @description Whole permanent order: every boot option reference that is there, once */
                boot_order?: string[];
                /**
                 * @description Targets worked on at once
                 * @default 10
                 */
                concurrency: number;
                /**
                 * @description once: used up by the next boot, whatever causes it; continuous: until it is changed
                 * @default once
                 * @enum {string}
                 */
                enabled: "once" | "continuous" | "disabled";
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Boot mode of the override; default: leave it
                 * @enum {string}
                 */
                mode?: "uefi" | "legacy";
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description Boot device; give this or boot_order
                 * @enum {string}
                 */
                target?: "None" | "Pxe" | "Hdd" | "Cd" | "UefiTarget" | "BiosSetup" | "Utilities" | "SDCard" | "UefiHttp";
                /** @description Device path; goes with target UefiTarget */
                uefi_target?: string;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "boot_configuration";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * List files of a datastore
         * @description Lists files of a datastore, for example upgrade depots.
         */
        Order_browse_datastore: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /** @description Its name, or its id in vCenter */
                datastore: string;
                /**
                 * @description Files in the answer
                 * @default 500
                 */
                limit: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description Folder inside the datastore; empty = the root
                 * @default
                 */
                path: string;
                /**
                 * @description Names to look for; * and ? stand for any characters
                 * @default [
                 *       "*.zip",
                 *       "*.iso"
                 *     ]
                 */
                patterns: string[];
                /**
                 * @description Also in the folders below; may take a minute
                 * @default false
                 */
                recursive: boolean;
                /**
                 * Format: uuid
                 * @description vCenter that knows the datastore
                 */
                vcenter_id: string;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "browse_datastore";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * May a host leave?
         * @description Judges whether hosts may leave their cluster now, on the state after the removal.
         */
        Order_cluster_safety_check: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Leave the HA reserve out of the judgement (admin)
                 * @default false
                 */
                ignore_ha_admission: boolean;
                /**
                 * @description CPU use allowed on what is left after the removal
                 * @default 90
                 */
                max_cpu_percent: number;
                /**
                 * @description Memory use allowed on what is left
                 * @default 90
                 */
                max_memory_percent: number;
                /**
                 * @description Hosts of a cluster out of service at once, for whatever reason
                 * @default 1
                 */
                max_unavailable: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description Automatic evacuation must be possible
                 * @default true
                 */
                require_drs: boolean;
                /**
                 * @description vSAN health must be green
                 * @default true
                 */
                require_vsan_green: boolean;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "cluster_safety_check";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Open the remote console
         * @description Opens the iDRAC's remote console for the person who asks.
         */
        Order_console_launch: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description kvm: opens without a password, once; web: the plain address of the iDRAC
                 * @default kvm
                 * @enum {string}
                 */
                type: "kvm" | "web";
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "console_launch";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Find iDRACs
         * @description Finds iDRACs in address ranges, logs in with the credentials that fit, and makes or refreshes servers.
         */
        Order_discovery_scan: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /** @description Must equal the count above 65,536 addresses */
                confirm_address_count?: number;
                /**
                 * @description Time limit of one connection attempt
                 * @default 1000
                 */
                connect_timeout_ms: number;
                /**
                 * @description Addresses to leave out
                 * @default []
                 */
                exclude_ranges: string[];
                /** @description Factory account password, sealed for this job */
                factory_password?: string;
                /** @description Factory account name */
                factory_username?: string;
                /**
                 * @description Default: the activity setting
                 * @enum {string}
                 */
                first_contact?: "pin" | "ask";
                /**
                 * @description Connection attempts at once
                 * @default 1024
                 */
                in_flight: number;
                /**
                 * @description full adds firmware, NICs, drives and licences
                 * @default full
                 * @enum {string}
                 */
                inventory: "basic" | "full";
                /** @description CIDR, hyphen ranges or single IPv4 addresses */
                ip_ranges: string[];
                /**
                 * @description Store what worked with the server when it came from no set
                 * @default true
                 */
                keep_credentials: boolean;
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Link servers to vSphere hosts with the same serial number
                 * @default true
                 */
                link_hosts: boolean;
                /**
                 * @description Credentials tried per device
                 * @default 4
                 */
                max_sets_per_device: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description Ports to try
                 * @default [
                 *       443
                 *     ]
                 */
                ports: number[];
                /**
                 * @description Connection attempts per second
                 * @default 1000
                 */
                rate_per_second: number;
                /**
                 * @description false: look only at the service root, no login
                 * @default true
                 */
                try_credentials: boolean;
                /**
                 * @description Try the vendor's factory account, given here, last (admin)
                 * @default false
                 */
                try_factory_account: boolean;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "discovery_scan";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Would this ESXi upgrade work?
         * @description Checks on each host whether an ESXi upgrade would work, down to the dry run of its own tool.
         */
        Order_esxi_preflight: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Targets worked on at once
                 * @default 8
                 */
                concurrency: number;
                /**
                 * Format: uuid
                 * @description Depot in our media store; it is copied to a datastore of the host first
                 */
                depot_image_id?: string;
                /** @description Depot as the host sees it */
                depot_path?: string;
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /** @description Exact image profile name; needed when the depot holds several that fit */
                profile_name?: string;
                /**
                 * @description Run the update tool's own dry run
                 * @default true
                 */
                run_dry_run: boolean;
                /**
                 * @description Start the SSH service if it is off, and stop it again
                 * @default true
                 */
                start_ssh: boolean;
                /**
                 * Format: uuid
                 * @description Row of esxi_upgrade_profiles
                 */
                upgrade_profile_id?: string;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "esxi_preflight";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * ESXi, then firmware
         * @description Upgrades ESXi, then updates firmware, in one maintenance of the host.
         */
        Order_esxi_then_firmware: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /** @description Must equal the number of targets of a large disruptive job */
                confirm_target_count?: number;
                /** @description Which ESXi image, and how */
                esxi: {
                    /**
                     * @description VIBs that install may remove
                     * @default []
                     */
                    accept_removed_vibs: string[];
                    /**
                     * @description Go on with the hardware warnings that the preflight listed
                     * @default false
                     */
                    allow_hardware_warnings: boolean;
                    /** @description Only with depot_image_id: where the depot is copied to */
                    datastore?: string;
                    /**
                     * Format: uuid
                     * @description Depot in our media store; it is copied to a datastore of the host first
                     */
                    depot_image_id?: string;
                    /** @description Depot as the host sees it */
                    depot_path?: string;
                    /**
                     * @description Form of the image to prefer
                     * @default standard
                     * @enum {string}
                     */
                    flavor: "standard" | "no-tools";
                    /**
                     * @description install makes the host exactly the image (admin)
                     * @default update
                     * @enum {string}
                     */
                    method: "update" | "install";
                    /** @description Exact image profile name; needed when the depot holds several that fit */
                    profile_name?: string;
                    /**
                     * @description Upgrades to make first, in this order
                     * @default []
                     */
                    stepping_stone_profile_ids: string[];
                    /**
                     * @description Keep the TPM recovery key, sealed, before the first change
                     * @default true
                     */
                    store_recovery_key: boolean;
                    /** @description Build that the host must have afterwards; default from the depot */
                    target_build?: number;
                    /**
                     * @description How long the update tool may run (minutes)
                     * @default 45
                     */
                    update_timeout_minutes: number;
                    /**
                     * Format: uuid
                     * @description Row of esxi_upgrade_profiles
                     */
                    upgrade_profile_id?: string;
                };
                /**
                 * @description Also move VMs that are powered off
                 * @default false
                 */
                evacuate_powered_off: boolean;
                /**
                 * @description Who moves the running VMs
                 * @default drs
                 * @enum {string}
                 */
                evacuation: "drs" | "migrate" | "none";
                /** @description Which firmware, and how */
                firmware: {
                    /**
                     * @description Install an older version than is there (admin)
                     * @default false
                     */
                    allow_downgrade: boolean;
                    /**
                     * Format: uuid
                     * @description Imported catalog; default the newest
                     */
                    catalog_id?: string;
                    /** @description Only these kinds of component */
                    components?: ("bios" | "idrac" | "raid" | "hba" | "nic" | "fc" | "drive" | "backplane" | "psu" | "cpld" | "tpm" | "diagnostics" | "driver_pack" | "other")[];
                    /**
                     * @description Leave these out unless named
                     * @default [
                     *       "psu",
                     *       "cpld",
                     *       "tpm"
                     *     ]
                     */
                    exclude_components: ("bios" | "idrac" | "raid" | "hba" | "nic" | "fc" | "drive" | "backplane" | "psu" | "cpld" | "tpm" | "diagnostics" | "driver_pack" | "other")[];
                    /**
                     * @description Where packages come from
                     * @enum {string}
                     */
                    firmware_source: "local" | "dell_catalog";
                    /**
                     * @description Force a reboot that the OS ignores; 0 = never (minutes)
                     * @default 0
                     */
                    force_reboot_after_minutes: number;
                    /**
                     * @description Time limit for one device job (minutes)
                     * @default 60
                     */
                    job_timeout_minutes: number;
                    /**
                     * @description Compare again after a pass, at most so often
                     * @default 2
                     */
                    max_passes: number;
                    /**
                     * @description Least criticality of the catalog
                     * @default recommended
                     * @enum {string}
                     */
                    min_criticality: "optional" | "recommended" | "urgent";
                    /**
                     * @description What a failed component does to the rest of its server
                     * @default stop
                     * @enum {string}
                     */
                    on_component_failure: "stop" | "continue";
                    /** @description Exactly these packages instead of a comparison */
                    package_ids?: string[];
                    /**
                     * @description Install even when the same version is there
                     * @default false
                     */
                    reinstall_same: boolean;
                    /**
                     * @description push: we upload; pull: the iDRAC fetches from our media server
                     * @default push
                     * @enum {string}
                     */
                    transfer: "push" | "pull";
                    /**
                     * @description Time limit for one upload (minutes)
                     * @default 30
                     */
                    upload_timeout_minutes: number;
                };
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Time limit for emptying a host (minutes)
                 * @default 60
                 */
                maintenance_timeout_minutes: number;
                /**
                 * @description CPU use allowed on what is left after the removal
                 * @default 90
                 */
                max_cpu_percent: number;
                /**
                 * @description Memory use allowed on what is left
                 * @default 90
                 */
                max_memory_percent: number;
                /**
                 * @description Hosts of a cluster out of service at once, for whatever reason
                 * @default 1
                 */
                max_unavailable: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description How long a host may take to come back (minutes)
                 * @default 45
                 */
                reboot_timeout_minutes: number;
                /**
                 * @description Save the configuration profile first
                 * @default true
                 */
                scp_backup_first: boolean;
                /**
                 * @description Prove the first part before the second begins
                 * @default true
                 */
                verify_between: boolean;
                /**
                 * @description What vSAN does with the data of the host; sent only to vSAN hosts
                 * @default ensure_accessibility
                 * @enum {string}
                 */
                vsan_mode: "ensure_accessibility" | "evacuate_all" | "no_action";
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "esxi_then_firmware";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Upgrade ESXi
         * @description Upgrades ESXi on a host and proves the new build.
         */
        Order_esxi_upgrade: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description VIBs that install may remove
                 * @default []
                 */
                accept_removed_vibs: string[];
                /**
                 * @description Go on with the hardware warnings that the preflight listed
                 * @default false
                 */
                allow_hardware_warnings: boolean;
                /** @description Must equal the number of targets of a large disruptive job */
                confirm_target_count?: number;
                /** @description Only with depot_image_id: where the depot is copied to */
                datastore?: string;
                /**
                 * Format: uuid
                 * @description Depot in our media store; it is copied to a datastore of the host first
                 */
                depot_image_id?: string;
                /** @description Depot as the host sees it */
                depot_path?: string;
                /**
                 * @description Also move VMs that are powered off
                 * @default false
                 */
                evacuate_powered_off: boolean;
                /**
                 * @description Who moves the running VMs
                 * @default drs
                 * @enum {string}
                 */
                evacuation: "drs" | "migrate" | "none";
                /**
                 * @description Form of the image to prefer
                 * @default standard
                 * @enum {string}
                 */
                flavor: "standard" | "no-tools";
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description as_found: only if this job entered it
                 * @default as_found
                 * @enum {string}
                 */
                leave_maintenance: "as_found" | "always" | "never";
                /**
                 * @description Time limit for emptying a host (minutes)
                 * @default 60
                 */
                maintenance_timeout_minutes: number;
                /**
                 * @description CPU use allowed on what is left after the removal
                 * @default 90
                 */
                max_cpu_percent: number;
                /**
                 * @description Memory use allowed on what is left
                 * @default 90
                 */
                max_memory_percent: number;
                /**
                 * @description Hosts of a cluster out of service at once, for whatever reason
                 * @default 1
                 */
                max_unavailable: number;
                /**
                 * @description install makes the host exactly the image (admin)
                 * @default update
                 * @enum {string}
                 */
                method: "update" | "install";
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /** @description Exact image profile name; needed when the depot holds several that fit */
                profile_name?: string;
                /**
                 * @description How long a host may take to come back (minutes)
                 * @default 45
                 */
                reboot_timeout_minutes: number;
                /**
                 * @description Upgrades to make first, in this order
                 * @default []
                 */
                stepping_stone_profile_ids: string[];
                /**
                 * @description Keep the TPM recovery key, sealed, before the first change
                 * @default true
                 */
                store_recovery_key: boolean;
                /** @description Build that the host must have afterwards; default from the depot */
                target_build?: number;
                /**
                 * @description How long the update tool may run (minutes)
                 * @default 45
                 */
                update_timeout_minutes: number;
                /**
                 * Format: uuid
                 * @description Row of esxi_upgrade_profiles
                 */
                upgrade_profile_id?: string;
                /**
                 * @description What vSAN does with the data of the host; sent only to vSAN hosts
                 * @default ensure_accessibility
                 * @enum {string}
                 */
                vsan_mode: "ensure_accessibility" | "evacuate_all" | "no_action";
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "esxi_upgrade";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Fetch event logs
         * @description Fetches the system event log (SEL) and, if asked, the Lifecycle log of servers.
         */
        Order_fetch_event_logs: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Targets worked on at once
                 * @default 20
                 */
                concurrency: number;
                /**
                 * @description sel: hardware events; lifecycle: everything that the iDRAC did
                 * @default [
                 *       "sel"
                 *     ]
                 */
                logs: ("sel" | "lifecycle")[];
                /**
                 * @description Entries per log and server, newest first
                 * @default 2000
                 */
                max_entries: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description last_fetch, all, or a time from which on entries are wanted
                 * @default last_fetch
                 */
                since: ("last_fetch" | "all") | string;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "fetch_event_logs";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Firmware, then ESXi
         * @description Updates firmware, then upgrades ESXi, in one maintenance of the host.
         */
        Order_firmware_then_esxi: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /** @description Must equal the number of targets of a large disruptive job */
                confirm_target_count?: number;
                /** @description Which ESXi image, and how */
                esxi: {
                    /**
                     * @description VIBs that install may remove
                     * @default []
                     */
                    accept_removed_vibs: string[];
                    /**
                     * @description Go on with the hardware warnings that the preflight listed
                     * @default false
                     */
                    allow_hardware_warnings: boolean;
                    /** @description Only with depot_image_id: where the depot is copied to */
                    datastore?: string;
                    /**
                     * Format: uuid
                     * @description Depot in our media store; it is copied to a datastore of the host first
                     */
                    depot_image_id?: string;
                    /** @description Depot as the host sees it */
                    depot_path?: string;
                    /**
                     * @description Form of the image to prefer
                     * @default standard
                     * @enum {string}
                     */
                    flavor: "standard" | "no-tools";
                    /**
                     * @description install makes the host exactly the image (admin)
                     * @default update
                     * @enum {string}
                     */
                    method: "update" | "install";
                    /** @description Exact image profile name; needed when the depot holds several that fit */
                    profile_name?: string;
                    /**
                     * @description Upgrades to make first, in this order
                     * @default []
                     */
                    stepping_stone_profile_ids: string[];
                    /**
                     * @description Keep the TPM recovery key, sealed, before the first change
                     * @default true
                     */
                    store_recovery_key: boolean;
                    /** @description Build that the host must have afterwards; default from the depot */
                    target_build?: number;
                    /**
                     * @description How long the update tool may run (minutes)
                     * @default 45
                     */
                    update_timeout_minutes: number;
                    /**
                     * Format: uuid
                     * @description Row of esxi_upgrade_profiles
                     */
                    upgrade_profile_id?: string;
                };
                /**
                 * @description Also move VMs that are powered off
                 * @default false
                 */
                evacuate_powered_off: boolean;
                /**
                 * @description Who moves the running VMs
                 * @default drs
                 * @enum {string}
                 */
                evacuation: "drs" | "migrate" | "none";
                /** @description Which firmware, and how */
                firmware: {
                    /**
                     * @description Install an older version than is there (admin)
                     * @default false
                     */
                    allow_downgrade: boolean;
                    /**
                     * Format: uuid
                     * @description Imported catalog; default the newest
                     */
                    catalog_id?: string;
                    /** @description Only these kinds of component */
                    components?: ("bios" | "idrac" | "raid" | "hba" | "nic" | "fc" | "drive" | "backplane" | "psu" | "cpld" | "tpm" | "diagnostics" | "driver_pack" | "other")[];
                    /**
                     * @description Leave these out unless named
                     * @default [
                     *       "psu",
                     *       "cpld",
                     *       "tpm"
                     *     ]
                     */
                    exclude_components: ("bios" | "idrac" | "raid" | "hba" | "nic" | "fc" | "drive" | "backplane" | "psu" | "cpld" | "tpm" | "diagnostics" | "driver_pack" | "other")[];
                    /**
                     * @description Where packages come from
                     * @enum {string}
                     */
                    firmware_source: "local" | "dell_catalog";
                    /**
                     * @description Force a reboot that the OS ignores; 0 = never (minutes)
                     * @default 0
                     */
                    force_reboot_after_minutes: number;
                    /**
                     * @description Time limit for one device job (minutes)
                     * @default 60
                     */
                    job_timeout_minutes: number;
                    /**
                     * @description Compare again after a pass, at most so often
                     * @default 2
                     */
                    max_passes: number;
                    /**
                     * @description Least criticality of the catalog
                     * @default recommended
                     * @enum {string}
                     */
                    min_criticality: "optional" | "recommended" | "urgent";
                    /**
                     * @description What a failed component does to the rest of its server
                     * @default stop
                     * @enum {string}
                     */
                    on_component_failure: "stop" | "continue";
                    /** @description Exactly these packages instead of a comparison */
                    package_ids?: string[];
                    /**
                     * @description Install even when the same version is there
                     * @default false
                     */
                    reinstall_same: boolean;
                    /**
                     * @description push: we upload; pull: the iDRAC fetches from our media server
                     * @default push
                     * @enum {string}
                     */
                    transfer: "push" | "pull";
                    /**
                     * @description Time limit for one upload (minutes)
                     * @default 30
                     */
                    upload_timeout_minutes: number;
                };
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Time limit for emptying a host (minutes)
                 * @default 60
                 */
                maintenance_timeout_minutes: number;
                /**
                 * @description CPU use allowed on what is left after the removal
                 * @default 90
                 */
                max_cpu_percent: number;
                /**
                 * @description Memory use allowed on what is left
                 * @default 90
                 */
                max_memory_percent: number;
                /**
                 * @description Hosts of a cluster out of service at once, for whatever reason
                 * @default 1
                 */
                max_unavailable: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description How long a host may take to come back (minutes)
                 * @default 45
                 */
                reboot_timeout_minutes: number;
                /**
                 * @description Save the configuration profile first
                 * @default true
                 */
                scp_backup_first: boolean;
                /**
                 * @description Prove the first part before the second begins
                 * @default true
                 */
                verify_between: boolean;
                /**
                 * @description What vSAN does with the data of the host; sent only to vSAN hosts
                 * @default ensure_accessibility
                 * @enum {string}
                 */
                vsan_mode: "ensure_accessibility" | "evacuate_all" | "no_action";
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "firmware_then_esxi";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Update one firmware component
         * @description Updates one firmware component on servers and proves the installed version.
         */
        Order_firmware_update: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Install an older version than is there (admin)
                 * @default false
                 */
                allow_downgrade: boolean;
                /**
                 * @description Go on with running VMs on the host (admin)
                 * @default false
                 */
                allow_running_vms: boolean;
                /**
                 * @description next_reboot ends staged
                 * @default now
                 * @enum {string}
                 */
                apply: "now" | "next_reboot";
                /**
                 * Format: uuid
                 * @description Imported catalog; for dell_catalog
                 */
                catalog_id?: string;
                /** @description Component id or name; for dell_catalog */
                component?: string;
                /**
                 * @description Targets worked on at once
                 * @default 4
                 */
                concurrency: number;
                /** @description Must equal the number of targets of a large disruptive job */
                confirm_target_count?: number;
                /**
                 * @description Put the vSphere host into maintenance first and bring it back
                 * @default false
                 */
                evacuate_host: boolean;
                /**
                 * @description Also move VMs that are powered off
                 * @default false
                 */
                evacuate_powered_off: boolean;
                /**
                 * @description Who moves the running VMs
                 * @default drs
                 * @enum {string}
                 */
                evacuation: "drs" | "migrate" | "none";
                /**
                 * @description Where the package comes from
                 * @default local
                 * @enum {string}
                 */
                firmware_source: "local" | "dell_catalog" | "url";
                /**
                 * @description Force a reboot that the OS ignores; 0 = never (minutes)
                 * @default 0
                 */
                force_reboot_after_minutes: number;
                /** @description One device; default all that match */
                fqdd?: string;
                /**
                 * @description Time limit for one device job (minutes)
                 * @default 60
                 */
                job_timeout_minutes: number;
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Time limit for emptying a host (minutes)
                 * @default 60
                 */
                maintenance_timeout_minutes: number;
                /**
                 * @description CPU use allowed on what is left after the removal
                 * @default 90
                 */
                max_cpu_percent: number;
                /**
                 * @description Memory use allowed on what is left
                 * @default 90
                 */
                max_memory_percent: number;
                /**
                 * @description Compare again after a pass, at most so often
                 * @default 2
                 */
                max_passes: number;
                /**
                 * @description Hosts of a cluster out of service at once, for whatever reason
                 * @default 1
                 */
                max_unavailable: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description What a failed component does to the rest of its server
                 * @default stop
                 * @enum {string}
                 */
                on_component_failure: "stop" | "continue";
                /**
                 * Format: uuid
                 * @description Row of firmware_packages; for local
                 */
                package_id?: string;
                /**
                 * @description How long a host may take to come back (minutes)
                 * @default 45
                 */
                reboot_timeout_minutes: number;
                /**
                 * @description Install even when the same version is there
                 * @default false
                 */
                reinstall_same: boolean;
                /**
                 * @description Save the configuration profile first
                 * @default false
                 */
                scp_backup_first: boolean;
                /** @description Checksum; for url */
                sha256?: string;
                /** @description A server that the package does not fit is skipped; default for groups */
                skip_not_applicable?: boolean;
                /**
                 * @description push: we upload; pull: the iDRAC fetches from our media server
                 * @default push
                 * @enum {string}
                 */
                transfer: "push" | "pull";
                /**
                 * @description Time limit for one upload (minutes)
                 * @default 30
                 */
                upload_timeout_minutes: number;
                /** @description For url */
                url?: string;
                /**
                 * @description What vSAN does with the data of the host; sent only to vSAN hosts
                 * @default ensure_accessibility
                 * @enum {string}
                 */
                vsan_mode: "ensure_accessibility" | "evacuate_all" | "no_action";
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "firmware_update";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Update all firmware of servers
         * @description Brings all firmware of servers to the packages or catalog given, with as few reboots as possible.
         */
        Order_full_server_update: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Install an older version than is there (admin)
                 * @default false
                 */
                allow_downgrade: boolean;
                /**
                 * @description Go on with running VMs on the host (admin)
                 * @default false
                 */
                allow_running_vms: boolean;
                /**
                 * @description next_reboot ends staged
                 * @default now
                 * @enum {string}
                 */
                apply: "now" | "next_reboot";
                /**
                 * Format: uuid
                 * @description Imported catalog; default the newest
                 */
                catalog_id?: string;
                /** @description Only these kinds of component */
                components?: ("bios" | "idrac" | "raid" | "hba" | "nic" | "fc" | "drive" | "backplane" | "psu" | "cpld" | "tpm" | "diagnostics" | "driver_pack" | "other")[];
                /**
                 * @description Targets worked on at once
                 * @default 4
                 */
                concurrency: number;
                /** @description Must equal the number of targets of a large disruptive job */
                confirm_target_count?: number;
                /**
                 * @description Put the vSphere host into maintenance first and bring it back
                 * @default false
                 */
                evacuate_host: boolean;
                /**
                 * @description Also move VMs that are powered off
                 * @default false
                 */
                evacuate_powered_off: boolean;
                /**
                 * @description Who moves the running VMs
                 * @default drs
                 * @enum {string}
                 */
                evacuation: "drs" | "migrate" | "none";
                /**
                 * @description Leave these out unless named
                 * @default [
                 *       "psu",
                 *       "cpld",
                 *       "tpm"
                 *     ]
                 */
                exclude_components: ("bios" | "idrac" | "raid" | "hba" | "nic" | "fc" | "drive" | "backplane" | "psu" | "cpld" | "tpm" | "diagnostics" | "driver_pack" | "other")[];
                /**
                 * @description Where packages come from
                 * @default dell_catalog
                 * @enum {string}
                 */
                firmware_source: "local" | "dell_catalog";
                /**
                 * @description Force a reboot that the OS ignores; 0 = never (minutes)
                 * @default 0
                 */
                force_reboot_after_minutes: number;
                /**
                 * @description Time limit for one device job (minutes)
                 * @default 60
                 */
                job_timeout_minutes: number;
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Time limit for emptying a host (minutes)
                 * @default 60
                 */
                maintenance_timeout_minutes: number;
                /**
                 * @description CPU use allowed on what is left after the removal
                 * @default 90
                 */
                max_cpu_percent: number;
                /**
                 * @description Memory use allowed on what is left
                 * @default 90
                 */
                max_memory_percent: number;
                /**
                 * @description Compare again after a pass, at most so often
                 * @default 2
                 */
                max_passes: number;
                /**
                 * @description Hosts of a cluster out of service at once, for whatever reason
                 * @default 1
                 */
                max_unavailable: number;
                /**
                 * @description Least criticality of the catalog
                 * @default recommended
                 * @enum {string}
                 */
                min_criticality: "optional" | "recommended" | "urgent";
                /**
                 * @description A package file that is not there
                 * @default fail
                 * @enum {string}
                 */
                missing_files: "fail" | "skip";
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description What a failed component does to the rest of its server
                 * @default stop
                 * @enum {string}
                 */
                on_component_failure: "stop" | "continue";
                /** @description Exactly these packages instead of a comparison */
                package_ids?: string[];
                /**
                 * @description How long a host may take to come back (minutes)
                 * @default 45
                 */
                reboot_timeout_minutes: number;
                /**
                 * @description Install even when the same version is there
                 * @default false
                 */
                reinstall_same: boolean;
                /**
                 * @description Save the configuration profile first
                 * @default true
                 */
                scp_backup_first: boolean;
                /**
                 * @description push: we upload; pull: the iDRAC fetches from our media server
                 * @default push
                 * @enum {string}
                 */
                transfer: "push" | "pull";
                /**
                 * @description Time limit for one upload (minutes)
                 * @default 30
                 */
                upload_timeout_minutes: number;
                /**
                 * @description What vSAN does with the data of the host; sent only to vSAN hosts
                 * @default ensure_accessibility
                 * @enum {string}
                 */
                vsan_mode: "ensure_accessibility" | "evacuate_all" | "no_action";
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "full_server_update";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Check health
         * @description Reads power, health and active faults of servers.
         */
        Order_health_check: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Targets worked on at once
                 * @default 50
                 */
                concurrency: number;
                /**
                 * @description components adds fans, temperatures, supplies, drives, memory, and the firmware inventory
                 * @default summary
                 * @enum {string}
                 */
                depth: "summary" | "components";
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "health_check";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Try a directory login
         * @description Tries to sign somebody in at the company directory and shows what it would give; makes no session.
         */
        Order_idm_authenticate: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /** @description Where the person comes from, for the record */
                ip_address?: string;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /** @description Sealed for 60 seconds and read once; never empty */
                password?: string;
                /**
                 * Format: uuid
                 * @description Instead of the password: where it was sealed
                 */
                secret_ref?: string;
                /**
                 * @description Make or refresh the profile and its roles; false only looks
                 * @default true
                 */
                update_profile: boolean;
                /** @description User name as people type it */
                username: string;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "idm_authenticate";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Take people over from the directory
         * @description Brings people of the company directory and their roles into the profiles, and ends what those have who are gone.
         */
        Order_idm_sync_users: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Believe an answer that lacks many known people
                 * @default false
                 */
                allow_mass_deactivation: boolean;
                /** @description Where people are; default from the settings */
                base_dn?: string;
                /**
                 * @description People who are gone or disabled there lose roles, sessions and tokens here
                 * @default true
                 */
                deactivate_missing: boolean;
                /**
                 * Format: starts_with
                 * @description Which entries are people; default from the settings
                 */
                filter?: string;
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description People asked for at once
                 * @default 500
                 */
                page_size: number;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "idm_sync_users";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Test the directory settings
         * @description Checks the settings of the company directory step by step, saved ones or others, without changing anything.
         */
        Order_idm_test_connection: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /** @description Unsaved settings to test; what is left out is taken from the saved ones */
                settings?: {
                    /** @description Where everything is */
                    base_dn?: string;
                    /** @description Service account */
                    bind_dn?: string;
                    /** @description Its password, sealed for this test */
                    bind_password?: string;
                    /** @description CA certificates; null: the pinned certificate */
                    ca_pem?: string | null;
                    /** @description Time limit of a connection */
                    connect_timeout_ms?: number;
                    /** @description Where groups are */
                    group_base?: string | null;
                    /** @description Which entries are groups */
                    group_filter?: string | null;
                    /** @description Groups inside groups count */
                    nested_groups?: boolean;
                    /** @description Time limit of one question */
                    operation_timeout_ms?: number;
                    /** @description Port of the directory */
                    port?: number;
                    /** @description Names or addresses, tried in this order */
                    servers?: string[];
                    /**
                     * @description How the connection is encrypted
                     * @enum {string}
                     */
                    tls_mode?: "ldaps" | "starttls";
                    /** @description Where people are */
                    user_base?: string | null;
                    /** @description Which entries are people */
                    user_filter?: string | null;
                    /** @description Attribute that holds the user name */
                    username_attribute?: string | null;
                    /**
                     * @description How the directory is laid out
                     * @enum {string}
                     */
                    vendor?: "freeipa" | "active_directory" | "ldap";
                };
                /** @description Show how this person would be found and mapped, without a password */
                username?: string;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "idm_test_connection";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Take an uploaded file into the store
         * @description Checks an uploaded ISO, firmware package, ESXi depot or image and moves it into the media store.
         */
        Order_iso_upload: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /** @description Checksum that the file must have */
                expected_sha256?: string;
                /**
                 * @description Default: from the content
                 * @enum {string}
                 */
                kind?: "iso" | "img" | "firmware" | "esxi_depot" | "catalog";
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /** @description Shown name; never used as a path */
                name?: string;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description Same name, other content: the new row becomes the current one
                 * @default false
                 */
                replace: boolean;
                /**
                 * Format: uuid
                 * @description A finished upload of the same user
                 */
                upload_id: string;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "iso_upload";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Read servers from OpenManage
         * @description Reads the servers of OpenManage Enterprise and adds or completes ours by service tag.
         */
        Order_openmanage_sync: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Believe an answer that lacks many known servers (admin)
                 * @default false
                 */
                allow_mass_removal: boolean;
                /**
                 * @description Add servers that are not known yet
                 * @default true
                 */
                create_missing: boolean;
                /**
                 * @description Also servers that OpenManage only monitors
                 * @default false
                 */
                include_unmanaged: boolean;
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description Also read the baselines of OpenManage and their compliance
                 * @default false
                 */
                read_compliance: boolean;
                /**
                 * @description Complete servers that are known
                 * @default true
                 */
                update_existing: boolean;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "openmanage_sync";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Switch or reset servers
         * @description Switches or resets servers and waits until the state is reached.
         */
        Order_power_action: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description What to do with the power
                 * @enum {string}
                 */
                action: "on" | "off" | "graceful_shutdown" | "reset" | "nmi" | "graceful_restart" | "power_cycle";
                /**
                 * @description Go on with running VMs on the host (admin)
                 * @default false
                 */
                allow_running_vms: boolean;
                /**
                 * @description Targets worked on at once
                 * @default 10
                 */
                concurrency: number;
                /** @description Must equal the number of targets of a large disruptive job */
                confirm_target_count?: number;
                /**
                 * @description Put the vSphere host into maintenance first and bring it back
                 * @default false
                 */
                evacuate_host: boolean;
                /**
                 * @description Also move VMs that are powered off
                 * @default false
                 */
                evacuate_powered_off: boolean;
                /**
                 * @description Who moves the running VMs
                 * @default drs
                 * @enum {string}
                 */
                evacuation: "drs" | "migrate" | "none";
                /**
                 * @description graceful_*: force after so many minutes; 0 = never
                 * @default 0
                 */
                force_after_minutes: number;
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Time limit for emptying a host (minutes)
                 * @default 60
                 */
                maintenance_timeout_minutes: number;
                /**
                 * @description CPU use allowed on what is left after the removal
                 * @default 90
                 */
                max_cpu_percent: number;
                /**
                 * @description Memory use allowed on what is left
                 * @default 90
                 */
                max_memory_percent: number;
                /**
                 * @description Hosts of a cluster out of service at once, for whatever reason
                 * @default 1
                 */
                max_unavailable: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description Time limit for the state
                 * @default 10
                 */
                timeout_minutes: number;
                /**
                 * @description What vSAN does with the data of the host; sent only to vSAN hosts
                 * @default ensure_accessibility
                 * @enum {string}
                 */
                vsan_mode: "ensure_accessibility" | "evacuate_all" | "no_action";
                /**
                 * @description What counts as done
                 * @default state
                 * @enum {string}
                 */
                wait_for: "state" | "os" | "nothing";
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "power_action";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Put a host into maintenance
         * @description Puts a host into maintenance mode and proves that it is empty.
         */
        Order_prepare_host: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /** @description Must equal the number of targets of a large disruptive job */
                confirm_target_count?: number;
                /**
                 * @description Also move VMs that are powered off
                 * @default false
                 */
                evacuate_powered_off: boolean;
                /**
                 * @description Who moves the running VMs
                 * @default drs
                 * @enum {string}
                 */
                evacuation: "drs" | "migrate" | "none";
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Time limit for emptying a host (minutes)
                 * @default 60
                 */
                maintenance_timeout_minutes: number;
                /**
                 * @description CPU use allowed on what is left after the removal
                 * @default 90
                 */
                max_cpu_percent: number;
                /**
                 * @description Memory use allowed on what is left
                 * @default 90
                 */
                max_memory_percent: number;
                /**
                 * @description Hosts of a cluster out of service at once, for whatever reason
                 * @default 1
                 */
                max_unavailable: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description A host that cannot be emptied: give it back, or keep waiting
                 * @default undo
                 * @enum {string}
                 */
                on_blocked: "undo" | "wait";
                /**
                 * @description VMs to shut down, by name or pattern (admin)
                 * @default []
                 */
                power_off_vms: string[];
                /**
                 * @description What vSAN does with the data of the host; sent only to vSAN hosts
                 * @default ensure_accessibility
                 * @enum {string}
                 */
                vsan_mode: "ensure_accessibility" | "evacuate_all" | "no_action";
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "prepare_host";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Register an image by its address
         * @description Registers an image that stays on another web server, or copies it from there into the media store.
         */
        Order_register_iso_url: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Copy it into our store
                 * @default false
                 */
                download: boolean;
                /** @description Checksum that a download must have */
                expected_sha256?: string;
                /**
                 * @description What it is; only iso and img can stay elsewhere
                 * @default iso
                 * @enum {string}
                 */
                kind: "iso" | "img" | "firmware" | "esxi_depot" | "catalog";
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /** @description Shown name; default the last part of the address */
                name?: string;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /** @description http or https, without user; its host is on the media allow-list */
                url: string;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "register_iso_url";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Rolling update of clusters
         * @description Updates the hosts of clusters one after the other, never taking out more capacity than allowed.
         */
        Order_rolling_update: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description How long on_failure pause waits for a person
                 * @default 72
                 */
                attention_timeout_hours: number;
                /**
                 * @description How long on_blocked wait waits
                 * @default 60
                 */
                blocked_timeout_minutes: number;
                /**
                 * @description First hosts, watched longer
                 * @default 0
                 */
                canary_hosts: number;
                /**
                 * @description Pause after the canaries
                 * @default 0
                 */
                canary_soak_minutes: number;
                /**
                 * @description Clusters worked on at once
                 * @default 1
                 */
                clusters_in_parallel: number;
                /** @description Must equal the number of targets of a large disruptive job */
                confirm_target_count?: number;
                /**
                 * @description Distributed power management during the job
                 * @default suspend
                 * @enum {string}
                 */
                dpm: "suspend" | "leave";
                /** @description Which ESXi image, and how */
                esxi?: {
                    /**
                     * @description VIBs that install may remove
                     * @default []
                     */
                    accept_removed_vibs: string[];
                    /**
                     * @description Go on with the hardware warnings that the preflight listed
                     * @default false
                     */
                    allow_hardware_warnings: boolean;
                    /** @description Only with depot_image_id: where the depot is copied to */
                    datastore?: string;
                    /**
                     * Format: uuid
                     * @description Depot in our media store; it is copied to a datastore of the host first
                     */
                    depot_image_id?: string;
                    /** @description Depot as the host sees it */
                    depot_path?: string;
                    /**
                     * @description Form of the image to prefer
                     * @default standard
                     * @enum {string}
                     */
                    flavor: "standard" | "no-tools";
                    /**
                     * @description install makes the host exactly the image (admin)
                     * @default update
                     * @enum {string}
                     */
                    method: "update" | "install";
                    /** @description Exact image profile name; needed when the depot holds several that fit */
                    profile_name?: string;
                    /**
                     * @description Upgrades to make first, in this order
                     * @default []
                     */
                    stepping_stone_profile_ids: string[];
                    /**
                     * @description Keep the TPM recovery key, sealed, before the first change
                     * @default true
                     */
                    store_recovery_key: boolean;
                    /** @description Build that the host must have afterwards; default from the depot */
                    target_build?: number;
                    /**
                     * @description How long the update tool may run (minutes)
                     * @default 45
                     */
                    update_timeout_minutes: number;
                    /**
                     * Format: uuid
                     * @description Row of esxi_upgrade_profiles
                     */
                    upgrade_profile_id?: string;
                };
                /**
                 * @description Also move VMs that are powered off
                 * @default false
                 */
                evacuate_powered_off: boolean;
                /**
                 * @description Who moves the running VMs
                 * @default drs
                 * @enum {string}
                 */
                evacuation: "drs" | "migrate" | "none";
                /**
                 * @description Failed hosts per cluster that may stand aside; with continue
                 * @default 0
                 */
                failed_hosts_tolerance: number;
                /** @description Which firmware, and how */
                firmware?: {
                    /**
                     * @description Install an older version than is there (admin)
                     * @default false
                     */
                    allow_downgrade: boolean;
                    /**
                     * Format: uuid
                     * @description Imported catalog; default the newest
                     */
                    catalog_id?: string;
                    /** @description Only these kinds of component */
                    components?: ("bios" | "idrac" | "raid" | "hba" | "nic" | "fc" | "drive" | "backplane" | "psu" | "cpld" | "tpm" | "diagnostics" | "driver_pack" | "other")[];
                    /**
                     * @description Leave these out unless named
                     * @default [
                     *       "psu",
                     *       "cpld",
                     *       "tpm"
                     *     ]
                     */
                    exclude_components: ("bios" | "idrac" | "raid" | "hba" | "nic" | "fc" | "drive" | "backplane" | "psu" | "cpld" | "tpm" | "diagnostics" | "driver_pack" | "other")[];
                    /**
                     * @description Where packages come from
                     * @enum {string}
                     */
                    firmware_source: "local" | "dell_catalog";
                    /**
                     * @description Force a reboot that the OS ignores; 0 = never (minutes)
                     * @default 0
                     */
                    force_reboot_after_minutes: number;
                    /**
                     * @description Time limit for one device job (minutes)
                     * @default 60
                     */
                    job_timeout_minutes: number;
                    /**
                     * @description Compare again after a pass, at most so often
                     * @default 2
                     */
                    max_passes: number;
                    /**
                     * @description Least criticality of the catalog
                     * @default recommended
                     * @enum {string}
                     */
                    min_criticality: "optional" | "recommended" | "urgent";
                    /**
                     * @description What a failed component does to the rest of its server
                     * @default stop
                     * @enum {string}
                     */
                    on_component_failure: "stop" | "continue";
                    /** @description Exactly these packages instead of a comparison */
                    package_ids?: string[];
                    /**
                     * @description Install even when the same version is there
                     * @default false
                     */
                    reinstall_same: boolean;
                    /**
                     * @description push: we upload; pull: the iDRAC fetches from our media server
                     * @default push
                     * @enum {string}
                     */
                    transfer: "push" | "pull";
                    /**
                     * @description Time limit for one upload (minutes)
                     * @default 30
                     */
                    upload_timeout_minutes: number;
                };
                /**
                 * @description suspend switches HA admission control off for the job (admin)
                 * @default respect
                 * @enum {string}
                 */
                ha_admission: "respect" | "suspend";
                /**
                 * @description What must hold before, after and between hosts
                 * @default {}
                 */
                health_gate: {
                    /**
                     * @description Red alarms more than before
                     * @default 0
                     */
                    max_new_alarms: number;
                    /**
                     * @description How long VMs may take to spread again
                     * @default 10
                     */
                    rebalance_wait_minutes: number;
                    /**
                     * @description A host must be healthy before the next one begins
                     * @default true
                     */
                    require_green: boolean;
                    /**
                     * @description How long vSAN may take to resync
                     * @default 240
                     */
                    resync_wait_minutes: number;
                };
                /** @description Order of all or of the first hosts */
                host_order?: string[];
                /**
                 * @description Hosts that were in maintenance before the job
                 * @default keep
                 * @enum {string}
                 */
                hosts_found_in_maintenance: "keep" | "return" | "skip";
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Time limit for emptying a host (minutes)
                 * @default 60
                 */
                maintenance_timeout_minutes: number;
                /**
                 * @description CPU use allowed on what is left after the removal
                 * @default 90
                 */
                max_cpu_percent: number;
                /**
                 * @description Memory use allowed on what is left
                 * @default 90
                 */
                max_memory_percent: number;
                /**
                 * @description Hosts of a cluster out of service at once, for whatever reason
                 * @default 1
                 */
                max_unavailable: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description A host that cannot be emptied
                 * @default wait
                 * @enum {string}
                 */
                on_blocked: "wait" | "skip" | "fail";
                /**
                 * @description When a host fails
                 * @default stop
                 * @enum {string}
                 */
                on_failure: "stop" | "continue" | "pause";
                /**
                 * @description Required when both blocks are given
                 * @enum {string}
                 */
                order?: "esxi_first" | "firmware_first" | "firmware_only" | "esxi_only";
                /**
                 * @description Wait for a person after the canaries
                 * @default false
                 */
                pause_after_canary: boolean;
                /**
                 * @description all_hosts: any blocker ends the job before it begins
                 * @default all_hosts
                 * @enum {string}
                 */
                precheck: "all_hosts" | "per_host";
                /**
                 * @description How long a host may take to come back (minutes)
                 * @default 45
                 */
                reboot_timeout_minutes: number;
                /** @description Save each configuration profile first; default true when firmware is in it */
                scp_backup_first?: boolean;
                /**
                 * @description Pause after each host
                 * @default 0
                 */
                soak_minutes: number;
                /**
                 * @description What vSAN does with the data of the host; sent only to vSAN hosts
                 * @default ensure_accessibility
                 * @enum {string}
                 */
                vsan_mode: "ensure_accessibility" | "evacuate_all" | "no_action";
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "rolling_update";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Register files of the media store
         * @description Registers images, depots, packages and catalogs that somebody put into the directory of the media store.
         */
        Order_scan_local_isos: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Read again only what is new or changed, or everything
                 * @default new
                 * @enum {string}
                 */
                checksums: "new" | "all";
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Rows whose file has gone become missing; none is deleted
                 * @default true
                 */
                mark_missing: boolean;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description Also the folders below
                 * @default true
                 */
                recursive: boolean;
                /**
                 * @description Write the served address of all files anew
                 * @default true
                 */
                refresh_urls: boolean;
                /** @description Only this folder of the store; default all of it */
                subdirectory?: string;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "scan_local_isos";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Save configuration profiles
         * @description Saves a Server Configuration Profile of each server, sealed, in the store.
         */
        Order_scp_export: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Parts of the configuration: ALL alone, or a set
                 * @default [
                 *       "ALL"
                 *     ]
                 */
                components: ("ALL" | "IDRAC" | "BIOS" | "NIC" | "RAID" | "FC" | "System" | "LifecycleController" | "EventFilters" | "InfiniBand" | "PCIeSSD" | "SupportAssist")[];
                /**
                 * @description Targets worked on at once
                 * @default 3
                 */
                concurrency: number;
                /** @description What the backups are for */
                description?: string;
                /**
                 * @description Default keeps identities out of an import; Clone for other servers; Replace for the same chassis slot
                 * @default Default
                 * @enum {string}
                 */
                export_use: "Default" | "Clone" | "Replace";
                /**
                 * @description JSON from iDRAC9 on
                 * @default XML
                 * @enum {string}
                 */
                format: "XML" | "JSON";
                /**
                 * @description Also the hashes of local passwords (admin)
                 * @default false
                 */
                include_password_hashes: boolean;
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /** @description Name of the backups; default: service tag and date */
                name?: string;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "scp_export";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Apply a configuration profile
         * @description Applies a Server Configuration Profile to servers and proves what became of every attribute.
         */
        Order_scp_import: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Dangerous content to let through: network, users, raid_destructive, other_service_tag
                 * @default []
                 */
                allow: ("network" | "users" | "raid_destructive" | "other_service_tag")[];
                /**
                 * @description Go on with running VMs on the host (admin)
                 * @default false
                 */
                allow_running_vms: boolean;
                /**
                 * @description Save the present profile of the server first
                 * @default true
                 */
                backup_first: boolean;
                /**
                 * @description Parts of the configuration: ALL alone, or a set
                 * @default [
                 *       "ALL"
                 *     ]
                 */
                components: ("ALL" | "IDRAC" | "BIOS" | "NIC" | "RAID" | "FC" | "System" | "LifecycleController" | "EventFilters" | "InfiniBand" | "PCIeSSD" | "SupportAssist")[];
                /**
                 * @description Targets worked on at once
                 * @default 2
                 */
                concurrency: number;
                /** @description Must equal the number of targets of a large disruptive job */
                confirm_target_count?: number;
                /** @description The profile itself, XML or JSON as plain text; it is saved first, and the job keeps only its id */
                content?: string;
                /**
                 * @description Put the vSphere host into maintenance first and bring it back
                 * @default false
                 */
                evacuate_host: boolean;
                /**
                 * @description Also move VMs that are powered off
                 * @default false
                 */
                evacuate_powered_off: boolean;
                /**
                 * @description Who moves the running VMs
                 * @default drs
                 * @enum {string}
                 */
                evacuation: "drs" | "migrate" | "none";
                /**
                 * @description Power of the server afterwards
                 * @default On
                 * @enum {string}
                 */
                host_power_state: "On" | "Off";
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Time limit for emptying a host (minutes)
                 * @default 60
                 */
                maintenance_timeout_minutes: number;
                /**
                 * @description CPU use allowed on what is left after the removal
                 * @default 90
                 */
                max_cpu_percent: number;
                /**
                 * @description Memory use allowed on what is left
                 * @default 90
                 */
                max_memory_percent: number;
                /**
                 * @description Hosts of a cluster out of service at once, for whatever reason
                 * @default 1
                 */
                max_unavailable: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description Ask the device for its own preview first; its errors refuse
                 * @default true
                 */
                preview_first: boolean;
                /**
                 * Format: uuid
                 * @description A saved profile
                 */
                scp_backup_id?: string;
                /**
                 * @description How the host is shut down for what needs a restart; NoReboot leaves that part staged
                 * @default Graceful
                 * @enum {string}
                 */
                shutdown_type: "Graceful" | "Forced" | "NoReboot";
                /**
                 * @description Time for the host to shut down (seconds)
                 * @default 300
                 */
                time_to_wait_seconds: number;
                /**
                 * @description What vSAN does with the data of the host; sent only to vSAN hosts
                 * @default ensure_accessibility
                 * @enum {string}
                 */
                vsan_mode: "ensure_accessibility" | "evacuate_all" | "no_action";
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "scp_import";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Test credentials
         * @description Finds out which credential set opens which device.
         */
        Order_test_credentials: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Write the working set to the server or host if nobody has chosen one there
                 * @default true
                 */
                assign: boolean;
                /**
                 * @description Targets worked on at once
                 * @default 20
                 */
                concurrency: number;
                /**
                 * @description first_working: stop at the first that opens the device; all: try every one, slowly
                 * @default first_working
                 * @enum {string}
                 */
                mode: "first_working" | "all";
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description Also replace a set that somebody chose (admin)
                 * @default false
                 */
                replace_explicit: boolean;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "test_credentials";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Read vCenters
         * @description Reads clusters, hosts and datastores of vCenters and links hosts to servers.
         */
        Order_vcenter_sync: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Believe an answer that lacks many known hosts (admin)
                 * @default false
                 */
                allow_mass_removal: boolean;
                /** @description Only these clusters */
                cluster_moids?: string[];
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Link hosts to servers by serial number
                 * @default true
                 */
                link_hosts: boolean;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /** @description vCenters to read; never "all" */
                vcenter_ids: string[];
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "vcenter_sync";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Bring a host back
         * @description Brings a host back from maintenance and checks that it works.
         */
        Order_verify_host: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description false: only check
                 * @default true
                 */
                exit_maintenance: boolean;
                /**
                 * @description Time limit for leaving maintenance
                 * @default 30
                 */
                exit_timeout_minutes: number;
                /**
                 * @description What must be found
                 * @default {}
                 */
                expect: {
                    /** @description Build that the host must have */
                    esxi_build?: number;
                    /** @description Firmware that the server must have */
                    firmware?: {
                        /** @description Word of full_server_update, e.g. bios */
                        component: string;
                        /** @description Version that must be installed */
                        version: string;
                    }[];
                };
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /**
                 * @description Red alarms more than before
                 * @default 0
                 */
                max_new_alarms: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description How long VMs may take to spread again
                 * @default 10
                 */
                rebalance_wait_minutes: number;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "verify_host";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Mount an image on servers
         * @description Inserts an ISO or disk image into the virtual media of servers, read by each iDRAC from the media server.
         */
        Order_virtual_media_mount: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Also boot from the virtual CD at the next start
                 * @default false
                 */
                boot_once: boolean;
                /**
                 * @description Targets worked on at once
                 * @default 8
                 */
                concurrency: number;
                /**
                 * @description Eject by itself after so long; the job runs until then; 0 = it stays
                 * @default 0
                 */
                eject_after_minutes: number;
                /**
                 * Format: uuid
                 * @description Image of kind iso or img whose file is there
                 */
                iso_image_id: string;
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * @description Eject another image first
                 * @default false
                 */
                replace: boolean;
                /**
                 * @description Which slot; auto takes what the generation offers
                 * @default auto
                 * @enum {string}
                 */
                slot: "auto" | "cd" | "usb";
                /**
                 * @description The server may not write to the image
                 * @default true
                 */
                write_protected: boolean;
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "virtual_media_mount";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        /**
         * Eject images from servers
         * @description Ejects images from the virtual media of servers; a server that holds none is left as it is.
         */
        Order_virtual_media_unmount: {
            /** @default [] */
            credential_set_ids: string[];
            details: {
                /**
                 * @description Take back a one-time boot from CD that a mount job had set
                 * @default true
                 */
                clear_boot_once: boolean;
                /**
                 * @description Targets worked on at once
                 * @default 8
                 */
                concurrency: number;
                /**
                 * @description How long to wait for another job to let go; 0 refuses at once (minutes)
                 * @default 60
                 */
                lease_wait_minutes: number;
                /** @description Free text for the audit and, for changes, the Lifecycle log */
                note?: string;
                /**
                 * Format: uuid
                 * @description Leave other images alone
                 */
                only_iso_image_id?: string;
                /**
                 * @description Which slots are emptied
                 * @default all
                 * @enum {string}
                 */
                slot: "all" | "cd" | "usb";
            };
            /** @default false */
            dry_run: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            job_type: "virtual_media_unmount";
            maintenance_window_id?: string | null;
            schedule_at?: string | null;
            /** @default {} */
            target_scope: {
                /** @default [] */
                cluster_ids: string[];
                exclude?: {
                    /** @default [] */
                    host_ids: string[];
                    /** @default [] */
                    server_ids: string[];
                };
                /** @description The query of the list of servers or hosts, resolved when the job is posted */
                filter?: {
                    hosts?: string;
                    servers?: string;
                };
                /** @default [] */
                host_ids: string[];
                /** @default [] */
                server_group_ids: string[];
                /** @default [] */
                server_ids: string[];
            };
        };
        Person: {
            /** Format: date-time */
            created_at: string;
            directory_id: string | null;
            disabled_at: string | null;
            disabled_how: string | null;
            display_name: string | null;
            dn: string | null;
            email: string | null;
            grants: {
                /** Format: date-time */
                granted_at: string;
                granted_by: string | null;
                /** @enum {string} */
                role: "viewer" | "operator" | "admin" | "auditor";
                source: string;
            }[];
            /** Format: uuid */
            id: string;
            last_login_at: string | null;
            roles: ("viewer" | "operator" | "admin" | "auditor")[];
            source: string;
            /** Format: date-time */
            updated_at: string;
            username: string;
            version: number;
        };
        /** @description RFC 9457. Never a stack, never a secret. */
        Problem: {
            /** @enum {string} */
            code: "InvalidRequest" | "Unauthenticated" | "Forbidden" | "NotFound" | "StateConflict" | "JobFinal" | "IdempotencyConflict" | "DuplicateName" | "PreconditionFailed" | "EmptyTarget" | "UnknownTarget" | "TargetNotAllowed" | "TooManyTargets" | "ConfirmationRequired" | "HostNotLinked" | "NotInCluster" | "UseRollingUpdate" | "NotSchedulable" | "WindowInvalid" | "OptionConflict" | "PayloadTooLarge" | "RateLimited" | "ServiceUnavailable" | "KeyUnavailable" | "StorageFull" | "NoCredential" | "AuthFailed" | "PasswordChangeRequired" | "PermissionMissing" | "LicenseMissing" | "Unsupported" | "TlsIdentityPending" | "TlsIdentityChanged" | "SshIdentityPending" | "SshIdentityChanged" | "IdentityMismatch" | "DeviceUnreachable" | "VcenterUnreachable" | "DeviceBusy" | "DeviceTimeout" | "SessionLimit" | "ProtocolError" | "LifecycleControllerNotReady" | "ForeignJob" | "JobQueueFull" | "LockdownMode" | "PendingConfiguration" | "OutcomeUnknown" | "DeviceJobFailed" | "VerifyFailed" | "VersionUnchanged" | "RolledBack" | "HostDidNotReturn" | "HostNotInMaintenance" | "HostNotEvacuated" | "HostStateUnknown" | "ClusterUnsafe" | "UnavailableLimit" | "LastHost" | "CpuCapacity" | "MemoryCapacity" | "HaFailover" | "AffinityRule" | "PinnedVm" | "VsanUnhealthy" | "VsanResync" | "OtherHostEntering" | "DrsNotAutomatic" | "EvacuationBlocked" | "EvacuationTimeout" | "ImageManagedCluster" | "PackageNotFound" | "PackageInvalid" | "PackageNotApplicable" | "HashMismatch" | "DowngradeRefused" | "PrerequisiteMissing" | "CatalogMissing" | "UnsupportedFileType" | "AttributeInvalid" | "RecoveryKeyMissing" | "ScpInvalid" | "ScpForbiddenContent" | "ScpPartial" | "PowerActionNotAllowed" | "MediaNotFound" | "UrlRefused" | "UrlUnreachable" | "SlotOccupied" | "DepotNotFound" | "DepotInvalid" | "ProfileNotFound" | "ProfileAmbiguous" | "UpgradePathUnsupported" | "VcenterTooOld" | "AcceptanceLevel" | "NotEnoughSpace" | "HardwareUnsupported" | "HardwareWarning" | "VibConflict" | "VibsWouldBeRemoved" | "BootDeviceLost" | "UpdateLocked" | "RebootPending" | "SshUnavailable" | "EsxiUpdateFailed" | "DirectoryUnavailable" | "DirectoryMisconfigured" | "InvalidCredentials" | "AccountDisabled" | "NoRoleMapped" | "SecretExpired" | "SyncWouldRemoveTooMany" | "WindowClosed" | "DoesNotFitWindow" | "LeaseHeld" | "StepTimeout" | "FailedHostOut" | "AttentionTimeout" | "Cancelled" | "WorkerLost" | "LoginBudget" | "WindowNotOpen" | "Evacuating" | "Rebooting" | "Resync" | "Rebalancing" | "Soaking" | "PausedByOperator" | "AttentionNeeded" | "WorkerMissing";
            /** @description What is wrong, in a sentence */
            detail: string;
            /** @description One for each bad field */
            errors?: {
                detail: string;
                /** @description JSON pointer, or ?name */
                pointer: string;
            }[];
            /** @description With 412: the version now */
            etag?: string;
            /** @description What to do about it */
            hint: string;
            /** @description Also in the log and in the audit */
            request_id: string;
            roles_allowed?: string[];
            status: number;
            title: string;
            /** @description Where the meaning of the code is told */
            type: string;
        } & {
            [key: string]: unknown;
        };
        ResumableUpload: {
            received_bytes: number;
            sha256: string | null;
            size_bytes: number;
            /** Format: uuid */
            upload_id: string;
        };
        SafetyCheck: {
            blockers: unknown;
            /** Format: date-time */
            checked_at: string;
            cluster: string | null;
            /** Format: uuid */
            cluster_id: string;
            cpu: unknown;
            drs_mode: string | null;
            facts: unknown;
            /** Format: date-time */
            facts_at: string;
            ha: unknown;
            healthy_after: number | null;
            healthy_hosts: number | null;
            /** Format: uuid */
            id: string;
            job_id: string | null;
            max_unavailable: number | null;
            memory: unknown;
            min_required: number | null;
            requested_host_ids: string[] | null;
            safe: boolean;
            total_hosts: number | null;
            vsan: unknown;
            warnings: unknown;
        };
        ScpBackup: {
            components: string[];
            contains_hashes: boolean;
            /** Format: date-time */
            created_at: string;
            created_by: string | null;
            description: string | null;
            export_use: string | null;
            format: string;
            /** Format: uuid */
            id: string;
            idrac_version: string | null;
            job_id: string | null;
            kind: string;
            last_import_job_id: string | null;
            model: string | null;
            name: string;
            pinned: boolean;
            /** Format: uuid */
            server_id: string;
            service_tag: string | null;
            sha256: string;
            size_bytes: number;
        };
        Server: {
            asset_tag: string | null;
            bios_version: string | null;
            capabilities: unknown;
            chassis_service_tag: string | null;
            cpu_cores: number | null;
            cpu_count: number | null;
            cpu_model: string | null;
            /** Format: date-time */
            created_at: string;
            credential_set_id: string | null;
            credential_state: string;
            discovered_username: string | null;
            generation: string;
            has_discovered_password: boolean;
            health_status: string;
            hostname: string | null;
            /** Format: uuid */
            id: string;
            idrac_mac: string | null;
            idrac_port: number;
            idrac_version: string | null;
            ip_address: string;
            labels: string[];
            last_discovered_at: string | null;
            last_error: unknown;
            last_health_at: string | null;
            last_inventory_at: string | null;
            last_seen_at: string | null;
            lockdown: boolean | null;
            memory_gib: number | null;
            model: string | null;
            openmanage_device_id: number | null;
            power_state: string;
            removed_at: string | null;
            service_tag: string;
            site: string;
            source: string;
            system_id: number | null;
            system_uuid: string | null;
            /** Format: date-time */
            updated_at: string;
            vcenter_host_id: string | null;
            version: number;
        };
        ServerCompliance: {
            /** Format: uuid */
            catalog_id: string;
            catalog_name: string;
            /** @description Null: the firmware of the server is not known yet */
            compared_at: string | null;
            is_default: boolean;
            /** @description One per installed component: status, reason, versions, what it needs first */
            items: unknown[];
            not_in_catalog: number;
            outdated: number;
            /** @enum {string} */
            status: "compliant" | "outdated" | "unknown";
            urgent: number;
        };
        ServerEventLog: {
            category: string | null;
            entry_id: number;
            /** Format: date-time */
            fetched_at: string;
            id: number;
            job_id: string | null;
            log: string;
            /** @description The device's clock; null when the entry has no time */
            logged_at: string | null;
            message: string;
            message_id: string | null;
            raw: unknown;
            /** Format: uuid */
            server_id: string;
            severity: string;
        };
        ServerFirmware: {
            component_id: string | null;
            component_type: string | null;
            device_id: string | null;
            /** Format: date-time */
            first_seen_at: string;
            fqdd: string;
            /** Format: uuid */
            id: string;
            installed_at: string | null;
            job_id: string | null;
            name: string | null;
            previous_version: string | null;
            /** Format: date-time */
            seen_at: string;
            /** Format: uuid */
            server_id: string;
            software_id: string | null;
            subdevice_id: string | null;
            subvendor_id: string | null;
            updateable: boolean | null;
            vendor_id: string | null;
            version: string;
        };
        ServerGroup: {
            /** Format: date-time */
            created_at: string;
            created_by: string | null;
            description: string | null;
            filter: unknown;
            /** Format: uuid */
            id: string;
            kind: string;
            name: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
        };
        ServerHealth: {
            component: string;
            faults: unknown;
            health: string | null;
            kind: string | null;
            reading: unknown;
            /** Format: date-time */
            seen_at: string;
            /** Format: uuid */
            server_id: string;
            state: string | null;
        };
        Session: {
            /** Format: date-time */
            expires_at: string;
            token: string;
            user: {
                display_name: string | null;
                /** Format: uuid */
                id: string;
                must_change_password: boolean;
                /**
                 * @description The highest of the roles
                 * @enum {string}
                 */
                role: "viewer" | "operator" | "admin" | "auditor";
                /** @description All roles; rights are their union */
                roles: ("viewer" | "operator" | "admin" | "auditor")[];
                username: string;
            };
        };
        Upload: {
            sha256: string;
            size_bytes: number;
            /** Format: uuid */
            upload_id: string;
        };
        User: {
            /** Format: date-time */
            created_at: string;
            directory_id: string | null;
            disabled_at: string | null;
            disabled_how: string | null;
            display_name: string | null;
            dn: string | null;
            email: string | null;
            /** Format: uuid */
            id: string;
            last_login_at: string | null;
            roles: ("viewer" | "operator" | "admin" | "auditor")[];
            source: string;
            /** Format: date-time */
            updated_at: string;
            username: string;
            version: number;
        };
        Vcenter: {
            api_version: string | null;
            appliance_vm_name: string | null;
            build: string | null;
            /** Format: date-time */
            created_at: string;
            credential_set_id: string | null;
            host: string;
            /** Format: uuid */
            id: string;
            instance_uuid: string | null;
            last_sync_at: string | null;
            last_sync_error: unknown;
            last_sync_status: string | null;
            missing_privileges: string[] | null;
            name: string;
            port: number;
            removed_at: string | null;
            row_version: number;
            site: string;
            sync_enabled: boolean;
            sync_interval_minutes: number;
            tls_ca_pem: string | null;
            /** Format: date-time */
            updated_at: string;
            version: string | null;
        };
    };
    responses: {
        /** @description If-Match does not hold: someone changed it; the ETag now is given */
        Changed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Does not apply in this state, or the Idempotency-Key was used for something else */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The media store is full */
        Full: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Body or query does not fit the schema; errors[] points at the fields */
        Malformed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not for this role; the roles that may are named */
        NotAllowed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body must be application/json */
        NotJson: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Well-formed, but not possible; the code says why */
        NotPossible: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Database, Temporal or key are missing; what is missing is named */
        NotReady: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No token, a wrong one, or one that has ended */
        NotSignedIn: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing (any more) */
        NotThere: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Any other refusal */
        Refused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The limit is named */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests; see Retry-After */
        TooMany: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description An error of the product itself; its log has it under the request id */
        Unexpected: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The path takes other methods; Allow has them */
        WrongMethod: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAudit: {
        parameters: {
            query?: {
                action?: string;
                actor_id?: string;
                after?: string;
                before?: string;
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                object_id?: string;
                object_kind?: string;
                request_id?: string;
                sort?: "-at" | "at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What people and rules did, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getBiosConfigurations: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                job_id?: string;
                /** @description Rows of a page */
                limit?: number;
                reason?: "read" | "before_write" | "after_write";
                server_id?: string;
                sort?: "-captured_at" | "captured_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stored BIOS settings without their attributes, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["BiosConfigurationEntry"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getBiosConfigurationsId: {
        parameters: {
            query?: {
                /** @description Another stored configuration; adds the differences from it */
                compare_with?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One stored reading with all attributes; compare_with adds the differences from another one */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BiosConfiguration"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getClusters: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                name?: string;
                /** @description Column; - for descending */
                sort?: "name" | "-name";
                vcenter_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Clusters by name: capacity, which hosts do not serve and why, the last judgement */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Cluster"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getClustersId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One cluster */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchClustersId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    max_unavailable: number | null;
                };
            };
        };
        responses: {
            /** @description Sets how many hosts of the cluster may be out at once */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postCodecDecode: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    payloads: {
                        data?: string;
                        metadata?: {
                            [key: string]: string;
                        };
                    }[];
                };
            };
        };
        responses: {
            /** @description Opens payloads of histories, as far as their keys are in the ring */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        payloads: {
                            data?: string;
                            metadata?: {
                                [key: string]: string;
                            };
                        }[];
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getCommands: {
        parameters: {
            query?: {
                after?: string;
                before?: string;
                command_type?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "SOAP" | "SSH" | "LDAP";
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                device_kind?: string;
                job_id?: string;
                /** @description Rows of a page */
                limit?: number;
                operation_type?: "discovery" | "firmware" | "power" | "bios" | "boot" | "scp" | "virtual_media" | "console" | "logs" | "inventory" | "session" | "vcenter" | "esxi" | "directory" | "openmanage" | "media";
                outcome?: string;
                /** @description Part of the path, the error or the message id */
                q?: string;
                request_id?: string;
                server_id?: string;
                sort?: "-timestamp" | "timestamp";
                status_code?: number;
                success?: "true" | "false";
                vcenter_host_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every request to every device, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Command"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getCredentialResolution: {
        parameters: {
            query: {
                ip: string;
                kind?: "idrac" | "esxi" | "vcenter";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Which credentials would be used for an address, and why */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        candidates: {
                            credential_set_id: string | null;
                            name: string;
                            source: string;
                            why: string;
                        }[];
                        choice: {
                            credential_set_id: string | null;
                            name: string;
                            source: string;
                            why: string;
                        } | null;
                        skipped: {
                            source: string;
                            why: string;
                        }[];
                        why: string;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getCredentialSets: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                credential_type?: "idrac" | "esxi" | "vcenter";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Column; - for descending */
                sort?: "name" | "-name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Credential sets by name; passwords are never shown */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CredentialSet"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postCredentialSets: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    credential_type: "idrac" | "esxi" | "vcenter";
                    description?: string | null;
                    ip_ranges?: {
                        description?: string | null;
                        ip_range: string;
                        /** @default 0 */
                        priority?: number;
                    }[];
                    is_default?: boolean;
                    name: string;
                    password?: string;
                    priority?: number;
                    ssh_private_key?: string;
                    username: string;
                    vcenter_host_id?: string | null;
                    vcenter_id?: string | null;
                };
            };
        };
        responses: {
            /** @description Adds a credential set with its address ranges */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialSet"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getCredentialSetsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One credential set */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialSet"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    deleteCredentialSetsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a credential set that nothing names any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchCredentialSetsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    description?: string | null;
                    ip_ranges?: {
                        description?: string | null;
                        ip_range: string;
                        /** @default 0 */
                        priority?: number;
                    }[];
                    is_default?: boolean;
                    name?: string;
                    password?: string;
                    priority?: number;
                    ssh_private_key?: string;
                    username?: string;
                    vcenter_host_id?: string | null;
                    vcenter_id?: string | null;
                };
            };
        };
        responses: {
            /** @description Changes a credential set; ip_ranges given replace all */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialSet"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getDiscoveryFindings: {
        parameters: {
            query?: {
                address?: string;
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                job_id?: string;
                kind?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Was the cause gone at a later look? */
                resolved?: "true" | "false";
                server_id?: string;
                sort?: "-at" | "at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What scans and syncs found and could not take over, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DiscoveryFinding"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getEsxiUpgradeProfiles: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Column; - for descending */
                sort?: "name" | "-name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Known ESXi images by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["EsxiUpgradeProfile"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postEsxiUpgradeProfiles: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description As hosts see it */
                    depot_path?: string;
                    /**
                     * Format: uuid
                     * @description Depot in our media store
                     */
                    iso_image_id?: string;
                    /** @description By which orders name it */
                    name: string;
                    notes?: string;
                    /** @description Exact name of the image profile in the depot */
                    profile_name: string;
                    /** @description A host that has it is left alone */
                    target_build?: number;
                    target_version?: string;
                };
            };
        };
        responses: {
            /** @description Gives an ESXi image a name; a preflight tells whether the depot has it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EsxiUpgradeProfile"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getEsxiUpgradeProfilesId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One known ESXi image */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EsxiUpgradeProfile"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    deleteEsxiUpgradeProfilesId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgets a known ESXi image; its depot stays */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Go on behind this event */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-Sent Events of everything from now on; Last-Event-ID resumes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getFirmwareCatalogs: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                is_default?: "true" | "false";
                /** @description Rows of a page */
                limit?: number;
                /** @description Column; - for descending */
                sort?: "name" | "-name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Imported firmware catalogs by name; import one with the job iso_upload */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FirmwareCatalog"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getFirmwareCatalogsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One catalog, and how many servers stand how against it */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirmwareCatalogDetail"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    deleteFirmwareCatalogsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes a catalog with its entries and comparisons; stored packages stay */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchFirmwareCatalogsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Where the packages lie, such as a mirror inside the site */
                    base_location?: string | null;
                    /**
                     * @description Makes it the default instead of the one that is
                     * @constant
                     */
                    is_default?: true;
                    name?: string;
                };
            };
        };
        responses: {
            /** @description Renames a catalog, points it at a mirror, or makes it the default */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirmwareCatalog"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getFirmwareCatalogsIdCompliance: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                model?: string;
                /** @description Column; - for descending */
                sort?: "service_tag" | "-service_tag";
                status?: "compliant" | "outdated" | "unknown";
                /** @description Only servers that lack an urgent update, or only the others */
                urgent?: "true" | "false";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All servers against the catalog, by service tag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CatalogCompliance"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getFirmwareCatalogsIdEntries: {
        parameters: {
            query?: {
                component_class?: "direct" | "host_reboot" | "cpld" | "idrac";
                component_id?: string;
                component_type?: string;
                /** @description Also count all rows */
                count?: "true" | "false";
                criticality?: "optional" | "recommended" | "urgent";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                package_type?: string;
                /** @description Part of the name or file name */
                search?: string;
                /** @description Column; - for descending */
                sort?: "path" | "-path";
                /** @description Four hex digits */
                system_id?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Packages that the catalog names, by path */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FirmwareCatalogEntry"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getFirmwareCatalogsIdEntriesEntryId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entry_id: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One package of the catalog */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirmwareCatalogEntry"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getFirmwarePackages: {
        parameters: {
            query?: {
                component_id?: string;
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                sha256?: string;
                /** @description Column; - for descending */
                sort?: "filename" | "-filename";
                version?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Firmware packages by file name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FirmwarePackage"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getFirmwarePackagesId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One firmware package */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirmwarePackage"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    deleteFirmwarePackagesId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Takes a package out of the store; refused while a server may read it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchFirmwarePackagesId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description How it is applied; may be more careful than what the file says of itself, never less
                     * @enum {string}
                     */
                    component_class?: "direct" | "host_reboot" | "cpld" | "idrac";
                    /** @description Shown name */
                    name?: string;
                };
            };
        };
        responses: {
            /** @description Renames a package, or has it applied more carefully */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirmwarePackage"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getHosts: {
        parameters: {
            query?: {
                cluster_id?: string;
                connection_state?: string;
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                esxi_version?: string;
                in_maintenance_mode?: "true" | "false";
                /** @description Rows of a page */
                limit?: number;
                /** @description Has a server */
                linked?: "true" | "false";
                /** @description Part of name, serial number or address */
                q?: string;
                /** @description Only those that were removed */
                removed?: "true" | "false";
                server_id?: string;
                /** @description Column; - for descending */
                sort?: "name" | "-name" | "created_at" | "-created_at";
                vcenter_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ESXi hosts; the filters are also those of target_scope.filter.hosts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Host"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getHostsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One host */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Host"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchHostsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    credential_set_id?: string | null;
                    /** @description Links by hand; null lets go */
                    server_id?: string | null;
                    ssh_port?: number | null;
                };
            };
        };
        responses: {
            /** @description Links a host to its server, or changes its credential set or SSH port */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Host"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getHostsIdIdentities: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                sort?: "-first_seen_at" | "first_seen_at";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Host keys seen from this host */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeviceIdentity"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postIdentitiesIdAccept: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pins this certificate or host key */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postIdentitiesIdReject: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Never accept this one */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getIsoImages: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                kind?: "iso" | "img" | "esxi_depot";
                /** @description Rows of a page */
                limit?: number;
                /** @description Exactly this name */
                name?: string;
                sha256?: string;
                /** @description Column; - for descending */
                sort?: "name" | "-name" | "created_at" | "-created_at";
                source_type?: "upload" | "scan" | "url";
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Images and depots by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["IsoImage"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getIsoImagesId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One image or depot */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IsoImage"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    deleteIsoImagesId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Takes an image out of the store; refused while it is mounted or a server may read it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchIsoImagesId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description Renames an image */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IsoImage"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getIsoImagesIdGrants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Servers that may read the image now, and how much each has read */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MediaGrant"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getJobTypes: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                family?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Column; - for descending */
                sort?: "job_type" | "-job_type";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The catalogue of job types */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["JobType"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getJobTypesJobType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_type: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One job type with the JSON Schema of its details and result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobType"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getJobs: {
        parameters: {
            query?: {
                cluster_id?: string;
                /** @description Also count all rows */
                count?: "true" | "false";
                created_after?: string;
                created_before?: string;
                created_by?: string;
                /** @description next_cursor of the page before */
                cursor?: string;
                host_id?: string;
                job_type?: string;
                /** @description Rows of a page */
                limit?: number;
                needs_attention?: "true" | "false";
                parent_job_id?: string;
                server_id?: string;
                sort?: "-created_at" | "created_at";
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Jobs, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["JobSummary"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postJobs: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Order_discovery_scan"] | components["schemas"]["Order_browse_datastore"] | components["schemas"]["Order_console_launch"] | components["schemas"]["Order_test_credentials"] | components["schemas"]["Order_health_check"] | components["schemas"]["Order_fetch_event_logs"] | components["schemas"]["Order_power_action"] | components["schemas"]["Order_boot_configuration"] | components["schemas"]["Order_bios_config_read"] | components["schemas"]["Order_virtual_media_mount"] | components["schemas"]["Order_virtual_media_unmount"] | components["schemas"]["Order_bios_config_write"] | components["schemas"]["Order_iso_upload"] | components["schemas"]["Order_scan_local_isos"] | components["schemas"]["Order_register_iso_url"] | components["schemas"]["Order_firmware_update"] | components["schemas"]["Order_full_server_update"] | components["schemas"]["Order_scp_export"] | components["schemas"]["Order_scp_import"] | components["schemas"]["Order_vcenter_sync"] | components["schemas"]["Order_openmanage_sync"] | components["schemas"]["Order_cluster_safety_check"] | components["schemas"]["Order_prepare_host"] | components["schemas"]["Order_verify_host"] | components["schemas"]["Order_rolling_update"] | components["schemas"]["Order_esxi_preflight"] | components["schemas"]["Order_esxi_upgrade"] | components["schemas"]["Order_esxi_then_firmware"] | components["schemas"]["Order_firmware_then_esxi"] | components["schemas"]["Order_idm_authenticate"] | components["schemas"]["Order_idm_test_connection"] | components["schemas"]["Order_idm_sync_users"];
            };
        };
        responses: {
            /** @description Orders a job; details and targets are those of its job type */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getJobsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One job with its result and attention entries */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postJobsIdAcknowledge: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Closes the job's attention entries with the caller's name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postJobsIdCancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @default graceful
                     * @enum {string}
                     */
                    mode?: "graceful" | "abort";
                };
            };
        };
        responses: {
            /** @description Stops: graceful finishes the targets in work, abort stops them at their next safe point */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getJobsIdCommands: {
        parameters: {
            query?: {
                after?: string;
                before?: string;
                command_type?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "SOAP" | "SSH" | "LDAP";
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                device_kind?: string;
                /** @description Rows of a page */
                limit?: number;
                operation_type?: "discovery" | "firmware" | "power" | "bios" | "boot" | "scp" | "virtual_media" | "console" | "logs" | "inventory" | "session" | "vcenter" | "esxi" | "directory" | "openmanage" | "media";
                outcome?: string;
                /** @description Part of the path, the error or the message id */
                q?: string;
                request_id?: string;
                sort?: "-timestamp" | "timestamp";
                status_code?: number;
                success?: "true" | "false";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The audit of device calls made for this job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Command"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getJobsIdEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Go on behind this event */
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-Sent Events of this job from its first event; Last-Event-ID resumes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postJobsIdPause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Pauses at the next safe point */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getJobsIdPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Order of hosts, steps, reboots, blockers, as planned now, and the steps done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        plan: unknown;
                        plan_version: number;
                        steps: {
                            completed_at: string | null;
                            component: string | null;
                            detail: unknown;
                            device_job_id: string | null;
                            fqdd: string | null;
                            from_version: string | null;
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            job_id: string;
                            kind: string;
                            phase: string;
                            planned_minutes: number | null;
                            reversible: boolean | null;
                            safe_to_stop: boolean | null;
                            seq: number;
                            started_at: string | null;
                            status: string;
                            task_id: string | null;
                            to_version: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postJobsIdResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Goes on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postJobsIdRetry: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    target_id?: string;
                };
            };
        };
        responses: {
            /** @description Puts failed targets back into the queue */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postJobsIdSkip: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    target_id: string;
                };
            };
        };
        responses: {
            /** @description Leaves out a target that has not begun or waits */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getJobsIdTasks: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Column; - for descending */
                sort?: "position" | "-position";
                status?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One row per target: status, progress, phase, why it waits, error, log lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["JobTask"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getMaintenanceWindows: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                maintenance_type?: "firmware" | "esxi_upgrade" | "patch" | "reboot" | "rolling_update";
                /** @description Column; - for descending */
                sort?: "title" | "-title";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Maintenance windows by title */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MaintenanceWindow"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postMaintenanceWindows: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default [] */
                    cluster_ids?: string[];
                    /** @default [] */
                    host_ids?: string[];
                    /** @enum {string} */
                    maintenance_type: "firmware" | "esxi_upgrade" | "patch" | "reboot" | "rolling_update";
                    /**
                     * Format: date-time
                     * @description After planned_start, at most 7 days; every occurrence lasts as long as the first
                     */
                    planned_end: string;
                    /** Format: date-time */
                    planned_start: string;
                    /**
                     * @description Occurrences in all
                     * @default null
                     */
                    recurrence_count?: number | null;
                    /** @default false */
                    recurrence_enabled?: boolean;
                    /**
                     * @description Cron with 5 fields
                     * @default null
                     */
                    recurrence_pattern?: string | null;
                    /** @description No occurrence begins later */
                    recurrence_until?: string | null;
                    /** @default [] */
                    server_group_ids?: string[];
                    /** @default [] */
                    server_ids?: string[];
                    /**
                     * @description IANA name; the pattern is read in it
                     * @default UTC
                     */
                    time_zone?: string;
                    title: string;
                };
            };
        };
        responses: {
            /** @description Plans a maintenance window, once or recurring */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceWindow"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getMaintenanceWindowsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One maintenance window, with its next occurrences */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceWindow"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    deleteMaintenanceWindowsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cancels a window and the jobs that wait for it; running ones go on. An open one only by an admin */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchMaintenanceWindowsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    cluster_ids?: string[];
                    host_ids?: string[];
                    /** @enum {string} */
                    maintenance_type?: "firmware" | "esxi_upgrade" | "patch" | "reboot" | "rolling_update";
                    /**
                     * Format: date-time
                     * @description After planned_start, at most 7 days; every occurrence lasts as long as the first
                     */
                    planned_end?: string;
                    /** Format: date-time */
                    planned_start?: string;
                    /** @description Occurrences in all */
                    recurrence_count?: number | null;
                    recurrence_enabled?: boolean;
                    /** @description Cron with 5 fields */
                    recurrence_pattern?: string | null;
                    /** @description No occurrence begins later */
                    recurrence_until?: string | null;
                    server_group_ids?: string[];
                    server_ids?: string[];
                    /** @description IANA name; the pattern is read in it */
                    time_zone?: string;
                    title?: string;
                };
            };
        };
        responses: {
            /** @description Changes a window; one that is open only by an admin */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceWindow"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getSafetyChecks: {
        parameters: {
            query?: {
                cluster_id?: string;
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                job_id?: string;
                /** @description Rows of a page */
                limit?: number;
                sort?: "-checked_at" | "checked_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Judgements about clusters, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SafetyCheck"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getScpBackups: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                job_id?: string;
                kind?: "export" | "before_change" | "uploaded";
                /** @description Rows of a page */
                limit?: number;
                pinned?: "true" | "false";
                server_id?: string;
                sort?: "-created_at" | "created_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Saved configuration profiles, newest first, without their content */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScpBackup"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getScpBackupsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One saved profile, without its content */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScpBackup"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    deleteScpBackupsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes a saved profile with its content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchScpBackupsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    description?: string | null;
                    name?: string;
                    pinned?: boolean;
                };
            };
        };
        responses: {
            /** @description Names a saved profile, or pins it so that it is never cleaned up */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScpBackup"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getScpBackupsIdContent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The profile itself, XML or JSON; each download is audited */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "application/xml": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServerGroups: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                kind?: "static" | "dynamic";
                /** @description Rows of a page */
                limit?: number;
                q?: string;
                /** @description Column; - for descending */
                sort?: "name" | "-name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Groups of servers by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ServerGroup"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postServerGroups: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    description?: string | null;
                    filter?: {
                        servers: string;
                    };
                    /**
                     * @default static
                     * @enum {string}
                     */
                    kind?: "static" | "dynamic";
                    name: string;
                    /** @default [] */
                    server_ids?: string[];
                };
            };
        };
        responses: {
            /** @description Adds a group */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerGroup"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServerGroupsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One group */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerGroup"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    deleteServerGroupsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a group; its servers stay */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchServerGroupsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    description?: string | null;
                    filter?: {
                        servers: string;
                    };
                    name?: string;
                    /** @description Replaces all members of a static group */
                    server_ids?: string[];
                };
            };
        };
        responses: {
            /** @description Changes a group */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerGroup"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServerGroupsIdServers: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Column; - for descending */
                sort?: "service_tag" | "-service_tag";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Servers that the group holds now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Server"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServers: {
        parameters: {
            query?: {
                cluster_id?: string;
                /** @description Also count all rows */
                count?: "true" | "false";
                credential_state?: string;
                /** @description next_cursor of the page before */
                cursor?: string;
                generation?: string;
                health_status?: string;
                ip_address?: string;
                label?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Has a vSphere host */
                linked?: "true" | "false";
                model?: string;
                power_state?: string;
                /** @description Part of name, service tag, address or model */
                q?: string;
                /** @description Only those that were removed */
                removed?: "true" | "false";
                service_tag?: string;
                site?: string;
                /** @description Column; - for descending */
                sort?: "service_tag" | "-service_tag" | "hostname" | "-hostname" | "model" | "-model" | "health_status" | "-health_status" | "ip_address" | "-ip_address" | "created_at" | "-created_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Servers; the filters are also those of target_scope.filter.servers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Server"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServersId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One server */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Server"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    deleteServersId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a server from the inventory; its history stays */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchServersId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    credential_set_id?: string | null;
                    hostname?: string | null;
                    idrac_port?: number;
                    /** Format: ipv4 */
                    ip_address?: string;
                    labels?: string[];
                    site?: string;
                };
            };
        };
        responses: {
            /** @description Changes labels (operator), or address, site and credential set (admin) */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Server"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServersIdBios: {
        parameters: {
            query?: {
                /** @description Another stored configuration; adds the differences from it */
                compare_with?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest BIOS settings read from this server, with the values that wait for a reboot */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BiosConfiguration"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServersIdCommands: {
        parameters: {
            query?: {
                after?: string;
                before?: string;
                command_type?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "SOAP" | "SSH" | "LDAP";
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                device_kind?: string;
                /** @description Rows of a page */
                limit?: number;
                operation_type?: "discovery" | "firmware" | "power" | "bios" | "boot" | "scp" | "virtual_media" | "console" | "logs" | "inventory" | "session" | "vcenter" | "esxi" | "directory" | "openmanage" | "media";
                outcome?: string;
                /** @description Part of the path, the error or the message id */
                q?: string;
                request_id?: string;
                sort?: "-timestamp" | "timestamp";
                status_code?: number;
                success?: "true" | "false";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Calls made to this server, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Command"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServersIdCompliance: {
        parameters: {
            query?: {
                catalog_id?: string;
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Column; - for descending */
                sort?: "catalog" | "-catalog";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The firmware of a server against each catalog, component by component; the default catalog first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ServerCompliance"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postServersIdConsoleTicketsTicketRef: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
                ticket_ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Takes the ticket that console_launch got: once, within 60 s, and only by who started the job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleTicket"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServersIdEventLogs: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                log?: string;
                /** @description At or after this time of the device's clock */
                logged_after?: string;
                /** @description Before this time of the device's clock */
                logged_before?: string;
                /** @description As the device writes it behind the last dot: `USR0030` */
                message_id?: string;
                /** @description Part of the message, the message id or the category */
                q?: string;
                severity?: string;
                sort?: "-logged_at" | "logged_at";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Entries of the system event log and the Lifecycle log, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ServerEventLog"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServersIdFirmware: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Column; - for descending */
                sort?: "name" | "-name";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Installed firmware */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ServerFirmware"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServersIdHealth: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Column; - for descending */
                sort?: "name" | "-name";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Health of the components */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ServerHealth"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServersIdIdentities: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                sort?: "-first_seen_at" | "first_seen_at";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Certificates seen from this server; admins accept one with POST /identities/{id}/accept */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeviceIdentity"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getServersIdJobs: {
        parameters: {
            query?: {
                cluster_id?: string;
                /** @description Also count all rows */
                count?: "true" | "false";
                created_after?: string;
                created_before?: string;
                created_by?: string;
                /** @description next_cursor of the page before */
                cursor?: string;
                host_id?: string;
                job_type?: string;
                /** @description Rows of a page */
                limit?: number;
                needs_attention?: "true" | "false";
                parent_job_id?: string;
                server_id?: string;
                sort?: "-created_at" | "created_at";
                status?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Jobs that touched this server, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["JobSummary"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                    username: string;
                };
            };
        };
        responses: {
            /** @description Signs in; the token is also set as an HttpOnly cookie */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getSessionsCurrent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        display_name: string | null;
                        /** Format: uuid */
                        id: string;
                        /**
                         * @description The highest of the roles
                         * @enum {string}
                         */
                        role: "viewer" | "operator" | "admin" | "auditor";
                        /** @description All roles; rights are their union */
                        roles: ("viewer" | "operator" | "admin" | "auditor")[];
                        username: string;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    deleteSessionsCurrent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signs out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getSettingsActivity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Settings of jobs, scans, retention and sessions */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivitySettings"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchSettingsActivity: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    allowed_device_cidrs?: (string)[];
                    background_paused?: boolean;
                    confirm_over_percent?: number;
                    confirm_over_targets?: number;
                    esxi_ssh_port?: number | null;
                    event_log_interval_minutes?: 0 | number;
                    event_log_retention_days?: number;
                    /** @enum {string} */
                    first_contact?: "pin" | "ask";
                    health_interval_minutes?: 0 | number;
                    inventory_interval_hours?: number;
                    job_retention_days?: number;
                    keep_read_bodies?: boolean;
                    log_retention_days?: number;
                    login_banner?: string | null;
                    max_request_body_bytes?: number;
                    max_response_body_bytes?: number;
                    mutation_retention_days?: number;
                    scan_in_flight?: number;
                    scan_rate_per_second?: number;
                    session_idle_minutes?: number;
                    session_max_hours?: number;
                    syslog_target?: string | null;
                    uploads_per_site?: number;
                };
            };
        };
        responses: {
            /** @description Changes activity settings */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivitySettings"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getSettingsDirectory: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The company directory: where it is, how it is laid out, which groups give which role */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DirectorySettings"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchSettingsDirectory: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    base_dn?: string | null;
                    bind_dn?: string | null;
                    bind_password?: string | null;
                    ca_pem?: string | null;
                    connect_timeout_ms?: number;
                    default_role?: ("viewer" | "operator" | "admin" | "auditor") | null;
                    enabled?: boolean;
                    group_base?: string | null;
                    group_filter?: string | null;
                    group_mappings?: {
                        /** Format: includes */
                        group_dn: string;
                        group_id?: string | null;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin" | "auditor";
                    }[];
                    nested_groups?: boolean;
                    operation_timeout_ms?: number;
                    port?: number;
                    /** @description Keep settings whose test failed */
                    save_anyway?: boolean;
                    servers?: string[];
                    sync_enabled?: boolean;
                    sync_interval_minutes?: number;
                    /** @enum {string} */
                    tls_mode?: "ldaps" | "starttls";
                    user_base?: string | null;
                    user_filter?: string | null;
                    username_attribute?: string | null;
                    /** @enum {string} */
                    vendor?: "freeipa" | "active_directory" | "ldap";
                };
            };
        };
        responses: {
            /** @description Changes the company directory; enabled settings are tested first, save_anyway keeps those that fail */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DirectorySettings"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getSettingsMedia: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Settings of the media store */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaSettings"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchSettingsMedia: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    allowed_cidrs?: (string)[];
                    allowed_hosts?: string[];
                    base_url?: string | null;
                    max_upload_gb?: number;
                };
            };
        };
        responses: {
            /** @description Changes media settings */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaSettings"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getSettingsOpenmanage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Settings of OpenManage, without the password */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenmanageSettings"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchSettingsOpenmanage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    enabled?: boolean;
                    host?: (string) | null;
                    password?: string | null;
                    port?: number;
                    sync_enabled?: boolean;
                    sync_interval_minutes?: number;
                    username?: string | null;
                };
            };
        };
        responses: {
            /** @description Changes the settings of OpenManage */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenmanageSettings"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getTokens: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Column; - for descending */
                sort?: "name" | "-name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller's API tokens (admins and auditors: all), without their secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiToken"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postTokens: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default [] */
                    allowed_cidrs?: (string)[];
                    /** @default 90 */
                    expires_in_days?: number;
                    name: string;
                    /**
                     * @description At most what the user has
                     * @enum {string}
                     */
                    role?: "viewer" | "operator" | "admin" | "auditor";
                };
            };
        };
        responses: {
            /** @description Makes an API token; it is shown once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        allowed_cidrs: string[] | null;
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        expires_at: string;
                        /** Format: uuid */
                        id: string;
                        last_used_at: string | null;
                        name: string;
                        prefix: string;
                        revoked_at: string | null;
                        role: string | null;
                        scopes: string[] | null;
                        token: string;
                        /** Format: uuid */
                        user_id: string;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getTokensId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One API token, without its secret */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiToken"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    deleteTokensId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revokes an API token */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    putUploadsFileName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Uploads a file as raw bytes; Content-Length is required */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            507: components["responses"]["Full"];
            default: components["responses"]["Refused"];
        };
    };
    postUploadsTus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begins a resumable upload (tus 1.0.0); the Location names where its bytes go */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "application/xml": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            507: components["responses"]["Full"];
            default: components["responses"]["Refused"];
        };
    };
    getUploadsTusId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far a resumable upload is; HEAD answers as tus asks for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResumableUpload"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            507: components["responses"]["Full"];
            default: components["responses"]["Refused"];
        };
    };
    deleteUploadsTusId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gives a resumable upload up and frees its room */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "application/xml": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            507: components["responses"]["Full"];
            default: components["responses"]["Refused"];
        };
    };
    patchUploadsTusId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Appends bytes to a resumable upload at its offset (tus 1.0.0) */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "application/xml": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            507: components["responses"]["Full"];
            default: components["responses"]["Refused"];
        };
    };
    getUsers: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                disabled?: "true" | "false";
                /** @description Rows of a page */
                limit?: number;
                q?: string;
                role?: "viewer" | "operator" | "admin" | "auditor";
                /** @description Column; - for descending */
                sort?: "username" | "-username";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description People with their roles, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["User"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postUsers: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    display_name?: string | null;
                    password: string;
                    /** @enum {string} */
                    role: "viewer" | "operator" | "admin" | "auditor";
                    username: string;
                };
            };
        };
        responses: {
            /** @description Adds a local account with one role */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getUsersId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One person, with where each role comes from */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchUsersId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description true ends sessions, revokes tokens for good and keeps the person out, whatever a directory says */
                    disabled?: boolean;
                    display_name?: string | null;
                    email?: string | null;
                    /** @description Of the local account of somebody else, who is asked to change it; ends the sessions */
                    password?: string;
                    /** @description Given by hand; those of the directory stay */
                    roles?: ("viewer" | "operator" | "admin" | "auditor")[];
                };
            };
        };
        responses: {
            /** @description Changes name, roles given by hand, password, or whether a person may sign in */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postUsersMePassword: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    current_password: string;
                    new_password: string;
                };
            };
        };
        responses: {
            /** @description Changes the caller's own local password and ends the other sessions */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getVcenters: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Column; - for descending */
                sort?: "name" | "-name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description vCenters by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Vcenter"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    postVcenters: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    appliance_vm_name?: string | null;
                    credential_set_id?: string | null;
                    host: string;
                    name: string;
                    port?: number;
                    site?: string;
                    sync_enabled?: boolean;
                    sync_interval_minutes?: number;
                    tls_ca_pem?: string | null;
                };
            };
        };
        responses: {
            /** @description Adds a vCenter; a vcenter_sync job reads it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vcenter"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getVcentersId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One vCenter */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vcenter"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    deleteVcentersId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a vCenter without hosts from the inventory */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    patchVcentersId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Equal requests get one answer */
                "Idempotency-Key"?: string;
                /** @description ETag of the version that is meant */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    appliance_vm_name?: string | null;
                    credential_set_id?: string | null;
                    host?: string;
                    name?: string;
                    port?: number;
                    site?: string;
                    sync_enabled?: boolean;
                    sync_interval_minutes?: number;
                    tls_ca_pem?: string | null;
                };
            };
        };
        responses: {
            /** @description Changes a vCenter */
            200: {
                headers: {
                    /** @description Version of the row */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vcenter"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["NotPossible"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
    getVcentersIdIdentities: {
        parameters: {
            query?: {
                /** @description Also count all rows */
                count?: "true" | "false";
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                sort?: "-first_seen_at" | "first_seen_at";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Certificates seen from this vCenter */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeviceIdentity"][];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["NotSignedIn"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotThere"];
            405: components["responses"]["WrongMethod"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Unexpected"];
            503: components["responses"]["NotReady"];
            default: components["responses"]["Refused"];
        };
    };
}
