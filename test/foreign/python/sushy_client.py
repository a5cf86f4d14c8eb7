"""An iDRAC as sushy sees it: reads, then changes it. Arguments: URL, user, password, URL of an image."""

import json
import sys
import time

import sushy
from sushy import auth

url, user, password, image = sys.argv[1:5]


def refused(password):
    try:
        sushy.Sushy(url, auth=auth.SessionAuth(user, password), verify=False).get_system_collection()
    except sushy.exceptions.AccessError:
        return True
    return False


def power_of(system):
    """The state once it rests: a server passes through PoweringOn and PoweringOff."""
    deadline = time.monotonic() + 20
    while True:
        system.refresh()
        state = system.power_state.value
        if state in ("On", "Off") or time.monotonic() > deadline:
            return state
        time.sleep(0.1)


client = sushy.Sushy(url, auth=auth.SessionAuth(user, password), verify=False)
system = client.get_system_collection().get_members()[0]
manager = client.get_manager_collection().get_members()[0]
found = {
    "wrong_password_refused": refused("wrong"),
    "redfish_version": client.redfish_version,
    "id": system.identity,
    "manufacturer": system.manufacturer,
    "model": system.model,
    "sku": system.sku,
    "bios_version": system.bios_version,
    "power": system.power_state.value,
    "resets": sorted(reset.value for reset in system.get_allowed_reset_system_values()),
    "processors": len(system.processors.get_members()),
    "nics": len(system.ethernet_interfaces.get_members()),
    "drives": sum(len(storage.drives) for storage in system.storage.get_members()),
    "manager_version": manager.firmware_version,
    "firmware_rows": len(client.get_update_service().firmware_inventory.get_members()),
    "registries": sorted(registry.identity for registry in client._get_registry_collection().get_members()),
    "sessions": len(client.get_session_service().sessions.get_members()),
}

system.set_system_boot_options(sushy.BootSource.PXE, enabled=sushy.BootSourceOverrideEnabled.ONCE)
system.refresh()
found["boot"] = [system.boot.target.value, system.boot.enabled.value]

drive = next(
    one for one in manager.virtual_media.get_members() if sushy.VirtualMediaType.CD in one.media_types
)
drive.insert_media(image)
drive.refresh()
found["inserted"] = [drive.inserted, drive.image]
drive.eject_media()
drive.refresh()
found["ejected"] = not drive.inserted

bios = system.bios
found["bios_attributes"] = len(bios.attributes)
before = bios.attributes["ProcVirtualization"]
wanted = "Disabled" if before == "Enabled" else "Enabled"
bios.set_attribute("ProcVirtualization", wanted, apply_time=sushy.ApplyTime.ON_RESET)
bios.refresh()
found["bios_pending"] = bios.pending_attributes == {"ProcVirtualization": wanted}
found["bios_unchanged"] = bios.attributes["ProcVirtualization"] == before

found["power_after"] = []
for reset in (sushy.ResetType.FORCE_OFF, sushy.ResetType.ON):
    system.reset_system(reset)
    found["power_after"].append(power_of(system))

client._conn._auth.close()
print(json.dumps(found))
