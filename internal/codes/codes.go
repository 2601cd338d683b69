// Package codes has the codes of what is reported outside the functions of rules, by
// what they are about. The table of package schema, rules.toml, has every code.
package codes

// The codes.
const (
	Syntax            = "WXT001" // syntax
	Key               = "WXT002" // unknown-key
	Tag               = "WXT003" // unknown-tag
	Platform          = "WXT004" // wrong-platform
	Declare           = "WXT005" // declaration
	Setting           = "WXT006" // setting
	Device            = "WXT007" // device-option
	TagSet            = "WXT008" // tag-set
	Type              = "WXT010" // value-type
	Range             = "WXT011" // value-range
	Enum              = "WXT012" // value-list
	Token             = "WXT013" // value-token
	Slash             = "WXT014" // trailing-slash
	PortOrder         = "WXT015" // port-order
	PortOverlap       = "WXT016" // port-overlap
	Extends           = "WXT017" // extends
	IdleIgnore        = "WXT018" // idle-ignore
	RawXML            = "WXT020" // raw-xml
	Encoding          = "WXT021" // encoding
	NoPlace           = "WXT022" // no-place
	Guess             = "WXT030" // reconstructed
	AccessHost        = "WXT031" // access-host
	Base              = "WXT040" // base-archive
	BaseRelease       = "WXT041" // base-release
	Edit              = "WXT042" // edit
	BaseLacks         = "WXT043" // base-lacks
	NoValue           = "WXT044" // no-value
	Chosen            = "WXT046" // base-chosen
	Secret            = "WXT050" // secret
	FileNotWellFormed = "WXT060" // file-not-well-formed
	UndefinedTag      = "WXT061" // undefined-tag
	TagInTag          = "WXT062" // tag-in-tag
	Subscriber        = "WXT063" // subscriber
	SubscriberKey     = "WXT064" // subscriber-key
	NotOverridable    = "WXT065" // not-overridable
	Archive           = "WXT070" // archive
	NotWellFormed     = "WXT071" // not-well-formed
	UnknownSystemTag  = "WXT074" // unknown-system-tag
	NoManifest        = "WXT080" // no-manifest
	AbsentFile        = "WXT082" // absent-file
	Junk              = "WXT084" // junk
	Backslash         = "WXT085" // backslash
	EncodingBytes     = "WXT091" // encoding-bytes
	UnknownRequest    = "WXT201" // unknown-request
	UnknownElement    = "WXT202" // unknown-element
	ElementOrder      = "WXT203" // element-order
	ElementValue      = "WXT204" // element-value
)
