// Dtafgen compiles the configuration of the Webex app for Cisco BroadWorks:
// from a project file it makes the Device Type Archive Files for desktop, mobile
// and tablet, and the tag sets that go with them. Run "dtafgen --help".
package main

import (
	"os"

	"github.com/dtafgen/wxt/internal/cli"
)

func main() {
	os.Exit(cli.Main())
}
