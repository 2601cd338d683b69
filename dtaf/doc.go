// Package dtaf reads and writes Device Type Archive Files, the archives with
// which identity/device profile types come to an Application Server, and makes
// the manifests of the Webex app's.
//
// An archive is a zip of the folders oci, which holds the manifest, and type,
// which holds the templates:
//
//	oci/<device type>.oci
//	type/<device type>/<file>.template
//
// [Open] and [Read] take archives as they are passed around, with a folder
// around these two or without, and refuse hostile ones: [errors.Is] and [errors.As]
// tell why, as with [ErrUnsafeName] and [*LimitError]. [OpenAll] and [Select] are for
// containers of several. [Archive.Bytes] makes a zip with both folders at the root,
// byte for byte the same for the same files.
//
// [Archive.Manifest] gives the manifest as a [oci.Document]. [NewManifest] makes
// the one of a platform for a release, from the facts in devicetypes.toml, and
// [Archive.SetManifest] puts one in. [Archive.FS] has the files for the standard library.
//
// Packages diff and merge compare archives by meaning, and carry what somebody
// changed in a vendor's archive to the vendor's next release.
package dtaf
