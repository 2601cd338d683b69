package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
)

// TestTranscripts runs what stands behind "$ dtafgen" in testdata/transcripts, and
// compares what a person sees: standard output, standard error and an exit status that
// is not 0. The files behind the transcript are there. An argument with spaces stands
// between single quotation marks.
func TestTranscripts(t *testing.T) {
	names, err := filepath.Glob("testdata/transcripts/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		require.NoError(t, err)
		var out bytes.Buffer
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Chdir(t.TempDir())
			for _, f := range archive.Files {
				require.NoError(t, os.MkdirAll(filepath.Dir(f.Name), 0o700))
				require.NoError(t, os.WriteFile(f.Name, f.Data, 0o600))
			}
			transcribe(string(archive.Comment), &out)
		})
		archive.Comment = append(bytes.TrimLeft(out.Bytes(), "\n"), '\n')
		testkit.Golden(t, "transcripts/"+filepath.Base(name), string(txtar.Format(archive)))
	}
}

// transcribe runs the commands of a transcript, and writes it again.
func transcribe(text string, out *bytes.Buffer) {
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "# "):
			out.WriteString("\n" + line)
		case strings.HasPrefix(line, "$ dtafgen"):
			out.WriteString("\n" + line)
			if status := Run(arguments(strings.TrimPrefix(strings.TrimSpace(line), "$ dtafgen")), out, out); status != 0 {
				fmt.Fprintf(out, "(status %d)\n", status)
			}
		}
	}
}

// arguments splits a command line at spaces that are not quoted.
func arguments(line string) []string {
	var args []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			args = append(args, part)
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	return args
}
