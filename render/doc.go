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
// [Compare] holds a template against what is known of a platform's: which tags it
// lacks, which it has that the catalogue lacks, and which stand elsewhere.
//
// [Document] builds the template of a platform from the schema's tree.
package render
