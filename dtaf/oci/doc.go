// Package oci reads, checks, changes and writes documents of OCI-P, the
// provisioning protocol of BroadWorks: the manifest of a Device Type Archive
// File, and the requests that provision tag sets, files and device types.
//
// [Parse] reads a BroadsoftDocument, and [Limits.Parse] one within other limits, into a [Document] of [Request]s, whose
// elements know their line and column. [Document.Bytes] writes one.
// [Document.Check] compares every request with what the OCI schema asks for:
// the names and the order of its elements, which of them must be there, and
// their values. [Request.Set] puts one element in, at its place.
//
// What the schema says stands as a table in requests.toml, for each request of
// device types and their tags in all of its versions. The name of a request
// ends in the release that brought its version in, so [Type.Since] and
// [Type.KnownIn] tell which Application Servers take it. [Lookup] gives the
// model of one request, with the elements that [Request.Set] takes.
//
// [Document.Split] makes messages of requests, as an Application Server takes
// them. Sending is left to whoever holds the session; package provision makes the
// messages that bring a project to a server.
//
// Responses, and requests that the table does not have, are read and written
// like any other; only their elements are not checked.
package oci
