// Package tags knows the tags that stand in the Webex app's configuration
// file: the 65 custom tags of a partner's tag sets and the 7 system tags that
// the Application Server fills, with their platforms, defaults, value types
// and features, and with a mark that says how well each of these is known.
//
// [Default] is the catalogue. It never changes, and any number of goroutines
// may read it; [Catalogue.Extend] makes a new one that knows a partner's own
// tags too. Names stand without their percent signs; every function that takes
// a name takes it with or without them.
//
// The package also holds the rules that Device Management has for tags: what a
// name may be ([CheckName]), what a value may be ([CheckValue]), what a tag set
// is ([Set]), and which of several definitions wins ([Effective]).
//
// The facts come from Cisco's public guides and from the OCI schema, and where
// they don't, the tag's [Known] says so.
package tags
