package wxt

import (
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/internal/value"
	"github.com/dtafgen/wxt/schema"
)

// A portRange is a range of media ports, as two tags say it.
type portRange struct {
	media, start, end string // end and start are tags
	from, to          int
}

// portRanges returns the ranges of which both ends are ports.
func portRanges(p *Pass) []portRange {
	var list []portRange
	for _, r := range []portRange{
		{media: "audio", start: "RTP_AUDIO_PORT_RANGE_START_WXT", end: "RTP_AUDIO_PORT_RANGE_END_WXT"},
		{media: "video", start: "RTP_VIDEO_PORT_RANGE_START_WXT", end: "RTP_VIDEO_PORT_RANGE_END_WXT"},
	} {
		start, _ := p.Value(r.start)
		end, _ := p.Value(r.end)
		var errStart, errEnd error
		r.from, errStart = value.ParsePort(start.Value)
		r.to, errEnd = value.ParsePort(end.Value)
		if errStart == nil && errEnd == nil {
			list = append(list, r)
		}
	}
	return list
}

// checkPortOrder looks for ranges that end before they start.
func checkPortOrder(p *Pass) {
	for _, r := range portRanges(p) {
		if r.from > r.to {
			p.reportTag(r.end, p.where(r.end, r.start), "swap them, or move one", "the range from %s %d to %s %d runs backwards", r.start, r.from, r.end, r.to)
		}
	}
}

// checkPortOverlap looks for ports that audio and video both have.
func checkPortOverlap(p *Pass) {
	ranges := portRanges(p)
	if len(ranges) < 2 {
		return
	}
	audio, video := ranges[0], ranges[1]
	if audio.from <= audio.to && video.from <= video.to && audio.from <= video.to && video.from <= audio.to {
		p.reportTag(video.start, p.where(video.start, audio.end, audio.start, video.end), "move one of the ranges",
			"the audio ports %d to %d and the video ports %d to %d overlap", audio.from, audio.to, video.from, video.to)
	}
}

// checkPortRangeSmall looks for ranges that have no room for one call.
func checkPortRangeSmall(p *Pass) {
	for _, r := range portRanges(p) {
		if r.from == r.to {
			p.reportTag(r.end, p.where(r.end, r.start), "give each call 2 ports", "the range of %s ports, %s %d to %s %d, has 1 port: a call needs 2", r.media, r.start, r.from, r.end, r.to)
		}
	}
}

// checkPortRangeOdd looks for ranges that begin with a port for RTCP.
func checkPortRangeOdd(p *Pass) {
	for _, r := range portRanges(p) {
		if r.from%2 == 1 {
			p.reportTag(r.start, p.where(r.start, r.end), "begin the range with an even port", "%s is %d, an odd port: RTP goes by even ones", r.start, r.from)
		}
	}
}

// checkSourcePortInRange looks for a SIP port among those of media.
func checkSourcePortInRange(p *Pass) {
	source, _ := p.Value("SOURCE_PORT_WXT")
	port, err := value.ParsePort(source.Value)
	if err != nil {
		return
	}
	for _, r := range portRanges(p) {
		if r.from <= port && port <= r.to {
			p.reportTag("SOURCE_PORT_WXT", p.where("SOURCE_PORT_WXT", r.start, r.end), "move the port or the range",
				"SOURCE_PORT_WXT %d is one of the %s ports %d to %d", port, r.media, r.from, r.to)
		}
	}
}

// checkTLSToAddress looks for TLS to an SBC that is named by its address.
func checkTLSToAddress(p *Pass) {
	address, ok := p.known("SBC_ADDRESS_WXT")
	if ok && p.isOn("USE_TLS_WXT") && value.IsAddress(address) {
		p.reportTag("SBC_ADDRESS_WXT", p.where("SBC_ADDRESS_WXT", "USE_TLS_WXT"), "use the name that stands in the SBC's certificate",
			"SBC_ADDRESS_WXT is the address %s, and USE_TLS_WXT is true: the certificate does not match an address", address)
	}
}

// checkDiscoveryOfAddress looks for proxy discovery by an address.
func checkDiscoveryOfAddress(p *Pass) {
	address, ok := p.known("SBC_ADDRESS_WXT")
	if ok && p.isOn("USE_PROXY_DISCOVERY_WXT") && value.IsAddress(address) {
		p.reportTag("SBC_ADDRESS_WXT", p.where("SBC_ADDRESS_WXT", "USE_PROXY_DISCOVERY_WXT"), "use the name that has the SRV records, or set USE_PROXY_DISCOVERY_WXT to false",
			"SBC_ADDRESS_WXT is the address %s, and proxy discovery looks it up as the name of SRV records", address)
	}
}

