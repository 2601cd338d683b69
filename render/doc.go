// Package render turns templates into files.
//
// [Parse] reads a template once into literals and placeholders, which know
// their tag's name, their place and what kind of text they stand in;
// [Template.Append] then executes it against a [Resolver], as often as one
// likes and from any number of goroutines. [Template.Bind] fills in what a
// resolver knows and leaves a smaller template for the rest. [Values] are for
// executing one template with many sets of values: its tags are numbered, and
// no name is looked up.
//
// There are two kinds of substitution: [Raw] is what the Application Server
// does, which escapes nothing (reconstructed; consistent with Cisco TAC article
// 221699), and [Escaped] keeps XML well-formed whatever the values are.
//
// [Template.Edit] changes elements and attributes in place, and
// [Template.Places] tells where in the XML the tags stand.
//
// Tags can stand inside the values of custom tags. [Template.Trace] fills these
// in too and tells which tag each part of the result comes from, and
// [Template.Expand] is the bind that goes with it.
package render
