package cli

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/plan"
	"github.com/dtafgen/wxt/internal/testkit"
)

// TestPlans makes a plan of each kind of change, as text and as Markdown. Diff of the
// two project files says the same.
func TestPlans(t *testing.T) {
	files, err := filepath.Glob("testdata/plan/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	top, err := os.Getwd()
	require.NoError(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			parsed, err := txtar.ParseFile(filepath.Join(top, file))
			require.NoError(t, err)
			t.Chdir(t.TempDir())
			for _, f := range parsed.Files {
				require.NoError(t, os.WriteFile(f.Name, f.Data, 0o600))
			}
			text, stderr, status := run("plan", "-f", "new.toml", "--against", "old.toml")
			require.Less(t, status, statusUsage, stderr)
			assert.Equal(t, name == "nothing", status == statusDone)
			same, _, also := run("diff", "old.toml", "new.toml")
			assert.Equal(t, text, same)
			assert.Equal(t, status, also)
			markdown, _, _ := run("plan", "-f", "new.toml", "--against", "old.toml", "--format", "markdown")
			document, _, _ := run("plan", "-f", "new.toml", "--against", "old.toml", "--format", "json")
			assert.NotContains(t, text+markdown+document, "-secret")
			var p plan.Plan
			require.NoError(t, json.Unmarshal([]byte(document), &p))
			assert.Equal(t, status == statusFound, p.Different)
			t.Chdir(top)
			testkit.Golden(t, "plan/"+name+".text", text)
			testkit.Golden(t, "plan/"+name+".md", markdown)
		})
	}
}

// TestPlanOfBase goes to the vendor's next release.
func TestPlanOfBase(t *testing.T) {
	top, err := os.Getwd()
	require.NoError(t, err)
	const others = "mobile.enabled = false\ntablet.enabled = false\n"
	inFolder(t, map[string]string{"old.toml": others + "desktop.base = 'old.zip'\n", "new.toml": others + "desktop.base = 'new.zip'\n"})
	vendorContainer(t, "old.zip")
	vendorContainer(t, "new.zip", "<call-park ", "<new-one enabled=\"%ENABLE_NEW_ONE_WXT%\"/><call-park ")
	stdout, stderr, status := run("diff", "old.toml", "new.toml")
	assert.Equal(t, statusFound, status, stderr)
	t.Chdir(top)
	testkit.Golden(t, "plan/base.text", stdout)
}

// TestPlanIsEmpty compares projects with themselves: nothing changes.
func TestPlanIsEmpty(t *testing.T) {
	for _, project := range []string{"../../testdata/ok/full.toml", "../../testdata/ok/reference.toml", "../../examples/partner/dtafgen.toml"} {
		stdout, stderr, status := run("plan", "-f", project, "--against", project, "--format", "json")
		require.Equal(t, statusDone, status, "%s%s", stdout, stderr)
		var p plan.Plan
		require.NoError(t, json.Unmarshal([]byte(stdout), &p))
		assert.Empty(t, p.Send, project)
	}
}

// TestPlanAgainstArchive compares a project with what was built of it.
func TestPlanAgainstArchive(t *testing.T) {
	inFolder(t, map[string]string{"dtafgen.toml": ""})
	_, stderr, status := run("build", "-q")
	require.Equal(t, statusDone, status, stderr)
	const archive = "dist/Business_Communicator_-_PC(R24.0).DTAF.zip"
	stdout, stderr, status := run("plan", "--against", archive)
	assert.Equal(t, statusDone, status, stdout+stderr)
	stdout, stderr, status = run("plan", "--against", archive, "--set", "desktop.device.numberOfPorts=3", "--set", "mobile.device.numberOfPorts=3", "--set", "sip.register_refresh=60")
	assert.Equal(t, statusFound, status, stderr)
	assert.Contains(t, stdout, `~ numberOfPorts: "10" -> "3"`)
	assert.Contains(t, stdout, "-import.xml: SystemDeviceTypeImportRequest\n")
	assert.NotContains(t, stdout, "mobile")
	assert.Contains(t, stdout, "note: An archive has no tag set")
	_, stderr, status = run("plan", "--against", "none.zip")
	assert.Equal(t, statusUsage, status, stderr)
	_, stderr, status = run("plan", "--against", archive, "--platform", "mobile")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "none of the project's platforms has a device type that is in it")
}

// TestPlanAgainstGit compares a project with a revision, of itself and of what it extends.
func TestPlanAgainstGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	inFolder(t, map[string]string{"brands/acme.toml": "extends = '../common.toml'\nname = 'x'\n", "common.toml": "tags.SBC_ADDRESS_WXT = 'a.example.com'\n"})
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"}, args...)...)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	git("init", "-q")
	git("add", ".")
	git("commit", "-q", "-m", "first")
	stdout, stderr, status := run("plan", "-f", "brands/acme.toml", "--against", "git:HEAD")
	assert.Equal(t, statusDone, status, stderr)
	assert.Equal(t, filepath.FromSlash("brands/acme.toml")+" does the same as git:HEAD.\n", stdout)
	require.NoError(t, os.WriteFile("common.toml", []byte("tags.SBC_ADDRESS_WXT = 'b.example.com'\n"), 0o600))
	stdout, stderr, status = run("plan", "-f", "brands/acme.toml", "--against", "git:HEAD", "--platform", "desktop")
	assert.Equal(t, statusFound, status, stderr)
	assert.Contains(t, stdout, `~ SBC_ADDRESS_WXT: "a.example.com" -> "b.example.com" (common.toml:1:24)`)
	for rev, want := range map[string]string{
		"HEAD~9": "no such revision", "--help": "no such revision", "": "no such revision",
	} {
		_, stderr, status = run("plan", "-f", "brands/acme.toml", "--against", "git:"+rev)
		assert.Equal(t, statusUsage, status)
		assert.Contains(t, stderr, want)
	}
	require.NoError(t, os.WriteFile("new.toml", nil, 0o600))
	_, stderr, status = run("plan", "-f", "new.toml", "--against", "git:HEAD")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "the revision has no new.toml")
	_, stderr, status = run("plan", "-f", "new.toml")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "--against is missing")
}