// checkSBCAddress looks for a project that says how to reach the SBC, and not
// which. An empty address by itself is right where the app finds its proxy by
// the SIP domain, which the Application Server knows.
func checkSBCAddress(p *Pass) {
	if !p.is("SBC_ADDRESS_WXT", "") {
		return
	}
	const remedy = "set SBC_ADDRESS_WXT"
	port, _ := p.Value("SBC_PORT_WXT")
	byDefault, _ := port.Tag.DefaultOn(p.Target.Platform)
	switch {
	case p.isOn("USE_PROXY_DISCOVERY_WXT"):
		if p.is("DOMAIN_OVERRIDE_WXT", "") {
			p.reportTag("SBC_ADDRESS_WXT", p.where("SBC_ADDRESS_WXT", "USE_PROXY_DISCOVERY_WXT"), remedy+" to the name of the SRV records",
				"USE_PROXY_DISCOVERY_WXT is true, and SBC_ADDRESS_WXT is empty: there is no name to look up")
		}
	case p.isOn("USE_TLS_WXT"):
		p.reportTag("SBC_ADDRESS_WXT", p.where("SBC_ADDRESS_WXT", "USE_TLS_WXT"), remedy, "USE_TLS_WXT is true, and SBC_ADDRESS_WXT is empty: there is no SBC to connect to")
	case port.Value != byDefault:
		p.reportTag("SBC_ADDRESS_WXT", p.where("SBC_ADDRESS_WXT", "SBC_PORT_WXT"), remedy, "SBC_PORT_WXT is %s, and SBC_ADDRESS_WXT is empty: there is no SBC to connect to", port.Value)
	}
}

func checkCodecs(p *Pass) {
	known := func(media string) []string {
		var names []string
		for _, codec := range schema.Codecs() {
			if codec.Media == media {
				names = append(names, codec.Name)
			}
		}
		return names
	}
	for _, list := range []struct {
		media string
		names []string
	}{{"audio", p.Project.Codecs.Audio}, {"video", p.Project.Codecs.Video}} {
		key := "codecs." + list.media
		if list.names != nil && len(list.names) == 0 {
			p.Report(p.At("codecs", list.media), "leave the key out for the default", "%s has no codecs", key)
		}
		for i, name := range list.names {
			pos := p.At("codecs", list.media, i)
			if !codecName.MatchString(name) {
				p.Report(pos, "", "%s: %q is not a codec's name", key, name)
				continue
			}
			if slices.Contains(list.names[:i], name) {
				p.Report(pos, "keep one of the two", "%s: %s is in the list twice", key, name)
			}
			if names := known(list.media); !slices.Contains(names, name) {
				remedy := "known are " + strings.Join(names, ", ") + "; the list is reconstructed"
				if near, ok := text.Nearest(name, slices.Values(names)); ok {
					remedy = "did you mean " + near + "?"
				}
				p.ReportAs(schema.Warning, pos, remedy, "%s: the app is not known to have the codec %s", key, name)
			}
		}
	}
}

// checkCodecAttributes looks for attributes of codecs that no codec gets.
func checkCodecAttributes(p *Pass) {
	for _, key := range codecAttributes {
		for codec := range p.Project.Codecs.Attributes[codecAttribute(key)] {
			pos := p.At("codecs", key, codec)
			if !codecName.MatchString(codec) {
				p.Report(pos, "", "codecs.%s: %q is not a codec's name", key, codec)
				continue
			}
			for _, t := range p.targets() {
				if t.base == nil && !slices.Contains(t.Codecs.Audio, codec) && !slices.Contains(t.Codecs.Video, codec) {
					p.ReportAs(schema.Warning, pos, "name it in codecs.audio or codecs.video", "codecs.%s: the app on %s does not get the codec %s", key, t.Platform, codec)
					break
				}
			}
		}
	}
}

func checkSIP(p *Pass) {
	for key, seconds := range map[string]int{"register_refresh": p.Project.SIP.RegisterRefresh, "subscribe_refresh": p.Project.SIP.SubscribeRefresh} {
		if seconds < 0 {
			p.Report(p.At("sip", key), "", "sip.%s is %d: expected 1 second or more", key, seconds)
		}
	}
}
