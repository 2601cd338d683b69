package tomlfile

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const document = `a.b = 1
"q\u0041" = "x"
[t.'u']
x = [1, 'b', {c = true}]
y = {d = "", e.f = 0x10}
[[arr]]
z   =   false # z
[[arr]]
z = 2026-11-01
[arr.sub]
m = '''
a'''
["e"]
n = [[1], [2, 3]]
`

func TestFind(t *testing.T) {
	places, err := Find([]byte(document))
	require.NoError(t, err)
	got := map[string]string{}
	for path, p := range places {
		rest := func(at int) string { return fmt.Sprintf("%.3s", document[at:]) }
		got[fmt.Sprintf("%q", path)] = rest(p.Key) + "|" + rest(p.Value)
	}
	want := map[string]string{}
	for path, text := range map[string]string{
		Path("a"): "a.b|a.b", Path("a", "b"): "b =|1\n\"", Path("qA"): `"q\|"x"`,
		Path("t"): "t.'|t.'", Path("t", "u"): "'u'|'u'", Path("t", "u", "x"): "x =|[1,",
		Path("t", "u", "x", 0): "1, |1, ", Path("t", "u", "x", 1): "'b'|'b'", Path("t", "u", "x", 2): "{c |{c ",
		Path("t", "u", "x", 2, "c"): "c =|tru", Path("t", "u", "y"): "y =|{d ", Path("t", "u", "y", "d"): `d =|"",`,
		Path("t", "u", "y", "e"): "e.f|e.f", Path("t", "u", "y", "e", "f"): "f =|0x1",
		Path("arr"): "arr|arr", Path("arr", 0): "arr|arr", Path("arr", 1): "arr|arr",
		Path("arr", 0, "z"): "z  |fal", Path("arr", 1, "z"): "z =|202",
		Path("arr", 1, "sub"): "sub|sub", Path("arr", 1, "sub", "m"): "m =|'''",
		Path("e"): `"e"|"e"`, Path("e", "n"): "n =|[[1",
		Path("e", "n", 0): "[[1|[[1", Path("e", "n", 0, 0): "1],|1],",
		Path("e", "n", 1): "[[1|[[1", Path("e", "n", 1, 0): "2, |2, ", Path("e", "n", 1, 1): "3]]|3]]",
	} {
		want[fmt.Sprintf("%q", path)] = text
	}
	assert.Empty(t, cmp.Diff(want, got))
}

// FuzzFind checks that every key that the TOML decoder sees has a place.
func FuzzFind(f *testing.F) {
	f.Add([]byte(document))
	f.Add([]byte("[a]\nb.c = {d = [{e = 1}]}\n[[f.g]]\n[[f.g]]\nh = 1"))
	f.Add([]byte("\"\" = 1\n'%A%' = true"))
	f.Fuzz(func(t *testing.T, src []byte) {
		places, err := Find(src)
		for path, p := range places {
			require.True(t, p.Key >= 0 && p.Key <= len(src) && p.Value >= p.Key && p.Value <= len(src), "%q", path)
		}
		var tree map[string]any
		if toml.Unmarshal(src, &tree) != nil || err != nil {
			return
		}
		checkTree(t, places, "", tree)
		// Tables may nest by headers and by keys at once.
		depth, offset := Depth(string(src))
		require.GreaterOrEqual(t, 4*(depth+1), treeDepth(tree))
		require.LessOrEqual(t, offset, len(src))
	})
}

func checkTree(t *testing.T, places map[string]Place, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, child := range v {
			p := k
			if path != "" {
				p = path + "\x00" + k
			}
			require.Contains(t, places, p)
			checkTree(t, places, p, child)
		}
	case []map[string]any:
		for i, child := range v {
			checkTree(t, places, path+"\x00"+strconv.Itoa(i), child)
		}
	case []any:
		for i, child := range v {
			p := path + "\x00" + strconv.Itoa(i)
			require.Contains(t, places, p)
			checkTree(t, places, p, child)
		}
	}
}

func TestEnd(t *testing.T) {
	for _, test := range []struct {
		src   string
		isKey bool
		want  string
	}{
		{`abc.d = 1`, true, "abc"}, {`abc=1`, true, "abc"}, {`abc]`, true, "abc"}, {`"a b" = 1`, true, `"a b"`}, {`'a.b'.c`, true, `'a.b'`},
		{`1.5 # c`, false, "1.5"}, {`true,`, false, "true"}, {`"a\"]" ]`, false, `"a\"]"`}, {"\"\"\"\na\"\"\"\n", false, "\"\"\"\na\"\"\""},
		{`''`, false, `''`}, {`[1]`, false, ""}, {`{a = 1}`, false, ""}, {``, false, ""}, {`12`, false, "12"}, {`"open`, false, `"open`},
	} {
		assert.Equal(t, test.want, test.src[:End(test.src, 0, test.isKey)], test.src)
	}
}
