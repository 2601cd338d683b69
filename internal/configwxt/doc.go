// Package configwxt knows config-wxt.xml, the file of the Webex app.
//
// [Document] makes the built-in template of a platform, [SetCodecs] puts the
// codecs of a vendor's in order, and [Compare] holds a vendor's against what is
// known of the platform's: which tags it lacks, which it has that the catalogue
// lacks, and which stand elsewhere.
package configwxt
