package dtaf

import "cmp"

// Limits says how much of an archive is read before it is refused. All of them
// are counted while reading: what the archive says of itself is not believed. A
// field that is 0 stands for its default.
type Limits struct {
	Archive    int64 // bytes of the archive: 64 MiB
	Entries    int   // entries, folders included: 1000
	Entry      int64 // bytes of one file, uncompressed: 16 MiB
	Total      int64 // bytes of all files, uncompressed: 64 MiB
	Ratio      int64 // bytes that one compressed byte may make, in files of more than 1 MiB: 200
	NameLength int   // bytes of an entry's name: 255
}

// DefaultLimits returns the limits that hold where nothing else is said.
func DefaultLimits() Limits {
	return Limits{Archive: 64 << 20, Entries: 1000, Entry: 16 << 20, Total: 64 << 20, Ratio: 200, NameLength: 255}
}

// withDefaults returns the limits with a default for every 0.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	return Limits{
		Archive:    cmp.Or(l.Archive, d.Archive),
		Entries:    cmp.Or(l.Entries, d.Entries),
		Entry:      cmp.Or(l.Entry, d.Entry),
		Total:      cmp.Or(l.Total, d.Total),
		Ratio:      cmp.Or(l.Ratio, d.Ratio),
		NameLength: cmp.Or(l.NameLength, d.NameLength),
	}
}

// ratioFrom is the size, in bytes, up to which a file may be compressed as well
// as it can be.
const ratioFrom = 1 << 20
