package wxt

import "github.com/dtafgen/wxt/schema"

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
		r.from, errStart = schema.ParsePort(start.Value)
		r.to, errEnd = schema.ParsePort(end.Value)
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
			p.Report(p.where(r.end, r.start), "swap them, or move one", "the range from %s %d to %s %d runs backwards", r.start, r.from, r.end, r.to)
		}
	}
}
