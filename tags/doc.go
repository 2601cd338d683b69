// Package tags knows the tags that stand in the Webex app's configuration
// file: the custom tags of a partner's tag sets and the system tags that the
// Application Server fills, with their platforms, defaults, value types and
// features, and with a mark and a source for each of these facts ([Known]).
//
// [Default] is the catalogue. It never changes, and any number of goroutines
// may read it; [Catalogue.Extend] makes a new one that knows a partner's own
// tags too. Names stand without their percent signs; every function that takes
// a name takes it with or without them.
//
// The package also holds the rules that Device Management has for tags: what a
// name may be ([CheckName]), what a value may be ([CheckValue]), and what a tag set
// is ([Set]).
//
// The facts stand in catalogue.toml, for people, and in catalogue_table.go, which is
// made of it: importing the package costs no dependency.
package tags
