// Code generated from rules.toml by go generate; DO NOT EDIT.

package schema

import (
	"github.com/dtafgen/wxt/tags"
)

var rules = []Rule{
	{Code: "WXT001", Name: "syntax", Severity: 3, Fixed: true, Protects: "A project file that is not TOML can't be built.", Source: "TOML 1.0"},
	{Code: "WXT002", Name: "unknown-key", Severity: 3, Fixed: true, Protects: "A misspelt key would be ignored silently.", Source: "the project file's own rules"},
	{Code: "WXT003", Name: "unknown-tag", Severity: 3, Fixed: true, Protects: "A misspelt tag would never reach the app.", Source: "the catalogue"},
	{Code: "WXT004", Name: "wrong-platform", Severity: 3, Protects: "A platform's template does not have the tag, so its value would do nothing.", Source: "the catalogue"},
	{Code: "WXT005", Name: "declaration", Severity: 3, Fixed: true, Protects: "A tag that Device Management would not take, or that contradicts what is documented.", Source: "OCI schema, DeviceManagementTagName"},
	{Code: "WXT006", Name: "setting", Severity: 3, Fixed: true, Protects: "A release, version, date, codec, name or address that can't be right.", Source: "the project file's own rules; OCI schema"},
	{Code: "WXT007", Name: "device-option", Severity: 3, Fixed: true, Protects: "An archive that the Application Server refuses to import.", Source: "OCI schema"},
	{Code: "WXT008", Name: "tag-set", Severity: 3, Fixed: true, Protects: "Two platforms that share a tag set but not its values: one would get the other's.", Source: "OCI schema: a tag set has one value for each tag"},
	{Code: "WXT010", Name: "value-type", Severity: 3, Protects: "A value that the app does not understand.", Source: "the catalogue", Types: []tags.Type{"bool", "port", "host", "domain", "url", "url-path", "dial-strings", "seconds", "milliseconds", "bytes"}},
	{Code: "WXT011", Name: "value-range", Severity: 3, Protects: "A number that the app does not take.", Source: "the catalogue", Types: []tags.Type{"port", "seconds", "milliseconds", "bytes"}},
	{Code: "WXT012", Name: "value-list", Severity: 3, Protects: "A value that the tag does not have. It is a warning where the list of values is reconstructed.", Source: "the catalogue", Types: []tags.Type{"enum"}},
	{Code: "WXT013", Name: "value-token", Severity: 3, Fixed: true, Protects: "A value that import would refuse or change: too long, or with white space that xs:token folds.", Source: "OCI schema, DeviceManagementTagValue", Types: []tags.Type{"text"}},
	{Code: "WXT014", Name: "trailing-slash", Severity: 3, Protects: "A call settings page that does not load.", Source: "Webex for Cisco BroadWorks guides", Tags: []string{"WEB_CALL_SETTINGS_URL_WXT"}},
	{Code: "WXT015", Name: "port-order", Severity: 3, Protects: "A port range that ends before it starts has no port for media.", Source: "common sense", Tags: []string{"RTP_AUDIO_PORT_RANGE_START_WXT", "RTP_AUDIO_PORT_RANGE_END_WXT", "RTP_VIDEO_PORT_RANGE_START_WXT", "RTP_VIDEO_PORT_RANGE_END_WXT"}},
	{Code: "WXT016", Name: "port-overlap", Severity: 3, Protects: "Audio and video that fight for the same ports.", Source: "common sense", Tags: []string{"RTP_AUDIO_PORT_RANGE_START_WXT", "RTP_AUDIO_PORT_RANGE_END_WXT", "RTP_VIDEO_PORT_RANGE_START_WXT", "RTP_VIDEO_PORT_RANGE_END_WXT"}},
	{Code: "WXT017", Name: "extends", Severity: 3, Fixed: true, Protects: "A project that extends a missing file, or itself.", Source: "the project file's own rules"},
	{Code: "WXT018", Name: "idle-ignore", Severity: 2, Protects: "An [[ignore]] that suppresses nothing any more: it would hide the next finding of its kind.", Source: "common sense"},
	{Code: "WXT020", Name: "raw-xml", Severity: 3, Protects: "The Application Server escapes nothing: the value would break the XML that the app downloads.", Source: "reconstructed; Cisco TAC article 221699", Types: []tags.Type{"url", "url-path", "text"}},
	{Code: "WXT021", Name: "encoding", Severity: 3, Fixed: true, Protects: "A file whose bytes are not in the encoding that it declares: the app can't parse it (error 1507).", Source: "Cisco TAC article 221699", Types: []tags.Type{"url", "text"}},
	{Code: "WXT022", Name: "no-place", Severity: 2, Protects: "A tag that is set but isn't in the template: its value never reaches the app.", Source: "common sense"},
	{Code: "WXT030", Name: "reconstructed", Severity: 1, Protects: "Taking something reconstructed for a fact.", Source: "the marks of the facts"},
	{Code: "WXT031", Name: "access-host", Severity: 1, Protects: "A device type that does not say where the app gets its file.", Source: "Webex for Cisco BroadWorks guides, import"},
	{Code: "WXT032", Name: "old-release", Severity: 1, Protects: "A release that the current templates of the Webex app don't support.", Source: "Solution Guide of September 2026: the templates serve R24, R25 and R26"},
	{Code: "WXT033", Name: "lines", Severity: 2, Protects: "A line for which the device type has no port, or a line that a template lacks.", Source: "Solution Guide, Shared line appearance"},
	{Code: "WXT040", Name: "base-archive", Severity: 3, Fixed: true, Protects: "A base archive that can't be read, or that lacks its template.", Source: "the form of a Device Type Archive File"},
	{Code: "WXT041", Name: "base-release", Severity: 3, Protects: "A vendor's archive with requests that the Application Server of this release does not know.", Source: "OCI schema"},
	{Code: "WXT042", Name: "edit", Severity: 3, Fixed: true, Protects: "An edit that changes nothing, or something you did not mean.", Source: "the project file's own rules"},
	{Code: "WXT043", Name: "base-lacks", Severity: 2, Protects: "A setting without a place in the vendor's template does not reach the app.", Source: "common sense"},
	{Code: "WXT044", Name: "no-value", Severity: 2, Protects: "A tag of the vendor's template without a value: the app gets the placeholder itself.", Source: "reconstructed: the Application Server leaves an undefined tag in place"},
	{Code: "WXT045", Name: "vendor-template", Severity: 1, Protects: "Relying on something reconstructed where the vendor's template says otherwise.", Source: "the marks of the facts"},
	{Code: "WXT046", Name: "base-chosen", Severity: 1, Protects: "Building on a different archive of a vendor's container than you meant.", Source: "public Solution Guide, September 2026: the download is a container"},
	{Code: "WXT050", Name: "secret", Severity: 2, Fixed: true, Protects: "A password that anybody who reads the project file, an archive or a tag set can see.", Source: "common sense"},
	{Code: "WXT060", Name: "file-not-well-formed", Severity: 3, Protects: "A file that the app can't parse: phone services don't connect (error 1507).", Source: "Cisco TAC article 221699"},
	{Code: "WXT061", Name: "undefined-tag", Severity: 3, Protects: "A tag without a value stays in the file, and the app takes it for a value.", Source: "how Device Management resolves tags, reconstructed"},
	{Code: "WXT062", Name: "tag-in-tag", Severity: 3, Protects: "A tag inside a value that can't be filled in: it refers to itself, or is nested too deep.", Source: "how Device Management resolves tags, reconstructed"},
	{Code: "WXT063", Name: "subscriber", Severity: 3, Protects: "A subscriber that can't be read, or whose file would have the same name as another's.", Source: "the subscribers file's own rules"},
	{Code: "WXT064", Name: "subscriber-key", Severity: 3, Protects: "A misspelt tag of a subscriber would be ignored silently.", Source: "the catalogue"},
	{Code: "WXT065", Name: "not-overridable", Severity: 2, Protects: "A subscriber's value that does nothing: a lower level does not allow overriding it.", Source: "OCI schema, isTagValueOverridable"},
	{Code: "WXT070", Name: "archive", Severity: 3, Fixed: true, Protects: "An archive that the Application Server can't open, or that is made to harm whatever opens it.", Source: "zip; the limits of package dtaf"},
	{Code: "WXT071", Name: "not-well-formed", Severity: 3, Protects: "A template that is not XML: the app can't parse the file made from it (error 1507).", Source: "XML 1.0; Cisco TAC article 221699"},
	{Code: "WXT072", Name: "cut-placeholder", Severity: 3, Protects: "A placeholder that lacks one of its percent signs stays in the file as it is.", Source: "Device Management's form of a tag"},
	{Code: "WXT073", Name: "misspelt-placeholder", Severity: 2, Protects: "A placeholder that no tag set defines stays in the file as it is.", Source: "the catalogue; reconstructed"},
	{Code: "WXT074", Name: "unknown-system-tag", Severity: 1, Protects: "A name that begins with %BW and is not known. It may be a system tag of your release; no tag set can define it.", Source: "OCI schema, DeviceManagementTagName; templates of the vendor's have system tags that no guide names"},
	{Code: "WXT075", Name: "uc-one-placeholder", Severity: 2, Protects: "The tags without _WXT are those of the UC-One clients: the Webex app would get their values, or none.", Source: "Solution Guide, which names the tags of the Webex app with _WXT; that those without are for the UC-One clients is reconstructed"},
	{Code: "WXT076", Name: "element-twice", Severity: 2, Protects: "Two elements where the app expects one: it may read either.", Source: "common sense"},
	{Code: "WXT077", Name: "other-platform", Severity: 2, Protects: "A tag of another platform, which this platform's tag set need not have: the placeholder stays in the file.", Source: "the catalogue"},
	{Code: "WXT078", Name: "lacking-tags", Severity: 1, Protects: "Setting a tag that the template has no place for.", Source: "the catalogue"},
	{Code: "WXT080", Name: "no-manifest", Severity: 3, Protects: "An archive without a manifest that can be read can't be imported.", Source: "a real archive (R21.SP1)"},
	{Code: "WXT081", Name: "unnamed-file", Severity: 2, Protects: "A file in the archive that no request names is not imported.", Source: "a real archive (R21.SP1)"},
	{Code: "WXT082", Name: "absent-file", Severity: 3, Protects: "A request for a file that is not in the archive: the import fails.", Source: "a real archive (R21.SP1); OCI schema"},
	{Code: "WXT083", Name: "device-type-names", Severity: 3, Protects: "Requests for another device type than the archive adds: the import fails, or changes the other one. It is a warning where only the name of a file or folder disagrees.", Source: "a real archive (R21.SP1)"},
	{Code: "WXT084", Name: "junk", Severity: 1, Protects: "Files that a Mac or Windows adds to folders and zips: they have no place in an archive that is imported.", Source: "zips made on a Mac"},
	{Code: "WXT085", Name: "backslash", Severity: 2, Protects: "Names with backslashes, which other programs don't read as folders: the Application Server may not find the templates.", Source: "zip, APPNOTE 4.4.17"},
	{Code: "WXT090", Name: "encoding-disagrees", Severity: 3, Protects: "The Application Server writes the file in the device type's encoding, and the XML declaration names another: the app can't parse it (error 1507).", Source: "Cisco TAC article 221699"},
	{Code: "WXT091", Name: "encoding-bytes", Severity: 3, Protects: "A template whose bytes are not in the encoding that it declares: the app can't parse the file (error 1507).", Source: "XML 1.0; Cisco TAC article 221699"},
	{Code: "WXT092", Name: "encoding-lacks", Severity: 3, Protects: "A letter in the template that the device type's encoding does not have: the app gets another one, or can't parse the file.", Source: "Cisco TAC article 221699"},
	{Code: "WXT093", Name: "encoding-missing", Severity: 2, Protects: "A device type without an encoding: the Application Server uses ISO-8859-1, and a name with an accent makes a file that the app can't parse (error 1507).", Source: "Cisco TAC article 221699"},
	{Code: "WXT101", Name: "tls-to-address", Severity: 2, Protects: "The certificate of an SBC has its name, so the app refuses to connect to a bare address.", Source: "RFC 5922; common sense", Tags: []string{"SBC_ADDRESS_WXT", "USE_TLS_WXT"}},
	{Code: "WXT102", Name: "srtp-without-tls", Severity: 2, Protects: "The media keys cross the network in the clear: anybody who sees the signalling can listen.", Source: "RFC 4568", Tags: []string{"SRTP_ENABLED_WXT", "USE_TLS_WXT", "USE_PROXY_DISCOVERY_WXT", "USE_TCP_FROM_DNS_WXT", "USE_UDP_FROM_DNS_WXT"}, Rows: []Row{
		{When: []string{"SRTP_ENABLED_WXT is true", "USE_TLS_WXT is false"}, Unless: []string{"USE_PROXY_DISCOVERY_WXT is true", "USE_TCP_FROM_DNS_WXT is false", "USE_UDP_FROM_DNS_WXT is false"}, Says: "SRTP_ENABLED_WXT is true, and USE_TLS_WXT is false: the media keys cross the network in the clear", Remedy: "set USE_TLS_WXT to true"},
	}},
	{Code: "WXT103", Name: "srtp-mode-idle", Severity: 2, Protects: "A mode of SRTP that does nothing: the media is not encrypted.", Source: "common sense", Tags: []string{"SRTP_ENABLED_WXT", "SRTP_MODE_WXT"}, Rows: []Row{
		{When: []string{"SRTP_ENABLED_WXT is false"}, Idle: []string{"SRTP_MODE_WXT"}, Says: "SRTP_ENABLED_WXT is false, so media is not encrypted", Remedy: "set SRTP_ENABLED_WXT to true, or leave the mode out"},
	}},
	{Code: "WXT104", Name: "srtp-mode-false", Severity: 1, Protects: "SRTP that is on while its mode is false: the app decides whether media is encrypted.", Source: "reconstructed", Tags: []string{"SRTP_ENABLED_WXT", "SRTP_MODE_WXT"}, Rows: []Row{
		{When: []string{"SRTP_ENABLED_WXT is true", "SRTP_MODE_WXT is false"}, At: []string{"SRTP_MODE_WXT", "SRTP_ENABLED_WXT"}, Remedy: "set SRTP_MODE_WXT to the mode that you mean, such as mandatory"},
	}},
	{Code: "WXT105", Name: "discovery-transports", Severity: 3, Protects: "Proxy discovery that may find no transport finds no proxy: nothing registers.", Source: "RFC 3263; common sense", Tags: []string{"USE_PROXY_DISCOVERY_WXT", "USE_TCP_FROM_DNS_WXT", "USE_UDP_FROM_DNS_WXT", "USE_TLS_FROM_DNS_WXT"}, Rows: []Row{
		{When: []string{"USE_PROXY_DISCOVERY_WXT is true", "USE_TCP_FROM_DNS_WXT is false", "USE_UDP_FROM_DNS_WXT is false", "USE_TLS_FROM_DNS_WXT is false"}, At: []string{"USE_PROXY_DISCOVERY_WXT", "USE_TLS_FROM_DNS_WXT"}, Says: "USE_PROXY_DISCOVERY_WXT is true, but no transport may be discovered: no proxy is found", Remedy: "set one of USE_TCP_FROM_DNS_WXT, USE_UDP_FROM_DNS_WXT and USE_TLS_FROM_DNS_WXT to true"},
	}},
	{Code: "WXT106", Name: "discovery-of-address", Severity: 3, Protects: "Proxy discovery looks a name up in DNS: for an address there are no SRV records.", Source: "RFC 3263", Tags: []string{"SBC_ADDRESS_WXT", "USE_PROXY_DISCOVERY_WXT"}},
	{Code: "WXT107", Name: "discovery-idle", Severity: 2, Protects: "Transports of a proxy discovery that is off: the setting does nothing.", Source: "common sense", Tags: []string{"USE_PROXY_DISCOVERY_WXT", "USE_TCP_FROM_DNS_WXT", "USE_UDP_FROM_DNS_WXT", "USE_TLS_FROM_DNS_WXT"}, Rows: []Row{
		{When: []string{"USE_PROXY_DISCOVERY_WXT is false"}, Idle: []string{"USE_TCP_FROM_DNS_WXT", "USE_UDP_FROM_DNS_WXT", "USE_TLS_FROM_DNS_WXT"}, Remedy: "set USE_PROXY_DISCOVERY_WXT to true, or leave the transport out"},
	}},
	{Code: "WXT108", Name: "source-port-in-range", Severity: 2, Protects: "SIP and media that fight for the same port.", Source: "common sense", Tags: []string{"SOURCE_PORT_WXT", "RTP_AUDIO_PORT_RANGE_START_WXT", "RTP_AUDIO_PORT_RANGE_END_WXT", "RTP_VIDEO_PORT_RANGE_START_WXT", "RTP_VIDEO_PORT_RANGE_END_WXT"}},
	{Code: "WXT109", Name: "port-range-small", Severity: 3, Protects: "A call takes two ports, one for RTP and one for RTCP: a smaller range has room for none.", Source: "RFC 3550", Tags: []string{"RTP_AUDIO_PORT_RANGE_START_WXT", "RTP_AUDIO_PORT_RANGE_END_WXT", "RTP_VIDEO_PORT_RANGE_START_WXT", "RTP_VIDEO_PORT_RANGE_END_WXT"}},
	{Code: "WXT110", Name: "port-range-odd", Severity: 2, Protects: "RTP uses even ports, and RTCP the odd ones above them: the first port of the range is of no use.", Source: "RFC 3550", Tags: []string{"RTP_AUDIO_PORT_RANGE_START_WXT", "RTP_AUDIO_PORT_RANGE_END_WXT", "RTP_VIDEO_PORT_RANGE_START_WXT", "RTP_VIDEO_PORT_RANGE_END_WXT"}},
	{Code: "WXT111", Name: "rport-idle", Severity: 2, Protects: "A detail of rport while rport is off: the setting does nothing.", Source: "common sense", Tags: []string{"ENABLE_USE_RPORT_WXT", "RPORT_USE_LOCAL_PORT_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_USE_RPORT_WXT is false"}, Idle: []string{"RPORT_USE_LOCAL_PORT_WXT"}, Remedy: "set ENABLE_USE_RPORT_WXT to true, or leave it out"},
	}},
	{Code: "WXT112", Name: "tcp-threshold-idle", Severity: 2, Protects: "The size at which SIP changes from UDP to TCP, while it uses TLS: the setting does nothing.", Source: "RFC 3261, 18.1.1", Tags: []string{"USE_TLS_WXT", "TCP_SIZE_THRESHOLD_WXT"}, Rows: []Row{
		{When: []string{"USE_TLS_WXT is true"}, Idle: []string{"TCP_SIZE_THRESHOLD_WXT"}, Remedy: "leave it out"},
	}},
	{Code: "WXT113", Name: "anywhere-idle", Severity: 2, Protects: "Details of BroadWorks Anywhere while it is off: the settings do nothing.", Source: "common sense", Tags: []string{"ENABLE_BROADWORKS_ANYWHERE_WXT", "ENABLE_BROADWORKS_ANYWHERE_DESCRIPTION_WXT", "ENABLE_BROADWORKS_ANYWHERE_ALERT_ALL_LOCATIONS_WXT", "BROADWORKS_ANYWHERE_ALERT_ALL_LOCATIONS_DEFAULT_WXT", "ENABLE_BROADWORKS_ANYWHERE_CALL_CONTROL_WXT", "BROADWORKS_ANYWHERE_CALL_CONTROL_DEFAULT_WXT", "ENABLE_BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_WXT", "BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_DEFAULT_WXT", "ENABLE_BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_WXT", "BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_DEFAULT_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_BROADWORKS_ANYWHERE_WXT is false"}, Idle: []string{"ENABLE_BROADWORKS_ANYWHERE_DESCRIPTION_WXT", "ENABLE_BROADWORKS_ANYWHERE_ALERT_ALL_LOCATIONS_WXT", "BROADWORKS_ANYWHERE_ALERT_ALL_LOCATIONS_DEFAULT_WXT", "ENABLE_BROADWORKS_ANYWHERE_CALL_CONTROL_WXT", "BROADWORKS_ANYWHERE_CALL_CONTROL_DEFAULT_WXT", "ENABLE_BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_WXT", "BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_DEFAULT_WXT", "ENABLE_BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_WXT", "BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_DEFAULT_WXT"}, Remedy: "set ENABLE_BROADWORKS_ANYWHERE_WXT to true, or leave it out"},
	}},
	{Code: "WXT114", Name: "anywhere-hidden", Severity: 2, Protects: "The default of an option that the app hides: nobody can see or change it.", Source: "common sense", Tags: []string{"ENABLE_BROADWORKS_ANYWHERE_WXT", "ENABLE_BROADWORKS_ANYWHERE_ALERT_ALL_LOCATIONS_WXT", "BROADWORKS_ANYWHERE_ALERT_ALL_LOCATIONS_DEFAULT_WXT", "ENABLE_BROADWORKS_ANYWHERE_CALL_CONTROL_WXT", "BROADWORKS_ANYWHERE_CALL_CONTROL_DEFAULT_WXT", "ENABLE_BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_WXT", "BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_DEFAULT_WXT", "ENABLE_BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_WXT", "BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_DEFAULT_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_BROADWORKS_ANYWHERE_WXT is true", "ENABLE_BROADWORKS_ANYWHERE_ALERT_ALL_LOCATIONS_WXT is false"}, Idle: []string{"BROADWORKS_ANYWHERE_ALERT_ALL_LOCATIONS_DEFAULT_WXT"}, Says: "ENABLE_BROADWORKS_ANYWHERE_ALERT_ALL_LOCATIONS_WXT is false, so the app hides the option", Remedy: "set ENABLE_BROADWORKS_ANYWHERE_ALERT_ALL_LOCATIONS_WXT to true, or leave the default out"},
		{When: []string{"ENABLE_BROADWORKS_ANYWHERE_WXT is true", "ENABLE_BROADWORKS_ANYWHERE_CALL_CONTROL_WXT is false"}, Idle: []string{"BROADWORKS_ANYWHERE_CALL_CONTROL_DEFAULT_WXT"}, Says: "ENABLE_BROADWORKS_ANYWHERE_CALL_CONTROL_WXT is false, so the app hides the option", Remedy: "set ENABLE_BROADWORKS_ANYWHERE_CALL_CONTROL_WXT to true, or leave the default out"},
		{When: []string{"ENABLE_BROADWORKS_ANYWHERE_WXT is true", "ENABLE_BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_WXT is false"}, Idle: []string{"BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_DEFAULT_WXT"}, Says: "ENABLE_BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_WXT is false, so the app hides the option", Remedy: "set ENABLE_BROADWORKS_ANYWHERE_DIVERSION_INHIBITOR_WXT to true, or leave the default out"},
		{When: []string{"ENABLE_BROADWORKS_ANYWHERE_WXT is true", "ENABLE_BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_WXT is false"}, Idle: []string{"BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_DEFAULT_WXT"}, Says: "ENABLE_BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_WXT is false, so the app hides the option", Remedy: "set ENABLE_BROADWORKS_ANYWHERE_ANSWER_CONFIRMATION_WXT to true, or leave the default out"},
	}},
	{Code: "WXT115", Name: "visual-voice-mail", Severity: 2, Protects: "Visual voice mail without voice mail has nothing to show.", Source: "common sense", Tags: []string{"ENABLE_VISUAL_VOICE_MAIL_WXT", "ENABLE_VOICE_MAIL_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_VISUAL_VOICE_MAIL_WXT is true", "ENABLE_VOICE_MAIL_WXT is false"}, Remedy: "set ENABLE_VOICE_MAIL_WXT to true"},
	}},
	{Code: "WXT116", Name: "mwi-mode-idle", Severity: 2, Protects: "A mode of the message waiting indication while it is off: the setting does nothing.", Source: "common sense", Tags: []string{"ENABLE_MWI_WXT", "MWI_MODE_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_MWI_WXT is false"}, Idle: []string{"MWI_MODE_WXT"}, Remedy: "set ENABLE_MWI_WXT to true, or leave the mode out"},
	}},
	{Code: "WXT117", Name: "forced-logout-app", Severity: 2, Protects: "Forced logout tells apps apart by their app id: without one it does not know which to log out.", Source: "reconstructed", Tags: []string{"ENABLE_FORCED_LOGOUT_WXT", "FORCED_LOGOUT_APPID_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_FORCED_LOGOUT_WXT is true", "FORCED_LOGOUT_APPID_WXT is empty"}, At: []string{"FORCED_LOGOUT_APPID_WXT", "ENABLE_FORCED_LOGOUT_WXT"}, Remedy: "set FORCED_LOGOUT_APPID_WXT"},
	}},
	{Code: "WXT118", Name: "forced-logout-idle", Severity: 2, Protects: "An app id for forced logout while it is off: the setting does nothing.", Source: "common sense", Tags: []string{"ENABLE_FORCED_LOGOUT_WXT", "FORCED_LOGOUT_APPID_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_FORCED_LOGOUT_WXT is false"}, Idle: []string{"FORCED_LOGOUT_APPID_WXT"}, Remedy: "set ENABLE_FORCED_LOGOUT_WXT to true, or leave the id out"},
	}},
	{Code: "WXT119", Name: "busy-lamp-idle", Severity: 2, Protects: "Details of the busy lamp field while it is off: the settings do nothing.", Source: "reconstructed: the guide shows the details inside the element that is off", Tags: []string{"ENABLE_BUSY_LAMP_FIELD_WXT", "ENABLE_BLF_DISPLAY_CALLER_WXT", "BLF_NOTIFICATON_DELAY_TIME_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_BUSY_LAMP_FIELD_WXT is false"}, Idle: []string{"ENABLE_BLF_DISPLAY_CALLER_WXT", "BLF_NOTIFICATON_DELAY_TIME_WXT"}, Remedy: "set ENABLE_BUSY_LAMP_FIELD_WXT to true, or leave it out"},
	}},
	{Code: "WXT120", Name: "busy-lamp-caller", Severity: 2, Protects: "The busy lamp field needs ENABLE_BLF_DISPLAY_CALLER_WXT too.", Source: "Webex for Cisco BroadWorks guides", Tags: []string{"ENABLE_BUSY_LAMP_FIELD_WXT", "ENABLE_BLF_DISPLAY_CALLER_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_BUSY_LAMP_FIELD_WXT is true", "ENABLE_BLF_DISPLAY_CALLER_WXT is false"}, At: []string{"ENABLE_BLF_DISPLAY_CALLER_WXT", "ENABLE_BUSY_LAMP_FIELD_WXT"}, Says: "ENABLE_BUSY_LAMP_FIELD_WXT is true, and ENABLE_BLF_DISPLAY_CALLER_WXT, which the busy lamp field needs too, is false", Remedy: "set ENABLE_BLF_DISPLAY_CALLER_WXT to true"},
	}},
	{Code: "WXT121", Name: "call-park-idle", Severity: 2, Protects: "The timer of call park while it is off: the setting does nothing.", Source: "common sense", Tags: []string{"ENABLE_CALL_PARK_WXT", "CALL_PARK_AUTO_CLOSE_DIALOG_TIMER_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_CALL_PARK_WXT is false"}, Idle: []string{"CALL_PARK_AUTO_CLOSE_DIALOG_TIMER_WXT"}, Remedy: "set ENABLE_CALL_PARK_WXT to true, or leave the timer out"},
	}},
	{Code: "WXT122", Name: "emergency-numbers-missing", Severity: 3, Protects: "Emergency dialing without a number: an emergency call is treated as any other.", Source: "common sense", Tags: []string{"ENABLE_EMERGENCY_DIALING_WXT", "EMERGENCY_DIALING_NUMBERS_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_EMERGENCY_DIALING_WXT is true", "EMERGENCY_DIALING_NUMBERS_WXT is empty"}, At: []string{"EMERGENCY_DIALING_NUMBERS_WXT", "ENABLE_EMERGENCY_DIALING_WXT"}, Remedy: "list the numbers, such as 911,112"},
	}},
	{Code: "WXT123", Name: "emergency-numbers-dialable", Severity: 2, Protects: "A number in the list that nobody can dial in an emergency.", Source: "ITU-T E.164; common sense", Tags: []string{"EMERGENCY_DIALING_NUMBERS_WXT"}},
	{Code: "WXT124", Name: "emergency-idle", Severity: 2, Protects: "Emergency numbers while emergency dialing is off: they do nothing.", Source: "common sense", Tags: []string{"ENABLE_EMERGENCY_DIALING_WXT", "EMERGENCY_DIALING_NUMBERS_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_EMERGENCY_DIALING_WXT is false"}, Idle: []string{"EMERGENCY_DIALING_NUMBERS_WXT"}, Remedy: "set ENABLE_EMERGENCY_DIALING_WXT to true, or leave the numbers out"},
	}},
	{Code: "WXT125", Name: "xsi-paths-root", Severity: 2, Protects: "Xsi paths without a root: the app would join them to the cluster's address instead of yours.", Source: "reconstructed: the guide shows the three paths together, and SRV records only for the root", Tags: []string{"XSI_ACTIONS_PATH_WXT", "XSI_ROOT_WXT", "XSI_EVENTS_PATH_WXT"}, Rows: []Row{
		{When: []string{"XSI_ACTIONS_PATH_WXT is set", "XSI_ROOT_WXT is empty"}, At: []string{"XSI_ACTIONS_PATH_WXT"}, Remedy: "set XSI_ROOT_WXT too, or leave the path out"},
		{When: []string{"XSI_EVENTS_PATH_WXT is set", "XSI_ROOT_WXT is empty"}, At: []string{"XSI_EVENTS_PATH_WXT"}, Remedy: "set XSI_ROOT_WXT too, or leave the path out"},
	}},
	{Code: "WXT126", Name: "xsi-path-slash", Severity: 2, Protects: "An Xsi path without its last slash: what the app appends makes a different path.", Source: "reconstructed: the guide shows no path, and the app appends to it", Tags: []string{"XSI_ACTIONS_PATH_WXT", "XSI_EVENTS_PATH_WXT"}},
	{Code: "WXT127", Name: "call-settings-url", Severity: 2, Protects: "A target for the call settings page without its URL: the app hides the page.", Source: "Webex for Cisco BroadWorks guides", Tags: []string{"WEB_CALL_SETTINGS_TARGET_WXT", "WEB_CALL_SETTINGS_URL_WXT"}},
	{Code: "WXT128", Name: "call-settings-target", Severity: 2, Protects: "A URL of the call settings page without its target: the app does not know how to open it.", Source: "Webex for Cisco BroadWorks guides", Tags: []string{"WEB_CALL_SETTINGS_URL_WXT", "WEB_CALL_SETTINGS_TARGET_WXT"}, Rows: []Row{
		{When: []string{"WEB_CALL_SETTINGS_URL_WXT is set", "WEB_CALL_SETTINGS_TARGET_WXT is empty"}, Remedy: "set WEB_CALL_SETTINGS_TARGET_WXT to csw for the Call Settings Webview"},
	}},
	{Code: "WXT129", Name: "call-settings-host", Severity: 3, Protects: "The call settings page calls Xsi-Actions, and CORS is not supported: on another host it does not load.", Source: "Webex for Cisco BroadWorks guides", Tags: []string{"WEB_CALL_SETTINGS_TARGET_WXT", "WEB_CALL_SETTINGS_URL_WXT", "XSI_ROOT_WXT"}},
	{Code: "WXT131", Name: "auto-answer", Severity: 1, Protects: "Expecting automatic answer on a line where it does not work: any but the primary one.", Source: "Webex for Cisco BroadWorks guides", Tags: []string{"ENABLE_AUTO_ANSWER_WXT"}, Rows: []Row{
		{When: []string{"ENABLE_AUTO_ANSWER_WXT is true"}, Says: "ENABLE_AUTO_ANSWER_WXT: automatic answer works only on the primary line appearance", Remedy: "have the Webex app be the primary line appearance, and shared call appearances not alert for Click-to-Dial"},
	}},
	{Code: "WXT132", Name: "sbc-address", Severity: 2, Protects: "Settings of the SBC without its address: the app sends SIP somewhere else.", Source: "common sense", Tags: []string{"SBC_ADDRESS_WXT", "SBC_PORT_WXT", "USE_PROXY_DISCOVERY_WXT", "DOMAIN_OVERRIDE_WXT", "USE_TLS_WXT"}},
	{Code: "WXT201", Name: "unknown-request", Severity: 1, Protects: "Trusting a check that could not be made: the request is not known here.", Source: "OCI schema"},
	{Code: "WXT202", Name: "unknown-element", Severity: 3, Fixed: true, Protects: "An archive that the Application Server refuses to import.", Source: "OCI schema"},
	{Code: "WXT203", Name: "element-order", Severity: 3, Fixed: true, Protects: "An archive that the Application Server refuses to import: an element is missing, doubled or out of order.", Source: "OCI schema"},
	{Code: "WXT204", Name: "element-value", Severity: 3, Fixed: true, Protects: "An archive that the Application Server refuses to import: an element's value is not of its type.", Source: "OCI schema"},
	{Code: "WXT205", Name: "mac-cert", Severity: 3, Protects: "The MAC address can be in one of two places: the request fails when both are on.", Source: "OCI schema"},
	{Code: "WXT206", Name: "remote-party-info", Severity: 2, Protects: "Support Remote Party Info is off: desktop sharing and the busy lamp field need it on the desktop, extension dialling and the name of the remote party on phones and tablets.", Source: "Solution Guide, Import DTAF files; Busy Lamp Field; Extension dialing"},
	{Code: "WXT207", Name: "tag-mode", Severity: 2, Protects: "A tag mode that leaves custom tags out: the tag set's values never reach the app.", Source: "OCI schema, DeviceTypeTagMode"},
	{Code: "WXT208", Name: "plain-access", Severity: 2, Protects: "A file with SIP passwords that crosses the network in the clear.", Source: "common sense"},
}
