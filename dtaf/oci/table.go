package oci

import (
	_ "embed" // for requests.toml
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed requests.toml
var requestsTOML string

// table is the model of requests.toml. It does not change once it is read.
type table struct {
	requests map[string]*Type
	names    []string // of the requests, in the table's order
	families []*family
	complex  map[string]*Type
	simple   map[string]ValueType
}

// model reads the embedded table at the first call. The table is a part of the
// program, so that an error in it is one of the program's.
var model = sync.OnceValue(func() *table {
	t, err := readTable(requestsTOML)
	if err != nil {
		panic("oci: requests.toml: " + err.Error())
	}
	return t
})

// A family is the versions of one request or complex type, oldest first.
type family struct {
	name  string
	types []*Type
}

// The table as it is written.
type (
	tableFile struct {
		Request []typeEntry
		Complex []typeEntry
		Simple  map[string]simpleEntry
	}
	typeEntry struct {
		Name     string
		Versions []string
		Since    string
		Elements []elementEntry
	}
	elementEntry struct {
		Name      string
		Type      string
		Optional  bool
		Nillable  bool
		Unbounded bool
		Choice    int
		Default   string
		Fixed     string
		In        string
		Since     string
	}
	simpleEntry struct {
		Base         string
		MinLength    int   `toml:"minLength"`
		MaxLength    int   `toml:"maxLength"`
		MinInclusive int64 `toml:"minInclusive"`
		MaxInclusive int64 `toml:"maxInclusive"`
		Enumeration  []string
	}
)

// firstVersion is how the table spells the version without a name.
const firstVersion = "first"

func readTable(text string) (*table, error) {
	var file tableFile
	meta, err := toml.Decode(text, &file)
	if err != nil {
		return nil, err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("unknown key %s", unknown[0])
	}
	t := &table{requests: make(map[string]*Type), complex: make(map[string]*Type), simple: make(map[string]ValueType)}
	for _, base := range []string{"xs:boolean", "xs:token", "xs:base64Binary"} {
		t.simple[base] = ValueType{Name: base, Base: base}
	}
	t.simple["xs:int"] = ValueType{Name: "xs:int", Base: "xs:int", Min: math.MinInt32, Max: math.MaxInt32}
	for name, e := range file.Simple {
		v, ok := t.simple[e.Base]
		if !ok {
			return nil, fmt.Errorf("simple type %s: unknown base %q", name, e.Base)
		}
		v.Name = name
		v.MinLength, v.MaxLength, v.Enumeration = e.MinLength, e.MaxLength, e.Enumeration
		if meta.IsDefined("simple", name, "minInclusive") {
			v.Min = e.MinInclusive
		}
		if meta.IsDefined("simple", name, "maxInclusive") {
			v.Max = e.MaxInclusive
		}
		t.simple[name] = v
	}
	for _, e := range file.Complex {
		if _, err := t.add(e, t.complex); err != nil {
			return nil, err
		}
	}
	for _, e := range file.Request {
		f, err := t.add(e, t.requests)
		if err != nil {
			return nil, err
		}
		for _, typ := range f.types {
			typ.request = true
			t.names = append(t.names, typ.Name)
		}
	}
	for _, types := range []map[string]*Type{t.complex, t.requests} {
		for _, typ := range types {
			if err := t.resolve(typ); err != nil {
				return nil, err
			}
		}
	}
	for _, typ := range t.requests {
		typ.Leaves = leaves(typ, nil, 0, nil)
	}
	return t, nil
}

// add makes the types of one entry of the table, without the types of their
// elements.
func (t *table) add(e typeEntry, to map[string]*Type) (*family, error) {
	f := &family{name: e.Name}
	if len(e.Versions) == 0 {
		e.Versions = []string{firstVersion}
	}
	for _, v := range e.Versions {
		if v == firstVersion {
			v = ""
		}
		since, ok := sinceRelease(v)
		if !ok {
			return nil, fmt.Errorf("%s: %q is not a version", e.Name, v)
		}
		var explicit Release
		if err := explicit.UnmarshalText([]byte(e.Since)); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name, err)
		}
		since = max(since, explicit)
		typ := &Type{Name: e.Name + v, Family: e.Name, Since: since, index: make(map[string]int)}
		if to[typ.Name] != nil {
			return nil, fmt.Errorf("%s: described twice", typ.Name)
		}
		to[typ.Name] = typ
		f.types = append(f.types, typ)
	}
	for _, el := range e.Elements {
		in, err := inVersions(el.In, e.Versions)
		if err != nil {
			return nil, fmt.Errorf("%s: element %s: %w", e.Name, el.Name, err)
		}
		var since Release
		if err := since.UnmarshalText([]byte(el.Since)); err != nil {
			return nil, fmt.Errorf("%s: element %s: %w", e.Name, el.Name, err)
		}
		for i, typ := range f.types {
			if !in[i] {
				continue
			}
			if _, ok := typ.index[el.Name]; ok {
				return nil, fmt.Errorf("%s: element %s: described twice", typ.Name, el.Name)
			}
			typ.index[el.Name] = len(typ.parts)
			typ.parts = append(typ.parts, &part{
				name: el.Name, typeName: el.Type, optional: el.Optional, nillable: el.Nillable,
				unbounded: el.Unbounded, choice: el.Choice, def: el.Default, fixed: el.Fixed, since: since,
			})
		}
	}
	for _, typ := range f.types {
		typ.Versions = f.types
	}
	t.families = append(t.families, f)
	return f, nil
}

// resolve finds the types of the elements of typ.
func (t *table) resolve(typ *Type) error {
	for _, p := range typ.parts {
		if c, ok := t.complex[p.typeName]; ok {
			p.complex = c
		} else if v, ok := t.simple[p.typeName]; ok {
			p.simple = v
		} else {
			return fmt.Errorf("%s: element %s: unknown type %q", typ.Name, p.name, p.typeName)
		}
	}
	return nil
}

// inVersions says of each version whether in, such as "..14sp1, 18, 22..",
// names it.
func inVersions(in string, versions []string) ([]bool, error) {
	found := make([]bool, len(versions))
	if in == "" {
		for i := range found {
			found[i] = true
		}
		return found, nil
	}
	for item := range strings.SplitSeq(in, ",") {
		item = strings.TrimSpace(item)
		from, to, isRange := strings.Cut(item, "..")
		first, last := slices.Index(versions, from), slices.Index(versions, to)
		if !isRange {
			last = first
		} else {
			if from == "" {
				first = 0
			}
			if to == "" {
				last = len(versions) - 1
			}
		}
		if first < 0 || last < first {
			return nil, fmt.Errorf("no versions %q", item)
		}
		for i := first; i <= last; i++ {
			found[i] = true
		}
	}
	return found, nil
}

var versionPattern = regexp.MustCompile(`^(\d+)(?:sp(\d+))?(?:V\d+)?$`)

// sinceRelease returns the first release that knows requests of this version:
// zero for those that every release knows. Service packs between two releases
// count as the later one.
func sinceRelease(version string) (Release, bool) {
	if version == "" {
		return 0, true
	}
	m := versionPattern.FindStringSubmatch(version)
	if m == nil {
		return 0, false
	}
	major, err := strconv.Atoi(m[1])
	if err != nil {
		return 0, false
	}
	switch {
	case major < 21, major == 21 && m[2] == "":
		return 0, true
	case major == 21 && m[2] == "1":
		return R21SP1, true
	case major == 21, major == 22:
		return R22, true
	case major == 23:
		return R23, true
	case major == 24:
		return R24, true
	}
	return R25, true
}
