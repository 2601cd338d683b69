// Package render turns templates into files.
//
// [Parse] reads a template once into literals and placeholders, which know
// their tag's name, their place and what kind of text they stand in;
// [Template.Append] then executes it against a [Resolver], as often as one
// likes and from any number of goroutines. [Template.Bind] fills in what a
// resolver knows and leaves a smaller template for the rest.
//
// There are two kinds of substitution: [Raw] is what the Application Server
// does, which escapes nothing (reconstructed; consistent with Cisco TAC article
// 221699), and [Escaped] keeps XML well-formed whatever the values are.
//
// [Template.Edit] changes elements and attributes in place, and
// [Template.Places] tells where in the XML the tags stand.
//
// What Device Management makes of a template for a subscriber is for package
// [github.com/dtafgen/wxt/render/simulate].
package render
