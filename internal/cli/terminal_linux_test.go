package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/tags"
)

// onTerminal runs a command on a pseudo-terminal, and returns what it shows there.
func onTerminal(t *testing.T, args ...string) (status int, shown string) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo-terminal: ", err)
	}
	defer master.Close()
	ioctl := func(request uintptr, value *uint32) {
		_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, master.Fd(), request, uintptr(unsafe.Pointer(value)))
		require.Zero(t, errno)
	}
	var locked, number uint32
	ioctl(syscall.TIOCSPTLCK, &locked)
	ioctl(syscall.TIOCGPTN, &number)
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	all := make(chan string)
	go func() {
		var b bytes.Buffer
		_, _ = io.Copy(&b, master) // it ends with an error once the other side is closed
		all <- b.String()
	}()
	status = Run(args, slave, slave)
	require.NoError(t, slave.Close())
	return status, strings.ReplaceAll(<-all, "\r\n", "\n")
}

// workshop makes a folder with the files that the examples of the commands name.
func workshop(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	write := func(name string, data []byte) {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, data, 0o600))
	}
	bundle, err := wxt.Build(&wxt.Project{}, wxt.WithPlatforms(tags.Desktop))
	require.NoError(t, err)
	vendor := bundle.Archives[0].Archive
	bytesOf := func(a *dtaf.Archive) []byte {
		data, err := a.Bytes(wxt.Month{Year: 2026, Month: 11}.Time())
		require.NoError(t, err)
		return data
	}
	mine := vendor.Clone()
	for f := range vendor.Files() {
		if !strings.HasSuffix(f.Name, ".template") {
			continue
		}
		write("old/config-wxt.xml.template", f.Data)
		changed := bytes.ReplaceAll(f.Data, []byte("%SBC_PORT_WXT%"), []byte("5061"))
		write("new/config-wxt.xml.template", changed)
		require.NoError(t, mine.Put(f.Name, changed))
	}
	const name = "ucone-desktop-ucaas-3.9.18-wxt-Nov2026_DTAF.zip"
	for _, path := range []string{
		"vendor/" + name, name, "ucone-desktop-ucaas-3.9.17-wxt-Oct2026_DTAF.zip", "vendor/3.9.17.zip", "vendor/3.9.18.zip", "vendor/4.1.0.zip",
		"a.zip", "b.zip", "old.zip", "vendor.zip", "phone.zip", "dist/Business_Communicator_-_PC(R24.0).DTAF.zip",
	} {
		write(path, bytesOf(vendor))
	}
	for _, path := range []string{"acme.zip", "mine.zip", "dist/desktop.zip"} {
		write(path, bytesOf(mine))
	}
	const project = "[access]\nhost = \"xsp.acme.example\"\n[tags]\nSBC_ADDRESS_WXT = \"192.0.2.1\"\nUSE_TLS_WXT = true\n"
	for _, path := range []string{"acme.toml", "acme-lab.toml", "acme-last-month.toml", "last-year.toml", "customers/a.toml"} {
		write(path, []byte(project+"[desktop]\nbase = \"../"+filepath.Base(must(t))+"/vendor/3.9.18.zip\"\n"))
	}
	write("customers/a.toml", []byte(project))
	write("dtafgen.toml", []byte(project+"[desktop]\nbase = \"a.zip\"\n"))
	write("berlin.toml", []byte("[[group]]\nservice_provider = \"acme\"\nid = \"berlin\"\n[group.tags]\nSBC_PORT_WXT = 5062\n"))
	write("alice.toml", []byte("id = \"alice\"\n"))
	write("all.csv", []byte("id,SBC_PORT_WXT\nalice,5061\n"))
	write("export.csv", []byte("Login,Office\nalice,Berlin\n"))
}

// must returns the current folder.
func must(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	return dir
}

const escape = "\x1b["

// TestTerminalHelp checks the help of all commands as a terminal shows it.
func TestTerminalHelp(t *testing.T) {
	for _, c := range commands(newRoot()) {
		status, shown := onTerminal(t, append(strings.Fields(c.CommandPath())[1:], "--help")...)
		assert.Equal(t, statusDone, status, c.CommandPath())
		assert.NotContains(t, shown, escape)
		for line := range strings.Lines(shown) {
			assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), helpWidth, "%s: %s", c.CommandPath(), line)
		}
	}
}

