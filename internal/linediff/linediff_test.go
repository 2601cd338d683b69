package linediff

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"": nil, "\n": {""}, "a": {"a"}, "a\n": {"a"}, "a\r\nb\rc": {"a", "b", "c"}, "a\n\n": {"a", ""},
	} {
		assert.Equal(t, want, Split(text), "%q", text)
	}
}

// apply makes the new lines of the old ones.
func apply(old, new []string, edits []Edit) []string {
	var out []string
	at := 0
	for _, e := range edits {
		out = append(out, old[at:e.OldStart]...)
		out = append(out, new[e.NewStart:e.NewEnd]...)
		at = e.OldEnd
	}
	return append(out, old[at:]...)
}

func words(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, " ")
}

func TestDiff(t *testing.T) {
	for _, tt := range []struct {
		old, new string
		want     []Edit
	}{
		{"", "", nil},
		{"a b", "a b", nil},
		{"", "a b", []Edit{{0, 0, 0, 2}}},
		{"a b", "", []Edit{{0, 2, 0, 0}}},
		{"a b c", "a x c", []Edit{{1, 2, 1, 2}}},
		{"a b c d", "a c d e", []Edit{{1, 2, 1, 1}, {4, 4, 3, 4}}},
		{"@@ -1,2 +1,2 @@ x", "@@ -1,2 +1,2 @@ y", []Edit{{4, 5, 4, 5}}},
		{"-- a ++", "-- b ++", []Edit{{1, 2, 1, 2}}},
		{"a b c d e f g h i j k l m n o", "a X c d e f g h i j k l m Y o", []Edit{{1, 2, 1, 2}, {13, 14, 13, 14}}},
	} {
		assert.Equal(t, tt.want, Diff(words(tt.old), words(tt.new)), "%s > %s", tt.old, tt.new)
	}
}

func TestUnified(t *testing.T) {
	old, new := words("a b c d e f g h i j k l m n o"), words("a X c d e f g h i j k l m n Y o")
	assert.Equal(t, "--- one\n+++ two\n@@ -1,5 +1,5 @@\n a\n-b\n+X\n c\n d\n e\n@@ -12,4 +12,5 @@\n l\n m\n n\n+Y\n o\n",
		Unified("one", "two", old, new, Diff(old, new)))
	assert.Empty(t, Unified("one", "two", old, old, nil))
	assert.Equal(t, "--- one\n+++ two\n@@ -0,0 +1 @@\n+a\n", Unified("one", "two", nil, words("a"), Diff(nil, words("a"))))
}

// TestPatch lets patch(1) apply what Unified returns, and undo it.
func TestPatch(t *testing.T) {
	patch := testkit.Tool(t, "patch")
	texts := [][2]string{
		{"a b c d e f g h i j k l m n o", "a X c d e f g h i j k l m n Y o"},
		{"a b c", "b c d"}, {"a a a a b", "a a b b"}, {"x", "x y"}, {"x y z", "x"}, {"x", "y"},
	}
	r := rand.New(rand.NewPCG(1, 3))
	for range 20 {
		var old, new []string
		for i := range 100 {
			line := fmt.Sprint(i, r.IntN(3))
			old = append(old, line)
			switch r.IntN(12) {
			case 0:
			case 1:
				new = append(new, "other")
			case 2:
				new = append(new, line, "more")
			default:
				new = append(new, line)
			}
		}
		texts = append(texts, [2]string{strings.Join(old, " "), strings.Join(new, " ")})
	}
	join := func(lines []string) string { return strings.Join(lines, "\n") + "\n" }
	for _, texts := range texts {
		old, new := words(texts[0]), words(texts[1])
		name := filepath.Join(t.TempDir(), "f")
		require.NoError(t, os.WriteFile(name, []byte(join(old)), 0o600))
		for _, way := range []struct {
			flag string
			want []string
		}{{"--forward", new}, {"--reverse", old}} {
			cmd := exec.Command(patch, way.flag, name)
			cmd.Stdin = strings.NewReader(Unified("f", "f", old, new, Diff(old, new)))
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			require.NotContains(t, string(out), "Hunk", "a hunk that is not where its header says")
			got, err := os.ReadFile(name)
			require.NoError(t, err)
			require.Equal(t, join(way.want), string(got))
		}
	}
}

// TestDiffIsBounded checks that lines which match in very many ways are not compared
// with each other one by one.
func TestDiffIsBounded(t *testing.T) {
	var old, new []string
	for i := range 40_000 {
		old = append(old, "line", fmt.Sprint(i%7))
		new = append(new, "line", fmt.Sprint(i%5), "line")
	}
	edits := Diff(old, new)
	require.Equal(t, new, apply(old, new, edits))
	require.Less(t, len(edits), 1000)
}

// TestManyChanges checks that a diff stays exact where lines that stay tell the places.
func TestManyChanges(t *testing.T) {
	var old, new []string
	for i := range 1000 {
		old = append(old, fmt.Sprint("kept ", i), "old")
		new = append(new, fmt.Sprint("kept ", i), "new")
	}
	require.Len(t, Diff(old, new), 1000)
}

func FuzzDiff(f *testing.F) {
	f.Add("a\nb\nc\n", "a\r\nc\r\nd")
	f.Add("", "\n\n")
	f.Add("@@ -1,1 +1,1 @@\n-\n", "+\n \n\\ No newline at end of file")
	f.Fuzz(func(t *testing.T, old, new string) {
		a, b := Split(old), Split(new)
		edits := Diff(a, b)
		require.True(t, slices.Equal(b, apply(a, b, edits)), "%q", edits)
		require.Equal(t, slices.Equal(a, b), len(edits) == 0)
		Unified("a", "b", a, b, edits)
	})
}
