// The command line of govmomi with the commands that the tests use. It is built here, because the released
// program is a module of its own that the module proxy does not have.
package main

import (
	"os"

	"github.com/vmware/govmomi/cli"
	_ "github.com/vmware/govmomi/cli/about"
	_ "github.com/vmware/govmomi/cli/datastore"
	_ "github.com/vmware/govmomi/cli/host"
	_ "github.com/vmware/govmomi/cli/host/maintenance"
	_ "github.com/vmware/govmomi/cli/object"
	_ "github.com/vmware/govmomi/cli/task"
)

func main() {
	os.Exit(cli.Run(os.Args[1:]))
}