// TestTerminalColor checks that what commands print of findings and differences has
// colors on a terminal, and none where the environment wants none.
func TestTerminalColor(t *testing.T) {
	workshop(t)
	t.Setenv("TERM", "xterm")
	for _, line := range []string{
		"check", "build -o out", "diff old.zip mine.zip", "diff --unified old.zip mine.zip", "preview --platform desktop", "report -f none.toml -o x.html",
		"upgrade --old a.zip --new mine.zip -f dtafgen.toml -o up", "check vendor.zip acme.zip", "render --platform desktop --subscribers bad.csv -o x",
	} {
		require.NoError(t, os.WriteFile("bad.csv", []byte("id,SBC_PORT_WXT\nalice,many\n"), 0o600))
		args := strings.Fields(line)
		t.Setenv("NO_COLOR", "")
		_, shown := onTerminal(t, args...)
		if strings.Contains(shown, ": warning: ") || strings.Contains(shown, "[WXT") {
			assert.Contains(t, shown, escape, "%s:\n%s", line, shown)
		}
		t.Setenv("NO_COLOR", "1")
		_, shown = onTerminal(t, args...)
		assert.NotContains(t, shown, escape, line)
	}
	t.Setenv("NO_COLOR", "")
	for _, line := range []string{"check", "build -o out2", "diff --unified old.zip mine.zip", "plan --against customers/a.toml"} {
		_, shown := onTerminal(t, strings.Fields(line)...)
		assert.Contains(t, shown, escape, "%s:\n%s", line, shown)
	}
}

// TestExamplesRun runs every example of the commands' help on a terminal, in a folder
// that has the files they name.
func TestExamplesRun(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	for _, c := range commands(newRoot()) {
		for _, line := range examples(c) {
			if c.CommandPath() == "dtafgen" && line == "init acme" || strings.HasPrefix(line, "man -o /") {
				continue // of the first the next examples need the files; the second writes to the system
			}
			t.Run(line, func(t *testing.T) {
				workshop(t)
				if strings.HasPrefix(line, "check -f acme/") || strings.HasPrefix(line, "build -f acme/") {
					require.Equal(t, statusDone, Run([]string{"init", "acme"}, io.Discard, io.Discard))
				}
				if strings.HasPrefix(line, "init") {
					require.NoError(t, os.Remove("dtafgen.toml"))
				}
				var args []string
				for _, word := range arguments(strings.ReplaceAll(line, `"`, "'")) {
					if found, _ := filepath.Glob(word); strings.ContainsRune(word, '*') && len(found) > 0 {
						args = append(args, found...)
					} else {
						args = append(args, word)
					}
				}
				feed(t, args)
				status, shown := onTerminal(t, args...)
				assert.LessOrEqual(t, status, statusFound, shown)
			})
		}
	}
}

// feed gives an example what it reads apart from files: standard input, a response or a
// repository.
func feed(t *testing.T, args []string) {
	t.Helper()
	line := strings.Join(args, " ")
	switch {
	case strings.Contains(line, "git:"):
		for _, words := range []string{"init -q", "add -A", "-c user.name=a -c user.email=a@example.com commit -q -m a"} {
			require.NoError(t, exec.Command("git", strings.Fields(words)...).Run())
		}
	case strings.HasPrefix(line, "oci compare"):
		require.NoError(t, os.WriteFile("response.xml", []byte(emptyTagSet), 0o600))
		standardInput(t, "response.xml")
	case strings.Contains(line, "--subscribers -"):
		standardInput(t, "all.csv")
	}
}

const emptyTagSet = `<?xml version="1.0" encoding="ISO-8859-1"?>
<BroadsoftDocument protocol="OCI" xmlns="C" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <sessionId xmlns="">x</sessionId>
  <command xsi:type="SystemDeviceManagementTagGetListResponse" xmlns="">
    <tagsTable><colHeading>Tag Name</colHeading><colHeading>Tag Value</colHeading></tagsTable>
  </command>
</BroadsoftDocument>
`

// standardInput has a file for standard input until the test ends.
func standardInput(t *testing.T, name string) {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	was := os.Stdin
	os.Stdin = f
	t.Cleanup(func() {
		os.Stdin = was
		_ = f.Close()
	})
}
