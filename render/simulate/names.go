package simulate

import (
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/schema"
)

// maxIDLength is the length in bytes that an id may have, so that it can be a
// file's name with an extension everywhere.
const maxIDLength = 200

// devices are names that Windows keeps for devices, whatever their extension.
var devices = []string{"con", "prn", "aux", "nul", "conin$", "conout$",
	"com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"}

// checkID returns an error if an id can't be the name of a file, on some system
// at least.
func checkID(id string) error {
	unsafe := func(why string) error {
		return fmt.Errorf("the id %q can't be the name of a file: %s", id, why)
	}
	switch {
	case id == "":
		return errors.New("the id is empty: it can't be the name of a file")
	case len(id) > maxIDLength:
		return fmt.Errorf("the id %q... is longer than %d bytes: it can't be the name of a file", id[:20], maxIDLength)
	case !utf8.ValidString(id):
		return unsafe("it is not valid UTF-8")
	case strings.HasPrefix(id, ".") || strings.HasPrefix(id, "-") || strings.HasPrefix(id, " "):
		return unsafe("it begins with a dot, a hyphen or a space")
	case strings.HasSuffix(id, ".") || strings.HasSuffix(id, " "):
		return unsafe("it ends with a dot or a space")
	}
	for _, r := range id {
		if r < 0x20 || r >= 0x7F && r < 0xA0 || strings.ContainsRune(`/\:*?"<>|`, r) || r == utf8.RuneError || r == '\u2028' || r == '\u2029' {
			return unsafe(fmt.Sprintf("it has %q", r))
		}
	}
	base, _, _ := strings.Cut(id, ".")
	if slices.Contains(devices, strings.ToLower(strings.TrimRight(base, " "))) {
		return unsafe("Windows keeps it for a device")
	}
	return nil
}

// foldID returns what two ids have in common that make the same name on some
// system: upper and lower case are alike, and so are the ways to write an accent.
func foldID(id string) string {
	ascii := true
	for i := range len(id) {
		ascii = ascii && id[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(id)
	}
	return norm.NFC.String(cases.Fold().String(norm.NFD.String(id)))
}

// MaxFiles is how many files a folder or a zip of subscribers may have: the names
// are kept in memory, and few tools open more. NDJSON takes any number.
const MaxFiles = 500_000

// A nameSet tells whether a name came before. It keeps hashes of 128 bits.
type nameSet struct {
	seeds [2]maphash.Seed
	lines map[[2]uint64]int
}

func newNameSet() *nameSet {
	return &nameSet{[2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, make(map[[2]uint64]int)}
}

// add takes the name of a file. It is an error if it can't be one, or makes the
// same name on some system as one that came before.
func (s *nameSet) add(r *Rendered) error {
	if err := checkID(r.ID); err != nil {
		return &rowError{schema.NewFinding(codes.Subscriber, r.Position, "", "%s", err)}
	}
	name := foldID(r.ID)
	h := [2]uint64{maphash.String(s.seeds[0], name), maphash.String(s.seeds[1], name)}
	if first, ok := s.lines[h]; ok {
		of := "another subscriber"
		if first > 0 {
			of = fmt.Sprintf("line %d", first)
		}
		return schema.Findings{schema.NewFinding(codes.Subscriber, r.Position, "",
			"the id makes the same file name as that of %s: give each subscriber another one, not only in upper and lower case", of)}
	}
	s.lines[h] = r.Position.Line
	return nil
}
