/**
 * Names of the members that the vim25 types of this server have in version 8.0.3, in declared order, with blanks between: a
 * property path that is not here is InvalidProperty. Copied from the type information of pyVmomi 9.1.1.0, Copyright (c)
 * Broadcom, licensed under the Apache License 2.0; cut to the types used here.
 */
export const VIM_TYPES: Readonly<Record<string, string>> = {
  AboutInfo:
    'name fullName vendor version patchLevel build localeVersion localeBuild osType productLineId apiType apiVersion instanceUuid licenseProductName licenseProductVersion',
  Alarm: 'value availableField info',
  AlarmInfo:
    'name systemName description enabled expression action actionFrequency setting key alarm entity lastModifiedTime lastModifiedUser creationEventId',
  AlarmState: 'key entity alarm overallStatus time acknowledged acknowledgedByUser acknowledgedTime eventKey disabled',
  AuthorizationManager: 'privilegeList roleList description',
  CheckResult: 'vm host warning error',
  ChoiceOption: 'valueIsReadonly choiceInfo defaultIndex',
  ClusterAction: 'type target',
  ClusterAffinityRuleSpec: 'key status enabled name mandatory userCreated inCompliance ruleUuid vm',
  ClusterAntiAffinityRuleSpec: 'key status enabled name mandatory userCreated inCompliance ruleUuid vm',
  ClusterComputeResource:
    'value availableField parent customValue overallStatus configStatus configIssue effectiveRole permission name disabledMethod recentTask declaredAlarmState triggeredAlarmState alarmActionsEnabled tag resourcePool host datastore network summary environmentBrowser configurationEx lifecycleManaged configManagerEnabled configuration recommendation drsRecommendation summaryEx hciConfig migrationHistory actionHistory drsFault',
  ClusterComputeResourceSummary:
    'totalCpu totalMemory numCpuCores numCpuThreads effectiveCpu effectiveMemory numHosts numEffectiveHosts overallStatus currentFailoverLevel admissionControlInfo numVmotions targetBalance currentBalance drsScore numVmsPerDrsScoreBucket usageSummary currentEVCModeKey currentEVCGraphicsModeKey dasData clusterMaintenanceModeStatus vcsHealthStatus vcsSlots',
  ClusterConfigInfoEx:
    'vmSwapPlacement spbmEnabled defaultHardwareVersionKey maximumHardwareVersionKey systemVMsConfig dasConfig dasVmConfig drsConfig drsVmConfig rule orchestration vmOrchestration dpmConfigInfo dpmHostConfig vsanConfigInfo vsanHostConfig group infraUpdateHaConfig proactiveDrsConfig cryptoConfig',
  ClusterDasConfigInfo:
    'enabled vmMonitoring hostMonitoring vmComponentProtecting failoverLevel admissionControlPolicy admissionControlEnabled defaultVmSettings option heartbeatDatastore hBDatastoreCandidatePolicy',
  ClusterDasFdmHostState: 'state stateReporter',
  ClusterDasVmConfigInfo: 'key restartPriority powerOffOnIsolation dasSettings',
  ClusterDpmConfigInfo: 'enabled defaultDpmBehavior hostPowerActionRate option',
  ClusterDpmHostConfigInfo: 'key enabled behavior',
  ClusterDrsConfigInfo: 'enabled enableVmBehaviorOverrides defaultVmBehavior vmotionRate scaleDescendantsShares option',
  ClusterDrsFaults: 'reason faultsByVm',
  ClusterDrsFaultsFaultsByVm: 'vm fault',
  ClusterDrsMigration:
    'key time vm cpuLoad memoryLoad source sourceCpuLoad sourceMemoryLoad destination destinationCpuLoad destinationMemoryLoad',
  ClusterDrsVmConfigInfo: 'key enabled behavior',
  ClusterEnterMaintenanceResult: 'recommendations fault',
  ClusterFailoverHostAdmissionControlInfo: 'hostStatus',
  ClusterFailoverHostAdmissionControlPolicy:
    'resourceReductionToToleratePercent pMemAdmissionControlEnabled failoverHosts failoverLevel',
  ClusterFailoverLevelAdmissionControlInfo: 'currentFailoverLevel',
  ClusterFailoverLevelAdmissionControlPolicy:
    'resourceReductionToToleratePercent pMemAdmissionControlEnabled failoverLevel slotPolicy',
  ClusterFailoverResourcesAdmissionControlInfo:
    'currentCpuFailoverResourcesPercent currentMemoryFailoverResourcesPercent currentPMemFailoverResourcesPercent',
  ClusterFailoverResourcesAdmissionControlPolicy:
    'resourceReductionToToleratePercent pMemAdmissionControlEnabled cpuFailoverResourcesPercent memoryFailoverResourcesPercent failoverLevel autoComputePercentages pMemFailoverResourcesPercent autoComputePMemFailoverResourcesPercent',
  ClusterGroupInfo: 'name userCreated uniqueID',
  ClusterHostGroup: 'name userCreated uniqueID host',
  ClusterHostInfraUpdateHaModeAction: 'type target operationType',
  ClusterHostRecommendation: 'host rating',
  ClusterInfraUpdateHaConfigInfo: 'enabled behavior moderateRemediation severeRemediation providers',
  ClusterMigrationAction: 'type target drsMigration',
  ClusterRecommendation: 'key type time rating reason reasonText warningText warningDetails prerequisite action target',
  ClusterRuleInfo: 'key status enabled name mandatory userCreated inCompliance ruleUuid',
  ClusterUsageSummary:
    'totalCpuCapacityMhz totalMemCapacityMB cpuReservationMhz memReservationMB poweredOffCpuReservationMhz poweredOffMemReservationMB cpuDemandMhz memDemandMB statsGenNumber cpuEntitledMhz memEntitledMB poweredOffVmCount totalVmCount',
  ClusterVmGroup: 'name userCreated uniqueID vm',
  ClusterVmHostRuleInfo:
    'key status enabled name mandatory userCreated inCompliance ruleUuid vmGroupName affineHostGroupName antiAffineHostGroupName',
  ContainerView: 'view container type recursive',
  Datacenter:
    'value availableField parent customValue overallStatus configStatus configIssue effectiveRole permission name disabledMethod recentTask declaredAlarmState triggeredAlarmState alarmActionsEnabled tag vmFolder hostFolder datastoreFolder networkFolder datastore network configuration',
  Datastore:
    'value availableField parent customValue overallStatus configStatus configIssue effectiveRole permission name disabledMethod recentTask declaredAlarmState triggeredAlarmState alarmActionsEnabled tag info summary host vm browser capability iormConfiguration',
  DatastoreHostMount: 'key mountInfo',
  DatastoreSummary:
    'datastore name url capacity freeSpace uncommitted accessible multipleHostAccess type maintenanceMode',
  Description: 'label summary',
  ElementDescription: 'label summary key',
  EntityPrivilege: 'entity privAvailability',
  EventManager: 'description latestEvent maxCollector',
  FileInfo: 'path friendlyName fileSize modification owner',
  Folder:
    'value availableField parent customValue overallStatus configStatus configIssue effectiveRole permission name disabledMethod recentTask declaredAlarmState triggeredAlarmState alarmActionsEnabled tag childType childEntity namespace',
  FolderFileInfo: 'path friendlyName fileSize modification owner',
  GuestInfo:
    'toolsStatus toolsVersionStatus toolsVersionStatus2 toolsRunningStatus toolsVersion toolsInstallType guestId guestFamily guestFullName guestDetailedData hostName ipAddress net ipStack disk screen guestState appHeartbeatStatus guestKernelCrashed appState guestOperationsReady interactiveGuestOperationsReady guestStateChangeSupported generationInfo hwVersion customizationInfo',
  HostAccessManager: 'lockdownMode',
  HostBIOSInfo:
    'biosVersion releaseDate vendor majorRelease minorRelease firmwareMajorRelease firmwareMinorRelease firmwareType',
  HostCapability:
    'recursiveResourcePoolsSupported cpuMemoryResourceConfigurationSupported rebootSupported shutdownSupported vmotionSupported standbySupported ipmiSupported maxSupportedVMs maxRunningVMs maxSupportedVcpus maxRegisteredVMs datastorePrincipalSupported sanSupported nfsSupported iscsiSupported vlanTaggingSupported nicTeamingSupported highGuestMemSupported maintenanceModeSupported suspendedRelocateSupported restrictedSnapshotRelocateSupported perVmSwapFiles localSwapDatastoreSupported unsharedSwapVMotionSupported backgroundSnapshotsSupported preAssignedPCIUnitNumbersSupported screenshotSupported scaledScreenshotSupported storageVMotionSupported vmotionWithStorageVMotionSupported vmotionAcrossNetworkSupported maxNumDisksSVMotion maxVirtualDiskDescVersionSupported hbrNicSelectionSupported vrNfcNicSelectionSupported recordReplaySupported ftSupported replayUnsupportedReason replayCompatibilityIssues smpFtSupported ftCompatibilityIssues smpFtCompatibilityIssues maxVcpusPerFtVm loginBySSLThumbprintSupported cloneFromSnapshotSupported deltaDiskBackingsSupported perVMNetworkTrafficShapingSupported tpmSupported tpmVersion txtEnabled supportedCpuFeature virtualExecUsageSupported storageIORMSupported vmDirectPathGen2Supported vmDirectPathGen2UnsupportedReason vmDirectPathGen2UnsupportedReasonExtended supportedVmfsMajorVersion vStorageCapable snapshotRelayoutSupported firewallIpRulesSupported servicePackageInfoSupported maxHostRunningVms maxHostSupportedVcpus vmfsDatastoreMountCapable eightPlusHostVmfsSharedAccessSupported nestedHVSupported vPMCSupported interVMCommunicationThroughVMCISupported scheduledHardwareUpgradeSupported featureCapabilitiesSupported latencySensitivitySupported storagePolicySupported accel3dSupported reliableMemoryAware multipleNetworkStackInstanceSupported messageBusProxySupported vsanSupported vFlashSupported hostAccessManagerSupported provisioningNicSelectionSupported nfs41Supported nfs41Krb5iSupported turnDiskLocatorLedSupported virtualVolumeDatastoreSupported markAsSsdSupported markAsLocalSupported smartCardAuthenticationSupported pMemSupported pMemSnapshotSupported cryptoSupported oneKVolumeAPIsSupported gatewayOnNicSupported upitSupported cpuHwMmuSupported encryptedVMotionSupported encryptionChangeOnAddRemoveSupported encryptionHotOperationSupported encryptionWithSnapshotsSupported encryptionFaultToleranceSupported encryptionMemorySaveSupported encryptionRDMSupported encryptionVFlashSupported encryptionCBRCSupported encryptionHBRSupported ftEfiSupported unmapMethodSupported maxMemMBPerFtVm virtualMmuUsageIgnored virtualExecUsageIgnored vmCreateDateSupported vmfs3EOLSupported ftVmcpSupported quickBootSupported encryptedFtSupported assignableHardwareSupported suspendToMemorySupported useFeatureReqsForOldHWv markPerenniallyReservedSupported hppPspSupported deviceRebindWithoutRebootSupported storagePolicyChangeSupported precisionTimeProtocolSupported remoteDeviceVMotionSupported maxSupportedVmMemory ahDeviceHintsSupported nvmeOverTcpSupported nvmeStorageFabricServicesSupported assignHwPciConfigSupported timeConfigSupported nvmeBatchOperationsSupported pMemFailoverSupported hostConfigEncryptionSupported maxSupportedSimultaneousThreads ptpConfigSupported maxSupportedPtpPorts sgxRegistrationSupported pMemIndependentSnapshotSupported iommuSLDirtyCapable vmknicBindingSupported ultralowFixedUnmapSupported nvmeVvolSupported fptHotplugSupported mconnectSupported vsanNicMgmtSupported vvolNQNSupported stretchedSCSupported vmknicBindingOnNFSv41 vpStatusCheckSupported nConnectSupported userKeySupported ndcmSupported uefiSecureBoot',
  HostConfigInfo:
    'host product deploymentInfo hyperThread cpuScheduler consoleReservation virtualMachineReservation storageDevice multipathState fileSystemVolume systemFile network vmotion virtualNicManagerInfo capabilities datastoreCapabilities offloadCapabilities service firewall autoStart activeDiagnosticPartition option optionDef datastorePrincipal localSwapDatastore systemSwapConfiguration systemResources dateTimeInfo flags adminDisabled lockdownMode ipmi sslThumbprintInfo sslThumbprintData certificate pciPassthruInfo authenticationManagerInfo featureVersion powerSystemCapability powerSystemInfo cacheConfigurationInfo wakeOnLanCapable featureCapability maskedFeatureCapability vFlashConfigInfo vsanHostConfig domainList scriptCheckSum hostConfigCheckSum descriptionTreeCheckSum graphicsInfo sharedPassthruGpuTypes graphicsConfig sharedGpuCapabilities ioFilterInfo sriovDevicePool assignableHardwareBinding assignableHardwareConfig',
  HostConfigManager:
    'cpuScheduler datastoreSystem memoryManager storageSystem networkSystem vmotionSystem virtualNicManager serviceSystem firewallSystem advancedOption diagnosticSystem autoStartManager snmpSystem dateTimeSystem patchManager imageConfigManager bootDeviceSystem firmwareSystem healthStatusSystem pciPassthruSystem licenseManager kernelModuleSystem authenticationManager powerSystem cacheConfigurationManager esxAgentHostManager iscsiManager vFlashManager vsanSystem messageBusProxy userDirectory accountManager hostAccessManager graphicsManager vsanInternalSystem certificateManager cryptoManager nvdimmSystem assignableHardwareManager',
  HostConfigSummary:
    'name port sslThumbprint product vmotionEnabled faultToleranceEnabled featureVersion agentVmDatastore agentVmNetwork',
  HostCpuInfo: 'numCpuPackages numCpuCores numCpuThreads hz',
  HostCpuPackage: 'index vendor hz busHz description threadId cpuFeature family model stepping',
  HostDatastoreBrowser: 'datastore supportedType',
  HostDatastoreBrowserSearchResults: 'datastore folderPath file',
  HostDateTimeInfo:
    'timeZone systemClockProtocol ntpConfig ptpConfig enabled disableEvents disableFallback inFallbackState serviceSync lastSyncTime remoteNtpServer ntpRunTime ptpRunTime ntpDuration ptpDuration',
  HostDateTimeSystemTimeZone: 'key name description gmtOffset',
  HostHardwareInfo:
    'systemInfo cpuPowerManagementInfo cpuInfo cpuPkg memorySize numaInfo smcPresent pciDevice dvxClasses cpuFeature biosInfo reliableMemoryInfo persistentMemoryInfo sgxInfo sevInfo memoryTieringType memoryTierInfo',
  HostHardwareSummary:
    'vendor model uuid otherIdentifyingInfo memorySize cpuModel cpuMhz numCpuPkgs numCpuCores numCpuThreads numNics numHBAs',
  HostImageProfileSummary: 'name vendor',
  HostIpConfig: 'dhcp ipAddress subnetMask ipV6Config',
  HostListSummary:
    'host hardware runtime config quickStats overallStatus rebootRequired customValue managementServerIp maxEVCModeKey currentEVCModeKey currentEVCGraphicsModeKey gateway tpmAttestation trustAuthorityAttestationInfos',
  HostListSummaryQuickStats:
    'overallCpuUsage overallMemoryUsage distributedCpuFairness distributedMemoryFairness availablePMemCapacity uptime',
  HostMountInfo:
    'path accessMode mounted accessible inaccessibleReason vmknicName vmknicActive mountFailedReason numTcpConnections',
  HostNetworkInfo:
    'vswitch proxySwitch portgroup pnic rdmaDevice vnic consoleVnic dnsConfig ipRouteConfig consoleIpRouteConfig routeTableInfo dhcp nat ipV6Enabled atBootIpV6Enabled netStackInstance opaqueSwitch opaqueNetwork nsxTransportNodeId nvdsToVdsMigrationRequired migrationStatus',
  HostNetworkSystem:
    'value availableField capabilities networkInfo offloadCapabilities networkConfig dnsConfig ipRouteConfig consoleIpRouteConfig',
  HostNtpConfig: 'server configFile',
  HostRuntimeInfo:
    'connectionState powerState standbyMode inMaintenanceMode inQuarantineMode bootTime healthSystemRuntime dasHostState tpmPcrValues vsanRuntimeInfo networkRuntimeInfo vFlashResourceRuntimeInfo hostMaxVirtualDiskCapacity cryptoState cryptoKeyId statelessNvdsMigrationReady partialMaintenanceMode stateEncryption',
  HostRuntimeInfoStateEncryptionInfo: 'protectionMode requireSecureBoot requireExecInstalledOnly',
  HostService: 'key label required uninstallable running ruleset policy sourcePackage',
  HostServiceInfo: 'service',
  HostServiceSourcePackage: 'sourcePackageName description',
  HostServiceSystem: 'value availableField serviceInfo',
  HostSystem:
    'value availableField parent customValue overallStatus configStatus configIssue effectiveRole permission name disabledMethod recentTask declaredAlarmState triggeredAlarmState alarmActionsEnabled tag runtime summary hardware capability licensableResource remediationState precheckRemediationResult remediationResult complianceCheckState complianceCheckResult configManager config vm datastore network datastoreBrowser systemResources answerFileValidationState answerFileValidationResult',
  HostSystemIdentificationInfo: 'identifierValue identifierType',
  HostSystemInfo:
    'vendor model uuid otherIdentifyingInfo serialNumber qualifiedName vvolHostNQN vvolHostId bootCommandLine',
  HostTpmAttestationInfo: 'time status message',
  HostVMotionInfo: 'netConfig ipConfig',
  HostVirtualNic: 'device key portgroup spec port',
  HostVirtualNicManagerInfo: 'netConfig',
  HostVirtualNicSpec:
    'ip mac distributedVirtualPort portgroup mtu tsoEnabled netStackInstanceKey opaqueNetwork externalId pinnedPnic ipRouteSpec systemOwned dpuId',
  IsoImageFileInfo: 'path friendlyName fileSize modification owner',
  ListView: 'view',
  LocalizedMethodFault: 'msg faultCause faultMessage fault localizedMessage',
  NasDatastoreInfo:
    'name url freeSpace maxFileSize maxVirtualDiskCapacity maxMemoryFileSize timestamp containerId aliasOf nas',
  Network:
    'value availableField parent customValue overallStatus configStatus configIssue effectiveRole permission name disabledMethod recentTask declaredAlarmState triggeredAlarmState alarmActionsEnabled tag summary host vm',
  NoPermissionEntityPrivileges: 'entity privilegeIds',
  ParaVirtualSCSIController:
    'key deviceInfo backing connectable slotInfo controllerKey unitNumber numaNode deviceGroupInfo busNumber device hotAddRemove sharedBus scsiCtlrUnitNumber',
  PhysicalNic:
    'key device pci driver driverVersion firmwareVersion linkSpeed validLinkSpecification spec wakeOnLanSupported mac fcoeConfiguration vmDirectPathGen2Supported vmDirectPathGen2SupportedMode resourcePoolSchedulerAllowed resourcePoolSchedulerDisallowedReason autoNegotiateSupported enhancedNetworkingStackSupported ensInterruptSupported rdmaDevice dpuId',
  PhysicalNicLinkInfo: 'speedMb duplex',
  PhysicalNicSpec: 'ip linkSpeed enableEnhancedNetworkingStack ensInterruptEnabled',
  PrivilegeAvailability: 'privId isGranted',
  RemoteTSMEnabledEvent:
    'key chainId createdTime userName datacenter computeResource host vm ds net dvs fullFormattedMessage changeTag',
  ResourceAllocationInfo: 'reservation expandableReservation limit shares overheadLimit',
  ResourcePool:
    'value availableField parent customValue overallStatus configStatus configIssue effectiveRole permission name disabledMethod recentTask declaredAlarmState triggeredAlarmState alarmActionsEnabled tag summary runtime owner resourcePool vm config namespace childConfiguration',
  ServiceContent:
    'rootFolder propertyCollector viewManager about setting userDirectory sessionManager authorizationManager serviceManager perfManager scheduledTaskManager alarmManager eventManager taskManager extensionManager customizationSpecManager guestCustomizationManager customFieldsManager accountManager diagnosticManager licenseManager searchIndex fileManager datastoreNamespaceManager virtualDiskManager virtualizationManager snmpSystem vmProvisioningChecker vmCompatibilityChecker ovfManager ipPoolManager dvSwitchManager hostProfileManager clusterProfileManager complianceManager localizationManager storageResourceManager guestOperationsManager overheadMemoryManager certificateManager ioFilterManager vStorageObjectManager hostSpecManager cryptoManager healthUpdateManager failoverClusterConfigurator failoverClusterManager tenantManager siteInfoManager storageQueryManager',
  ServiceInstance: 'serverClock capability content',
  SessionManager: 'sessionList currentSession message messageLocaleList supportedLocaleList defaultLocale',
  SoftwarePackage:
    'name version type vendor acceptanceLevel summary description referenceURL creationDate depends conflicts replaces provides maintenanceModeRequired hardwarePlatformsRequired capability tag payload',
  Task: 'value availableField info',
  TaskInfo:
    'key task description name descriptionId entity entityName locked state cancelled cancelable error result progress progressDetails reason queueTime startTime completeTime eventChainId changeTag parentTaskKey rootTaskKey activationId',
  TaskManager: 'recentTask description maxCollector',
  TaskReasonUser: 'userName',
  TraversalSpec: 'name type path skip selectSet',
  UserPrivilegeResult: 'entity privileges',
  UserSession:
    'key userName fullName loginTime lastActiveTime locale messageLocale extensionSession ipAddress userAgent callCount',
  ViewManager: 'viewList',
  VirtualCdrom: 'key deviceInfo backing connectable slotInfo controllerKey unitNumber numaNode deviceGroupInfo',
  VirtualCdromIsoBackingInfo: 'fileName datastore backingObjectId',
  VirtualCdromRemotePassthroughBackingInfo: 'deviceName useAutoDetect exclusive',
  VirtualDeviceConnectInfo: 'migrateConnect startConnected allowGuestControl connected status',
  VirtualDisk:
    'key deviceInfo backing connectable slotInfo controllerKey unitNumber numaNode deviceGroupInfo capacityInKB capacityInBytes shares storageIOAllocation diskObjectId vFlashCacheConfigInfo iofilter vDiskId vDiskVersion nativeUnmanagedLinkedClone independentFilters guestReadOnly',
  VirtualDiskFlatVer2BackingInfo:
    'fileName datastore backingObjectId diskMode split writeThrough thinProvisioned eagerlyScrub uuid contentId changeId parent deltaDiskFormat digestEnabled deltaGrainSize deltaDiskFormatVariant sharing keyId',
  VirtualEthernetCardNetworkBackingInfo: 'deviceName useAutoDetect network inPassthroughMode',
  VirtualHardware:
    'numCPU numCoresPerSocket autoCoresPerSocket memoryMB virtualICH7MPresent virtualSMCPresent device motherboardLayout simultaneousThreads',
  VirtualMachine:
    'value availableField parent customValue overallStatus configStatus configIssue effectiveRole permission name disabledMethod recentTask declaredAlarmState triggeredAlarmState alarmActionsEnabled tag capability config layout layoutEx storage environmentBrowser resourcePool parentVApp resourceConfig runtime guest summary datastore network snapshot rootSnapshot guestHeartbeatStatus',
  VirtualMachineConfigInfo:
    'changeVersion modified name guestFullName version uuid createDate instanceUuid npivNodeWorldWideName npivPortWorldWideName npivWorldWideNameType npivDesiredNodeWwns npivDesiredPortWwns npivTemporaryDisabled npivOnNonRdmDisks locationId template guestId alternateGuestName annotation files tools flags consolePreferences defaultPowerOps rebootPowerOff hardware vcpuConfig cpuAllocation memoryAllocation latencySensitivity memoryHotAddEnabled cpuHotAddEnabled cpuHotRemoveEnabled hotPlugMemoryLimit hotPlugMemoryIncrementSize cpuAffinity memoryAffinity networkShaper extraConfig cpuFeatureMask datastoreUrl swapPlacement bootOptions ftInfo repConfig vAppConfig vAssertsEnabled changeTrackingEnabled firmware maxMksConnections guestAutoLockEnabled managedBy memoryReservationLockedToMax initialOverhead nestedHVEnabled vPMCEnabled scheduledHardwareUpgradeInfo forkConfigInfo vFlashCacheReservation vmxConfigChecksum messageBusTunnelEnabled vmStorageObjectId swapStorageObjectId keyId guestIntegrityInfo migrateEncryption sgxInfo contentLibItemInfo ftEncryptionMode guestMonitoringModeInfo sevEnabled numaInfo pmemFailoverEnabled vmxStatsCollectionEnabled vmOpNotificationToAppEnabled vmOpNotificationTimeout deviceSwap pmem deviceGroups fixedPassthruHotPlugEnabled metroFtEnabled metroFtHostGroup',
  VirtualMachineConfigInfoDatastoreUrlPair: 'name url',
  VirtualMachineConfigSummary:
    'name template vmPathName memorySizeMB cpuReservation memoryReservation numCpu numEthernetCards numVirtualDisks uuid instanceUuid guestId guestFullName annotation product installBootRequired ftInfo managedBy tpmPresent numVmiopBackings hwVersion',
  VirtualMachineQuestionInfo: 'id text choice message',
  VirtualMachineQuickStats:
    'overallCpuUsage overallCpuDemand overallCpuReadiness guestMemoryUsage hostMemoryUsage guestHeartbeatStatus distributedCpuEntitlement distributedMemoryEntitlement staticCpuEntitlement staticMemoryEntitlement grantedMemory privateMemory sharedMemory swappedMemory balloonedMemory consumedOverheadMemory ftLogBandwidth ftSecondaryLatency ftLatencyStatus compressedMemory uptimeSeconds ssdSwappedMemory activeMemory memoryTierStats',
  VirtualMachineRuntimeInfo:
    'device host connectionState powerState vmFailoverInProgress faultToleranceState dasVmProtection toolsInstallerMounted suspendTime bootTime suspendInterval question memoryOverhead maxCpuUsage maxMemoryUsage numMksConnections recordReplayState cleanPowerOff needSecondaryReason onlineStandby minRequiredEVCModeKey consolidationNeeded offlineFeatureRequirement featureRequirement featureMask vFlashCacheAllocation paused snapshotInBackground quiescedForkParent instantCloneFrozen cryptoState suspendedToMemory opNotificationTimeout iommuActive',
  VirtualMachineRuntimeInfoDasProtectionState: 'dasProtected',
  VirtualMachineSummary: 'vm runtime guest config storage quickStats overallStatus customValue',
  VirtualNicManagerNetConfig: 'nicType multiSelectAllowed candidateVnic selectedVnic',
  VirtualPCIPassthrough:
    'key deviceInfo backing connectable slotInfo controllerKey unitNumber numaNode deviceGroupInfo',
  VirtualPCIPassthroughDeviceBackingInfo: 'deviceName useAutoDetect id deviceId systemId vendorId',
  VirtualPCIPassthroughVmiopBackingInfo: 'vgpu vgpuMigrateDataSizeMB migrateSupported enhancedMigrateCapability',
  VirtualVmxnet3:
    'key deviceInfo backing connectable slotInfo controllerKey unitNumber numaNode deviceGroupInfo addressType macAddress wakeOnLanEnabled resourceAllocation externalId uptCompatibilityEnabled uptv2Enabled',
  VmConfigFileInfo: 'path friendlyName fileSize modification owner configVersion encryption',
  VmDiskFileInfo:
    'path friendlyName fileSize modification owner diskType capacityKb hardwareVersion controllerType diskExtents thin encryption',
  VmLogFileInfo: 'path friendlyName fileSize modification owner',
  VmfsDatastoreInfo:
    'name url freeSpace maxFileSize maxVirtualDiskCapacity maxMemoryFileSize timestamp containerId aliasOf maxPhysicalRDMFileSize maxVirtualRDMFileSize vmfs',
  VsanClusterConfigInfo: 'enabled defaultConfig vsanEsaEnabled',
  VsanHostConfigInfo: 'enabled hostSystem clusterInfo storageInfo networkInfo faultDomainInfo vsanEsaEnabled',
  VsanHostConfigInfoClusterInfo: 'uuid nodeUuid',
}
