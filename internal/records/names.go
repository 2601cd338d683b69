package records

import (
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxIDLength is the length in bytes that an id may have, so that it can be a
// file's name with an extension everywhere.
const maxIDLength = 200

// devices are names that Windows keeps for devices, whatever their extension.
var devices = []string{"con", "prn", "aux", "nul", "conin$", "conout$",
	"com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"}

// CheckID returns an error if an id can't be the name of a file, on some system
// at least.
func CheckID(id string) error {
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

// MaxFiles is how many files a folder or a zip of records may have: the names are
// kept in memory, and few tools open more.
const MaxFiles = 500_000

// Names tell whether a name came before. They are kept as hashes of 128 bits.
type Names struct {
	seeds [2]maphash.Seed
	lines map[[2]uint64]int
}

// NewNames returns no names.
func NewNames() *Names {
	return &Names{[2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, make(map[[2]uint64]int)}
}

// Add takes the name that an id makes, which stands in a line. It is an error if it
// makes the same name on some system as one that came before.
func (s *Names) Add(id string, line int) error {
	name := foldID(id)
	h := [2]uint64{maphash.String(s.seeds[0], name), maphash.String(s.seeds[1], name)}
	if first, ok := s.lines[h]; ok {
		of := "another subscriber"
		if first > 0 {
			of = fmt.Sprintf("line %d", first)
		}
		return fmt.Errorf("the id makes the same file name as that of %s: give each subscriber another one, not only in upper and lower case", of)
	}
	s.lines[h] = line
	return nil
}
