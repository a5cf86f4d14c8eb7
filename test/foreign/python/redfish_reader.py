"""What sushy reads of a Redfish service, for a comparison with our client. Arguments: URL, user, password."""

import json
import sys

import sushy
from sushy import auth

url, user, password = sys.argv[1:4]
client = sushy.Sushy(url, auth=auth.SessionAuth(user, password), verify=False)
system = client.get_system_collection().get_members()[0]
print(
    json.dumps(
        {
            "model": system.model,
            "sku": system.sku,
            "bios": system.bios_version,
            "power": system.power_state.value,
            "idrac": client.get_manager_collection().get_members()[0].firmware_version,
            "firmware_rows": len(client.get_update_service().firmware_inventory.members_identities),
            # Our client leaves everything out that is named a password.
            "bios_attributes": len([name for name in system.bios.attributes if "password" not in name.lower()]),
        }
    )
)
client._conn._auth.close()
