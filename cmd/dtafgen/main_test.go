package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/dtafgen/wxt/internal/cli"
)

// TestMain lets the scripts run the test binary as dtafgen, in a process of its
// own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"dtafgen": func() { os.Exit(cli.Run(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs each script of testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != ""})
}
