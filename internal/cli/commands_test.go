package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/internal/ruledoc"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// dtafgen runs the command in this process.
func dtafgen(args ...string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	status = Run(args, &out, &err)
	return status, out.String(), err.String()
}

// examples returns the command lines of a command's examples, without what the
// shell does around them.
func examples(c *cobra.Command) []string {
	var lines []string
	for line := range strings.Lines(c.Example) {
		_, rest, ok := strings.Cut(line, "dtafgen ")
		if ok {
			rest, _, _ = strings.Cut(strings.TrimSpace(rest), " | ")
			rest, _, _ = strings.Cut(rest, " >")
			rest, _, _ = strings.Cut(rest, " < ")
			lines = append(lines, strings.TrimSuffix(rest, ")"))
		}
	}
	return lines
}

// existing checks that a command line names a command and flags that there are.
func existing(t *testing.T, line string) *cobra.Command {
	words := strings.Fields(line)
	for i, word := range words {
		if names := strings.Split(word, `\|`); len(names) > 1 && i < 2 && word[0] != '-' { // "oci import\|tagset" is two commands
			for _, name := range names {
				existing(t, strings.Join(slices.Replace(slices.Clone(words), i, i+1, name), " "))
			}
			return nil
		}
	}
	c, _, err := newRoot().Find(words)
	if !assert.NoError(t, err, line) {
		return nil
	}
	for _, word := range words {
		for _, word := range strings.Split(strings.Trim(word, "[](),.;"), `\|`) {
			if long, ok := strings.CutPrefix(word, "--"); ok {
				name, _, _ := strings.Cut(long, "=")
				assert.True(t, c.Flags().Lookup(name) != nil || c.InheritedFlags().Lookup(name) != nil || name == "help" || name == "version", "%s: there is no flag --%s", line, name)
			} else if len(word) > 1 && word[0] == '-' {
				assert.True(t, c.Flags().ShorthandLookup(word[1:2]) != nil || c.InheritedFlags().ShorthandLookup(word[1:2]) != nil, "%s: there is no flag %s", line, word)
			}
		}
	}
	return c
}

// TestHelp walks all commands: each explains itself, with an example that names
// commands and flags that there are.
func TestHelp(t *testing.T) {
	for _, c := range commands(newRoot()) {
		path := c.CommandPath()
		status, out, stderr := dtafgen(append(strings.Fields(path)[1:], "--help")...)
		assert.Equal(t, statusDone, status, path)
		assert.Empty(t, stderr, path)
		assert.NotEmpty(t, c.Short, path)
		assert.NotEmpty(t, c.Long, "%s has no long text", path)
		if !c.Runnable() && c.HasParent() {
			continue
		}
		lines := examples(c)
		if assert.NotEmpty(t, lines, "%s has no example", path) {
			assert.Contains(t, out, "Examples:", path)
		}
		for _, line := range lines {
			if got := existing(t, line); got != nil && c.HasParent() {
				assert.True(t, strings.HasPrefix(got.CommandPath(), path), "%s: an example of another command: %s", path, line)
			}
		}
	}
}

// TestErrorsAreShort checks of each command that an error says what is wrong and
// where to read on, and never prints the usage.
func TestErrorsAreShort(t *testing.T) {
	for _, c := range commands(newRoot()) {
		path := strings.Fields(c.CommandPath())[1:]
		status, out, stderr := dtafgen(append(path, "--no-such-flag")...)
		assert.Equal(t, statusUsage, status, path)
		assert.Empty(t, out, path)
		assert.Contains(t, stderr, "has no flag --no-such-flag", path)
		assert.Contains(t, stderr, c.CommandPath()+" --help", path)
		assert.NotContains(t, stderr, "Usage:", path)
		if c.Runnable() {
			_, _, stderr = dtafgen(append(path, "1", "2", "3", "4", "5", "6", "7", "8", "9")...)
			assert.NotContains(t, stderr, "Usage:", path)
			assert.NotEmpty(t, stderr, path)
		}
	}
	_, _, stderr := dtafgen("chekc")
	assert.Contains(t, stderr, "check")
}

// TestFlagsComplete checks that a shell completes the value of every flag that
// takes one, or knows that there is nothing to complete.
func TestFlagsComplete(t *testing.T) {
	for _, c := range commands(newRoot()) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Value.Type() == "bool" {
				return
			}
			_, function := c.GetFlagCompletionFunc(f.Name)
			_, files := f.Annotations[cobra.BashCompFilenameExt]
			_, folders := f.Annotations[cobra.BashCompSubdirsInDir]
			assert.True(t, function || files || folders, "%s --%s completes to nothing: use complete, MarkFlagFilename, MarkFlagDirname or cobra.NoFileCompletions",
				c.CommandPath(), f.Name)
		})
	}
	for line, want := range map[string]string{
		"build --platform ":       "tablet",
		"build --mode ":           "inline",
		"build --broadworks ":     "R21SP1",
		"check --format ":         "json",
		"tags --format ":          "markdown",
		"tags --platform ":        "mobile",
		"tags ":                   "SBC_ADDRESS_WXT",
		"init --ci ":              "github",
		"completion ":             "powershell",
		"man ":                    "build",
		"":                        "jsonschema",
		"tags SBC_PORT_WXT SBC_A": "SBC_ADDRESS_WXT",
	} {
		words := strings.Split(line, " ")
		_, out, _ := dtafgen(append([]string{"__complete"}, words...)...)
		assert.Regexp(t, `(?m)^`+want+`\b`, out, line)
	}
}

