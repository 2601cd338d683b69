package report_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/testkit"
)

// browser starts a Chromium of its own, and returns what runs a tab in it.
func browser(t *testing.T) context.Context {
	path := testkit.Oracle(t, "chromium")
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless,
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.WSURLReadTimeout(60 * time.Second),
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		// The browser is gone before its folder is removed.
		_ = chromedp.Cancel(ctx)
		cancel()
	})
	return ctx
}

// screenshots returns the folder for the screenshots: that of the environment
// variable REPORT_SCREENSHOT if it is set.
func screenshots(t *testing.T) string {
	if dir := os.Getenv("REPORT_SCREENSHOT"); dir != "" {
		require.NoError(t, os.MkdirAll(dir, 0o777))
		return dir
	}
	return t.TempDir()
}

// visible counts the rows of a kind that are there to see.
func visible(selector string) string {
	return fmt.Sprintf(`Array.from(document.querySelectorAll(%q)).filter(e => e.getClientRects().length > 0).length`, selector)
}

func TestInBrowser(t *testing.T) {
	ctx := browser(t)
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, []byte(testPage(t)), 0o666))
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()

	var mu sync.Mutex
	var complaints []string
	chromedp.ListenTarget(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, e.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			complaints = append(complaints, fmt.Sprint("console.", e.Type))
		case *log.EventEntryAdded:
			complaints = append(complaints, fmt.Sprint(e.Entry.Level, ": ", e.Entry.Text))
		}
	})
	run := func(actions ...chromedp.Action) {
		t.Helper()
		require.NoError(t, chromedp.Run(ctx, actions...))
	}
	var rows, found, lines, all int
	var status, title string
	run(
		chromedp.EmulateViewport(1280, 900),
		chromedp.Navigate(address),
		chromedp.WaitVisible("#q", chromedp.ByQuery),
		chromedp.Title(&title),
		chromedp.Evaluate(visible(".tags tbody tr"), &all),
	)
	assert.Equal(t, "now.toml – dtafgen report", title)
	assert.Greater(t, all, 40)

	// A tag's name leaves its row and the lines that it stands in, filled in
	// though it is; percent signs make no difference.
	run(
		chromedp.SendKeys("#q", "%sbc_port_wxt%", chromedp.ByQuery),
		chromedp.Evaluate(visible(".tags tbody tr"), &rows),
		chromedp.Evaluate(visible(".template li"), &lines),
		chromedp.Evaluate(visible("[data-row]"), &found),
		chromedp.Text("#matches", &status, chromedp.ByQuery),
	)
	assert.Equal(t, 1, rows)
	assert.Equal(t, 1, lines)
	assert.Regexp(t, fmt.Sprintf(`^%d of \d+ rows and lines$`, found), status)

	// What matches nothing leaves nothing.
	run(
		chromedp.SendKeys("#q", "no such tag", chromedp.ByQuery),
		chromedp.Evaluate(visible("[data-row]"), &found),
	)
	assert.Zero(t, found)

	// Without words everything is back, and the toggle leaves what is changed.
	// The keyboard is enough: the box comes after the field.
	var changed, focused int
	run(
		chromedp.Evaluate(`document.getElementById("q").value = ""; document.getElementById("q").dispatchEvent(new Event("input"))`, nil),
		chromedp.Evaluate(visible(".tags tbody tr"), &rows),
		chromedp.KeyEvent("\t"),
		chromedp.Evaluate(`Number(document.activeElement.id === "changed")`, &focused),
		chromedp.KeyEvent(" "),
		chromedp.Evaluate(visible(".tags tbody tr"), &changed),
	)
	assert.Equal(t, all, rows)
	assert.Equal(t, 1, focused)
	assert.Equal(t, 6, changed, "as many tags as the project sets")
	run(chromedp.KeyEvent(" "))

	dir := screenshots(t)
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 768, 390} {
			var wide bool
			var contrast []string
			var png []byte
			run(
				chromedp.EmulateViewport(width, 900),
				emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
				chromedp.Evaluate(`document.documentElement.scrollWidth > document.documentElement.clientWidth`, &wide),
				chromedp.Evaluate(contrastScript, &contrast),
				chromedp.FullScreenshot(&png, 100),
			)
			assert.False(t, wide, "the page scrolls sideways at a width of %d", width)
			assert.Empty(t, contrast, "what can't be read well, in %s", scheme)
			name := filepath.Join(dir, fmt.Sprintf("report-%s-%d.png", scheme, width))
			require.NoError(t, os.WriteFile(name, png, 0o666))
		}
	}
	mu.Lock()
	defer mu.Unlock()
	assert.Empty(t, complaints)
}

// TestWithoutScript looks whether everything is there without JavaScript, but for
// what needs it.
func TestWithoutScript(t *testing.T) {
	ctx := browser(t)
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, []byte(testPage(t)), 0o666))
	var form, rows, all int
	require.NoError(t, chromedp.Run(ctx,
		emulation.SetScriptExecutionDisabled(true),
		chromedp.Navigate((&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()),
		chromedp.WaitVisible("#requirements", chromedp.ByQuery),
		chromedp.Evaluate(visible("form"), &form),
		chromedp.Evaluate(visible("[data-row]"), &rows),
		chromedp.Evaluate(`document.querySelectorAll("[data-row]").length`, &all),
	))
	assert.Zero(t, form)
	assert.Equal(t, all, rows)
	assert.Greater(t, rows, 100)
}

// contrastScript returns the texts whose contrast with what is behind them is
// less than WCAG's AA asks for, 4.5 to 1.
const contrastScript = `(() => {
  const rgba = s => { const n = s.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const channel = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = rgba(getComputedStyle(e).backgroundColor);
      if (c[3] === 1) return c;
    }
    return [255, 255, 255, 1];
  };
  const bad = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = walker.nextNode());) {
    const e = n.parentElement;
    if (!n.data.trim() || e.getClientRects().length === 0) continue;
    const a = light(rgba(getComputedStyle(e).color)), b = light(behind(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.add(e.tagName + "." + e.className + " " + ratio.toFixed(2));
  }
  return [...bad];
})()`
