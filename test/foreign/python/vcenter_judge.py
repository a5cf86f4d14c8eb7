"""A vCenter as pyVmomi sees it: reads everything, takes one host in and out of maintenance. Arguments: address, port, user,
password, name of the host, name of a datastore."""

import json
import sys

from pyVim.connect import Disconnect, SmartConnect
from pyVim.task import WaitForTask
from pyVmomi import vim, vmodl

address, port, user, password, host_name, store_name = sys.argv[1:7]


def connect(secret):
    return SmartConnect(host=address, port=int(port), user=user, pwd=secret, disableSslCertValidation=True)


def fault_of(action):
    try:
        action()
    except vmodl.MethodFault as fault:
        return type(fault).__name__.rsplit(".", 1)[-1]
    return None


found = {"wrong_password": fault_of(lambda: connect("wrong"))}
service = connect(password)
content = service.RetrieveContent()
found["about"] = [content.about.name, content.about.apiVersion, content.about.apiType]


def listed(kind):
    view = content.viewManager.CreateContainerView(content.rootFolder, [kind], True)
    try:
        return list(view.view)
    finally:
        view.Destroy()


def collected(kind, paths):
    """The property collector in pages of two, as every large reader uses it."""
    collector = content.propertyCollector
    view = content.viewManager.CreateContainerView(content.rootFolder, [kind], True)
    walk = vmodl.query.PropertyCollector.TraversalSpec(name="view", path="view", skip=False, type=type(view))
    spec = vmodl.query.PropertyCollector.FilterSpec(
        objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=view, skip=True, selectSet=[walk])],
        propSet=[vmodl.query.PropertyCollector.PropertySpec(type=kind, pathSet=paths)],
    )
    page = collector.RetrievePropertiesEx([spec], vmodl.query.PropertyCollector.RetrieveOptions(maxObjects=2))
    rows, pages, missing = [], 0, 0
    while page:
        pages += 1
        rows += [{each.name: each.val for each in one.propSet} for one in page.objects]
        missing += sum(len(one.missingSet) for one in page.objects)
        page = collector.ContinueRetrievePropertiesEx(page.token) if page.token else None
    view.Destroy()
    return rows, pages, missing


rows, pages, missing = collected(
    vim.HostSystem,
    ["name", "summary.config.product", "hardware.systemInfo", "runtime", "overallStatus", "vm", "config.service"],
)
found["pages"] = pages
found["missing"] = missing
found["hosts"] = sorted(
    [
        row["name"],
        row["summary.config.product"].version,
        row["summary.config.product"].build,
        row["hardware.systemInfo"].serialNumber,
        row["runtime"].inMaintenanceMode,
        str(row["runtime"].connectionState),
    ]
    for row in rows
)
found["clusters"] = sorted(
    [one.name, len(one.host), one.configurationEx.dasConfig.enabled, one.configurationEx.drsConfig.enabled]
    for one in listed(vim.ClusterComputeResource)
)
found["vms"] = sorted(
    [vm.name, str(vm.runtime.powerState), vm.runtime.host.name] for vm in listed(vim.VirtualMachine)
)
store = next(one for one in listed(vim.Datastore) if one.name == store_name)
search = vim.host.DatastoreBrowser.SearchSpec(
    details=vim.host.DatastoreBrowser.FileInfo.Details(
        fileType=True, fileSize=True, modification=True, fileOwner=False
    ),
    matchPattern=["*.zip"],
)
task = store.browser.SearchDatastoreSubFolders_Task(f"[{store_name}]", search)
WaitForTask(task, si=service)
found["files"] = sorted(
    [folder.folderPath, file.path, file.fileSize] for folder in task.info.result for file in folder.file
)

host = next(one for one in listed(vim.HostSystem) if one.name == host_name)
listing = content.viewManager.CreateListView([host])
unresolved = listing.ModifyListView(add=[vim.HostSystem("host-999999", service._stub)])
found["list_view"] = [len(unresolved), len(listing.view)]
listing.Destroy()

found["entered"] = str(WaitForTask(host.EnterMaintenanceMode_Task(0, True, None), si=service))
found["in_maintenance"] = [host.runtime.inMaintenanceMode, len([vm for vm in host.vm if vm.runtime.powerState == "poweredOn"])]
found["enter_again"] = fault_of(lambda: WaitForTask(host.EnterMaintenanceMode_Task(0, True, None), si=service))
found["exited"] = str(WaitForTask(host.ExitMaintenanceMode_Task(0), si=service))
found["out_again"] = not host.runtime.inMaintenanceMode
found["tasks"] = [
    [task.info.descriptionId, str(task.info.state)]
    for task in content.taskManager.recentTask
    if task.info.entityName == host_name
]
Disconnect(service)
found["after_logout"] = fault_of(lambda: service.CurrentTime())
print(json.dumps(found))
