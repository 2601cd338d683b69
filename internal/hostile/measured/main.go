// Measured is dtafgen, and tells how much memory it had at the most: in bytes, in
// the file that the environment variable MEASURED names. Tests run it, since the
// system counts the memory of a process's parent as its own.
package main

import (
	"bytes"
	"os"
	"strconv"

	"github.com/dtafgen/wxt/internal/cli"
)

func main() {
	status := cli.Main()
	if file := os.Getenv("MEASURED"); file != "" {
		if err := os.WriteFile(file, []byte(strconv.FormatInt(memory(), 10)), 0o600); err != nil {
			panic(err)
		}
	}
	os.Exit(status)
}

// memory returns the most memory that the process had in use at once, or 0 where
// the system does not tell.
func memory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if value, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			n, _ := strconv.ParseInt(string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(value), []byte("kB")))), 10, 64)
			return n << 10
		}
	}
	return 0
}
