package testkit

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	ociRoot = regexp.MustCompile(`<BroadsoftDocument protocol="(\w*)" xmlns="C" ([^>]*)>`)
	verdict = regexp.MustCompile(`(?m)/(\d+)\.xml (validates|fails to validate)$`)
)

// OCISchema says which of some BroadsoftDocuments the OCI schema takes, and why it
// refuses the others. It reads the schema once, which takes longer than all else. As
// manifests have no session and xmllint knows no xsi:type under xmlns="", it reads
// copies with a sessionId and a prefixed root.
func OCISchema(t testing.TB, documents [][]byte) (takes []bool, why string) {
	t.Helper()
	args := []string{"--noout", "--nonet", "--schema", Shared(t, "oci-schema/OCISchemaAS.xsd")}
	xmllint := Oracle(t, "xmllint")
	dir := t.TempDir()
	for i, d := range documents {
		text, session := string(d), "<sessionId>none</sessionId>"
		if strings.Contains(text, "<sessionId") {
			session = ""
		}
		text = ociRoot.ReplaceAllString(text, `<c:BroadsoftDocument xmlns:c="C" protocol="$1" $2>`+session)
		text = strings.ReplaceAll(text, "</BroadsoftDocument>", "</c:BroadsoftDocument>")
		text = strings.ReplaceAll(text, ` xmlns=""`, "")
		name := filepath.Join(dir, fmt.Sprintf("%d.xml", i))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		args = append(args, name)
	}
	out, _ := exec.Command(xmllint, args...).CombinedOutput()
	takes = make([]bool, len(documents))
	verdicts := verdict.FindAllStringSubmatch(string(out), -1)
	require.Len(t, verdicts, len(documents), "%.2000s", out)
	for _, v := range verdicts {
		i, err := strconv.Atoi(v[1])
		require.NoError(t, err)
		takes[i] = v[2] == "validates"
	}
	return takes, string(out)
}
