package wxt

// checkPortOverlap looks for ports that audio and video both have.
func checkPortOverlap(p *Pass) {
	ranges := portRanges(p)
	if len(ranges) < 2 {
		return
	}
	audio, video := ranges[0], ranges[1]
	if audio.from <= audio.to && video.from <= video.to && audio.from <= video.to && video.from <= audio.to {
		p.Report(p.where(video.start, audio.end, audio.start, video.end), "move one of the ranges",
			"the audio ports %d to %d and the video ports %d to %d overlap", audio.from, audio.to, video.from, video.to)
	}
}