// TestMarkdownOfMan checks that nothing of a long text gets lost on its way through
// Markdown.
func TestMarkdownOfMan(t *testing.T) {
	_, out, _ := dtafgen("man", "build")
	assert.Contains(t, out, "tagsets/<tag set>.oci")
	assert.Contains(t, out, `.TH "DTAFGEN-BUILD" "1"`)
	dir := t.TempDir()
	left := filepath.Join(dir, ".dtafgen.1.0123abcd.dtafgen-tmp") // by a run that was killed
	assert.NoError(t, os.WriteFile(left, nil, 0o600))
	long := time.Now().Add(-2 * atomicfile.LeftAfter)
	assert.NoError(t, os.Chtimes(left, long, long))
	status, out, stderr := dtafgen("man", "-o", dir)
	assert.Equal(t, statusDone, status, stderr)
	assert.NoFileExists(t, left)
	assert.Len(t, strings.Fields(out), len(commands(newRoot())))
	for _, page := range strings.Fields(out) {
		assert.FileExists(t, page)
	}
}

// documents returns the files of the module's documents.
func documents(t *testing.T) []string {
	var files []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pattern)))
		require.NoError(t, err)
		files = append(files, found...)
	}
	require.NotEmpty(t, files)
	return files
}

// TestDocumentedCommands checks the command lines of the documents that are not run:
// there are such commands, with such flags.
func TestDocumentedCommands(t *testing.T) {
	for _, file := range documents(t) {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for i, part := range strings.Split(string(data), "`") {
			line, ok := strings.CutPrefix(part, "dtafgen ")
			if i%2 == 1 && ok && !strings.Contains(line, "\n") {
				for _, line := range strings.Split(line, "`, `dtafgen ") {
					existing(t, line)
				}
			}
		}
	}
}

// TestLinks checks that the documents link to files that are there.
func TestLinks(t *testing.T) {
	links := 0
	for _, file := range documents(t) {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(string(data), -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			links++
			_, err := os.Stat(filepath.Join(filepath.Dir(file), filepath.FromSlash(target)))
			assert.NoError(t, err, "%s links to %s", file, target)
		}
	}
	assert.Greater(t, links, 20)
}

// page compares a page below docs with the one that is generated.
func page(t *testing.T, name, text string) {
	testkit.Golden(t, "../../../docs/"+name, text)
}

// TestCommandPages compares docs/commands with the commands.
func TestCommandPages(t *testing.T) {
	var index strings.Builder
	index.WriteString("# The commands\n\nThese pages are made of the program's own help: `go test ./internal/cli -update` writes them.\n\n| command | does |\n| --- | --- |\n")
	names := map[string]bool{"README.md": true}
	for _, c := range commands(newRoot()) {
		name := strings.ReplaceAll(c.CommandPath(), " ", "-") + ".md"
		names[name] = true
		page(t, "commands/"+name, commandPage(c))
		fmt.Fprintf(&index, "| [`%s`](%s) | %s |\n", c.CommandPath(), name, c.Short)
	}
	page(t, "commands/README.md", index.String())
	files, err := filepath.Glob("../../docs/commands/*")
	require.NoError(t, err)
	for _, file := range files {
		assert.True(t, names[filepath.Base(file)], "%s is of no command: delete it", file)
	}
}

func commandPage(c *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s.\n\n```\n%s\n```\n\n%s\n", c.CommandPath(), c.Short, c.UseLine(), markdown(c.Long))
	if c.HasAvailableSubCommands() {
		b.WriteString("\n## Commands\n\n")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() && sub.Name() != "help" {
				fmt.Fprintf(&b, "- [`%s`](%s.md): %s\n", sub.CommandPath(), strings.ReplaceAll(sub.CommandPath(), " ", "-"), sub.Short)
			}
		}
	}
	if c.Example != "" {
		b.WriteString("\n## Examples\n\n```sh\n")
		for line := range strings.Lines(c.Example) {
			b.WriteString(strings.TrimPrefix(line, "  "))
		}
		b.WriteString("\n```\n")
	}
	c.InitDefaultHelpFlag()
	for _, set := range []struct {
		title string
		flags *pflag.FlagSet
	}{{"Flags", c.NonInheritedFlags()}, {"Flags of every command", c.InheritedFlags()}} {
		if set.flags.HasAvailableFlags() {
			fmt.Fprintf(&b, "\n## %s\n\n```\n%s```\n", set.title, set.flags.FlagUsages())
		}
	}
	return b.String()
}

