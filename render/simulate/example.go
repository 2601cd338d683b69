package simulate

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/dtafgen/wxt/internal/tagname"
)

//go:embed subscriber.toml
var exampleTOML []byte

// examples are made-up values of system tags, without their line numbers.
var examples = sync.OnceValue(func() map[string]string {
	var file struct {
		Values map[string]string `toml:"values"`
	}
	if err := toml.Unmarshal(exampleTOML, &file); err != nil {
		panic("simulate: the embedded example subscriber is broken: " + err.Error())
	}
	return file.Values
})

// exampleValue returns a made-up value of a system tag, which is plainly an
// example.
func exampleValue(name string) string {
	base, line := tagname.SplitLine(name)
	v, ok := examples()[base]
	if !ok {
		v = "example-" + strings.ToLower(strings.TrimPrefix(base, "BW"))
		if line > 1 {
			v += "-{line}"
		}
	}
	line = max(line, 1)
	return strings.NewReplacer("{line}", strconv.Itoa(line), "{line2}", fmt.Sprintf("%02d", line)).Replace(v)
}
