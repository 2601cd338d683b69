package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// A progress shows on a terminal how far a rendering is. A nil one shows nothing.
type progress struct {
	bar         *progressbar.ProgressBar
	start, last time.Time
}

// between is how much time is between two pictures of a progress.
const between = 100 * time.Millisecond

// newProgress returns a progress that writes to w, or nil if that is no
// terminal. Total is the size of the input in bytes, or -1.
func newProgress(w io.Writer, total int64) *progress {
	f := terminal(w)
	if f == nil {
		return nil
	}
	return startProgress(f, total)
}

func startProgress(w io.Writer, total int64) *progress {
	return &progress{start: time.Now(), bar: progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetWidth(20),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetElapsedTime(true),
		progressbar.OptionClearOnFinish(),
	)}
}

func (p *progress) update(s renderStats, read int64) {
	if p == nil || time.Since(p.last) < between {
		return
	}
	p.last = time.Now()
	rate := float64(s.subscribers) / max(time.Since(p.start).Seconds(), 1e-3)
	p.bar.Describe(fmt.Sprintf("%s, %.0f/s", s, rate))
	// A bar that can't be drawn is no reason to stop.
	_ = p.bar.Set64(read)
}

// clear takes the bar off the terminal, for something else to be written.
func (p *progress) clear() {
	if p != nil {
		_ = p.bar.Clear()
	}
}
