// Package wxt compiles the configuration of the Webex app for Cisco BroadWorks:
// it makes, of one project file, the archives (DTAF, Device Type Archive Files)
// for desktop, mobile and tablet that an Application Server imports, and the tag
// sets that go with them.
//
// The flow has one direction, and each stage's result is the next one's
// argument:
//
//	dtafgen.toml
//	  | Load, LoadFS, Parse   a Project: what the partner decides
//	  v
//	  | Compile               a Compilation: bases opened, values, templates and
//	  |                       manifests, each made once
//	  v
//	  | Compilation.Check     findings, each with its place in the project file
//	  | Compilation.Build     a Bundle in memory: archives, tag sets, sums
//	  v
//	  | Bundle.WriteDir       files that are whole, with their sums
//
// [Check] and [Build] are the way in one call. A [Project] may be changed between
// the steps, by one goroutine at a time; a [Compilation] does not change, and
// several goroutines may use one.
//
// A [simulate.Simulation] is the way beyond the import: it makes of a project and
// a subscriber the file that this subscriber's app will download, for one of
// them or for millions ([Compilation.Simulation]).
//
// The packages below this one can be used by themselves: [tags] is the
// catalogue of tags, [schema] knows what is allowed, [render] parses and
// executes templates, [dtaf] reads and writes archives, and its package oci has
// the requests that a manifest is made of. No package imports one that stands
// further right in tags, schema, render, dtaf/oci, dtaf, wxt.
//
// # What is known
//
// The facts come from Cisco's public guides, from the OCI schema and from a real
// archive, and each of them carries its mark: documented, observed or
// reconstructed ([tags.Mark]). Most places in config-wxt.xml are reconstructed:
// the built-in template is a good start and a test bed, and the template in
// Cisco's own archive is the authority.
package wxt
