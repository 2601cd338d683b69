package archivename

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// MaxLength is how many bytes a name has at most, where nothing else is said.
const MaxLength = 255

// Taken is the names that are taken, of files and of their folders, without
// regard to case. The zero value is none.
type Taken struct {
	files, folders map[string]string
}

// Add takes the name of a file, or says why it is not to be had.
func (n *Taken) Add(name string) (reason string) {
	if n.files == nil {
		n.files, n.folders = make(map[string]string), make(map[string]string)
	}
	folded := fold(name)
	if other, ok := n.files[folded]; ok {
		if other == name {
			return "comes twice: expected each file once"
		}
		return fmt.Sprintf("differs from %q only in case, or in how its letters are encoded: expected names that differ on every system", other)
	}
	if other, ok := n.folders[folded]; ok {
		return fmt.Sprintf("is the name of the folder of %q too: expected a file or a folder", other)
	}
	for folder := path.Dir(folded); folder != "."; folder = path.Dir(folder) {
		if other, ok := n.files[folder]; ok {
			return fmt.Sprintf("stands in a folder with the name of the file %q: expected a file or a folder", other)
		}
		if _, ok := n.folders[folder]; ok {
			break
		}
		n.folders[folder] = name
	}
	n.files[folded] = name
	return ""
}

// File returns the file that has the name of a folder.
func (n *Taken) File(folder string) (string, bool) {
	name, ok := n.files[fold(folder)]
	return name, ok
}

// fold returns a name as systems compare it that do not tell upper from lower case, or
// one form of an accented letter from another.
func fold(name string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(name))) }

// Unsafe says why the name of a file is not safe on every system, or nothing: it is a
// relative path with slashes, and has at most a number of bytes.
func Unsafe(name string, length int) string {
	switch {
	case name == "":
		return "has no name"
	case len(name) > length:
		return fmt.Sprintf("has a name of %d bytes: expected at most %d", len(name), length)
	case !utf8.ValidString(name):
		return "has a name that is not UTF-8"
	case strings.ContainsRune(name, '\\'):
		return "has a backslash in its name: expected slashes"
	case strings.ContainsFunc(name, unicode.IsControl):
		return "has a control character in its name"
	case name[0] == '/':
		return "is an absolute path: expected one from the archive's root"
	case len(name) > 1 && name[1] == ':' && ('a' <= name[0]|0x20 && name[0]|0x20 <= 'z'):
		return "begins with a drive letter: expected a path from the archive's root"
	}
	for part := range strings.SplitSeq(name, "/") {
		switch {
		case part == "..":
			return "climbs out of its folder: expected a path without .."
		case part == ".", part == "":
			return `has a path with an empty part or ".": expected names between single slashes`
		case strings.HasSuffix(part, ".") || strings.HasSuffix(part, " "):
			return "has a name that ends with a dot or a space, which some systems drop"
		case strings.Contains(part, ":"):
			return "has a colon in its name, which some systems take for a part of another file"
		case isDevice(part):
			return "has a name that some systems take for a device"
		}
	}
	return ""
}

// isDevice reports whether a name is that of a device on Windows, whatever its
// extension.
func isDevice(name string) bool {
	name, _, _ = strings.Cut(name, ".")
	name = strings.ToUpper(strings.TrimRight(name, " "))
	if slices.Contains([]string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}, name) {
		return true
	}
	for _, port := range []string{"COM", "LPT"} {
		if n, ok := strings.CutPrefix(name, port); ok && utf8.RuneCountInString(n) == 1 && strings.Contains("0123456789¹²³", n) {
			return true
		}
	}
	return false
}

// IsJunk reports whether a file is one that a system puts beside others, or into a zip.
func IsJunk(name string) bool {
	if strings.HasPrefix(name, "__MACOSX/") || name == "__MACOSX" || strings.Contains(name, "/__MACOSX/") {
		return true
	}
	base := path.Base(name)
	return strings.HasPrefix(base, "._") || slices.Contains([]string{".ds_store", "thumbs.db", "desktop.ini"}, strings.ToLower(base))
}
