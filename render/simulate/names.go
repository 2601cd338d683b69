package simulate

import (
	"bufio"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
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

// A nameSet tells whether a name came before, in constant memory: the names are
// kept as hashes of 128 bits, and put away on the disk in sorted runs. A name
// that came in an earlier run is found at the end.
type nameSet struct {
	seeds [2]maphash.Seed
	run   map[nameHash]int
	most  int // names in a run
	files []*os.File
}

type nameHash [2]uint64

func (h nameHash) compare(other nameHash) int {
	return cmp.Or(cmp.Compare(h[0], other[0]), cmp.Compare(h[1], other[1]))
}

// A nameEntry is a name and the line that it came from.
type nameEntry struct {
	hash nameHash
	line int
}

const nameEntrySize = 24

func newNameSet() *nameSet {
	return &nameSet{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, run: make(map[nameHash]int), most: 1 << 17}
}

// A sameNameError is a name that came before.
type sameNameError struct{ first, line int }

func (e *sameNameError) Error() string {
	return fmt.Sprintf("the id makes the same file name as that of line %d: give each subscriber another one, not only in upper and lower case", e.first)
}

// add adds the name of a line. It may return a [sameNameError].
func (s *nameSet) add(name string, line int) error {
	h := nameHash{maphash.String(s.seeds[0], name), maphash.String(s.seeds[1], name)}
	if first, ok := s.run[h]; ok {
		return &sameNameError{first, line}
	}
	s.run[h] = line
	if len(s.run) < s.most {
		return nil
	}
	return s.putAway()
}

// putAway writes the run to the disk.
func (s *nameSet) putAway() error {
	entries := make([]nameEntry, 0, len(s.run))
	for h, line := range s.run {
		entries = append(entries, nameEntry{h, line})
	}
	slices.SortFunc(entries, func(a, b nameEntry) int { return a.hash.compare(b.hash) })
	f, err := os.CreateTemp("", "dtafgen-names-*.dtafgen-tmp")
	if err != nil {
		return err
	}
	s.files = append(s.files, f)
	w := bufio.NewWriter(f)
	for _, e := range entries {
		var b [nameEntrySize]byte
		binary.LittleEndian.PutUint64(b[0:], e.hash[0])
		binary.LittleEndian.PutUint64(b[8:], e.hash[1])
		binary.LittleEndian.PutUint64(b[16:], uint64(e.line))
		if _, err := w.Write(b[:]); err != nil {
			return err
		}
	}
	clear(s.run)
	return w.Flush()
}

// A nameRun is a run that is being read.
type nameRun struct {
	nameEntry
	r *bufio.Reader
}

func (r *nameRun) next() error {
	var b [nameEntrySize]byte
	if _, err := io.ReadFull(r.r, b[:]); err != nil {
		return err
	}
	r.hash = nameHash{binary.LittleEndian.Uint64(b[0:]), binary.LittleEndian.Uint64(b[8:])}
	r.line = int(binary.LittleEndian.Uint64(b[16:]))
	return nil
}

// runHeap has the run with the smallest entry on top.
type runHeap []*nameRun

func (h runHeap) Len() int { return len(h) }
func (h runHeap) Less(i, j int) bool {
	return cmp.Or(h[i].hash.compare(h[j].hash), cmp.Compare(h[i].line, h[j].line)) < 0
}
func (h runHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *runHeap) Push(x any)   { *h = append(*h, x.(*nameRun)) }
func (h *runHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// finish looks for names that came in different runs, and returns the first one
// by line as a [sameNameError].
func (s *nameSet) finish() error {
	if len(s.files) == 0 {
		return nil
	}
	if err := s.putAway(); err != nil {
		return err
	}
	var runs runHeap
	for _, f := range s.files {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		r := &nameRun{r: bufio.NewReader(f)}
		switch err := r.next(); err {
		case nil:
			runs = append(runs, r)
		case io.EOF:
		default:
			return err
		}
	}
	heap.Init(&runs)
	var found *sameNameError
	var last nameEntry
	for first := true; len(runs) > 0; first = false {
		r := runs[0]
		if !first && r.hash == last.hash {
			if found == nil || r.line < found.line {
				found = &sameNameError{last.line, r.line}
			}
		} else {
			last = r.nameEntry
		}
		switch err := r.next(); err {
		case nil:
			heap.Fix(&runs, 0)
		case io.EOF:
			heap.Pop(&runs)
		default:
			return err
		}
	}
	if found != nil {
		return found
	}
	return nil
}

// close removes what is on the disk.
func (s *nameSet) close() {
	for _, f := range s.files {
		f.Close()
		os.Remove(f.Name())
	}
	s.files = nil
}