// TestTagPage compares docs/tags.md with the catalogue.
func TestTagPage(t *testing.T) {
	var b strings.Builder
	b.WriteString(`# The tags

The tags of the Webex app in Cisco BroadWorks Device Management, feature by feature. This page
is made of the catalogue: ` + "`go test ./internal/cli -update`" + ` writes it, and
` + "`dtafgen tags NAME`" + ` prints the same of one tag. The marks say how well a fact is known: documented,
observed, inherited or reconstructed ([what is known](known.md)). The column sums up a tag's name,
platforms and default by the one of them that is least certain.
`)
	groups := make(map[string][]tags.Tag)
	var features []string
	for tag := range tags.Default().All() {
		feature := tag.Feature
		if tag.System {
			feature = "system tags"
		}
		if groups[feature] == nil {
			features = append(features, feature)
		}
		groups[feature] = append(groups[feature], tag)
	}
	for _, feature := range features {
		fmt.Fprintf(&b, "\n## %s\n\n", feature)
		require.NoError(t, tagsMarkdown(&b, groups[feature]))
		for _, tag := range groups[feature] {
			explainMarkdown(&b, tag)
		}
	}
	page(t, "tags.md", b.String())
}

// TestRulesNameTags checks that the tags in the table of rules are in the
// catalogue, and that each tag's explanation has the checks of it.
func TestRulesNameTags(t *testing.T) {
	for _, r := range schema.Rules() {
		for _, name := range r.Tags {
			tag, ok := tags.Default().Lookup(name)
			assert.True(t, ok, "%s: there is no tag %s", r.Code, name)
			_, out, _ := dtafgen("tags", tag.Name)
			assert.Contains(t, out, "checked by  "+r.Code+" ")
		}
		for _, typ := range r.Types {
			_, err := tags.Default().Extend(tags.Tag{Name: "X", Type: typ, Platforms: tags.NewPlatformSet(tags.Desktop)})
			if err != nil {
				assert.NotContains(t, err.Error(), "unknown type", r.Code)
			}
		}
	}
	// A rule that names tags names all that its example's findings speak of.
	for _, d := range ruledoc.All() {
		r, _ := schema.LookupRule(d.Code)
		for _, name := range regexp.MustCompile(`[A-Z][A-Z0-9_]*_WXT`).FindAllString(d.Bad.Findings, -1) {
			if tag, ok := tags.Default().Lookup(name); ok && len(r.Tags) > 0 {
				assert.True(t, about(r, tag), "%s speaks of %s: name it in schema/rules.toml", r.Code, name)
			}
		}
	}
	_, out, _ := dtafgen("tags", "ENABLE_CALL_PARK_WXT")
	assert.Regexp(t, `needs +call-park: something of .*XSP`, out)
	_, out, _ = dtafgen("tags", "BWLINEPORT-1")
	assert.NotContains(t, out, "checked by")
}

func TestQuietAndVerbose(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "p.toml")
	require.NoError(t, os.WriteFile(file, []byte("[[declare]]\ntag = \"A_WXT\"\ntype = \"text\"\n"), 0o600))
	_, _, stderr := dtafgen("build", "-f", file, "-o", filepath.Join(dir, "d"))
	assert.Contains(t, stderr, "warning")
	assert.NotContains(t, stderr, "project:")
	status, out, stderr := dtafgen("build", "-f", file, "-o", filepath.Join(dir, "d"), "-q")
	assert.Equal(t, statusDone, status)
	assert.Empty(t, stderr)
	assert.NotEmpty(t, out)
	_, _, stderr = dtafgen("-v", "build", "-f", file, "-o", filepath.Join(dir, "d"))
	assert.Contains(t, stderr, "project: "+file)
	assert.Contains(t, stderr, `desktop: device type "Business Communicator - PC"`)
	assert.Contains(t, stderr, `tag set "BroadTouch_Tags": 64 tags`)

	require.NoError(t, os.WriteFile(file, []byte("tags.SBC_PORT_WXT = 0\ntags.SRTP_MODE_WXT = \"x\"\n"), 0o600))
	status, _, stderr = dtafgen("build", "-q", "-f", file, "-o", filepath.Join(dir, "e"))
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "error: SBC_PORT_WXT")
	assert.NotContains(t, stderr, "warning")
	require.NoError(t, os.WriteFile(file, []byte("tags.SRTP_ENABLED_WXT = true\n"), 0o600))
	_, _, stderr = dtafgen("preview", "--platform", "desktop", "-f", file, "--subscriber", brokenSubscriber(t))
	assert.Contains(t, stderr, "warning")
	status, _, stderr = dtafgen("preview", "-q", "--platform", "desktop", "-f", file, "--subscriber", brokenSubscriber(t))
	assert.Equal(t, statusFound, status)
	assert.Contains(t, stderr, "error: ")
	assert.NotContains(t, stderr, "warning")
	status, _, stderr = dtafgen("build", "-q", "-v")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, stderr, "can't go together")
}

// brokenSubscriber returns a subscriber file with a value that breaks the app's
// file, and without most of what the Application Server fills in.
func brokenSubscriber(t *testing.T) string {
	file := filepath.Join(t.TempDir(), "s.toml")
	require.NoError(t, os.WriteFile(file, []byte("BWLINEPORT-1 = \"a<b\"\nSRTP_MODE_WXT = \"x\"\n"), 0o600))
	return file
}
