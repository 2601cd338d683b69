package wxt

import (
	"net/url"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/internal/value"
)

// longestNumber is how many digits a telephone number has at the most (E.164).
const longestNumber = 15

// checkEmergencyNumbersDialable looks for emergency numbers that nobody dials:
// without a digit, longer than any number, or in the list twice. What is no list
// of numbers at all is a wrong value.
func checkEmergencyNumbersDialable(p *Pass) {
	const tag = "EMERGENCY_DIALING_NUMBERS_WXT"
	list, ok := p.known(tag)
	if !ok {
		return
	}
	numbers, err := value.ParseDialStrings(list)
	if err != nil {
		return
	}
	for i, n := range numbers {
		switch digits := strings.TrimLeft(n, "+*#"); {
		case digits == "":
			p.reportTag(tag, p.where(tag), "remove it", "%s: %s has no digit to dial", tag, n)
		case len(digits) > longestNumber:
			p.reportTag(tag, p.where(tag), "separate the numbers with commas", "%s: %s has %d digits, and no telephone number has more than %d", tag, n, len(digits), longestNumber)
		case slices.Contains(numbers[:i], n):
			p.reportTag(tag, p.where(tag), "keep one of the two", "%s: %s is in the list twice", tag, n)
		}
	}
}

// checkXsiPathSlash looks for paths of Xsi without their last slash. One without
// its first slash is a wrong value.
func checkXsiPathSlash(p *Pass) {
	for _, tag := range []string{"XSI_ACTIONS_PATH_WXT", "XSI_EVENTS_PATH_WXT"} {
		if path, ok := p.known(tag); ok && strings.HasPrefix(path, "/") && !strings.HasSuffix(path, "/") {
			p.reportTag(tag, p.where(tag), "add a slash at the end", "%s: %q does not end in a slash", tag, path)
		}
	}
}

// checkCallSettingsURL looks for a target of the call settings page without its
// URL.
func checkCallSettingsURL(p *Pass) {
	target, ok := p.known("WEB_CALL_SETTINGS_TARGET_WXT")
	if ok && p.is("WEB_CALL_SETTINGS_URL_WXT", "") {
		p.reportTag("WEB_CALL_SETTINGS_URL_WXT", p.where("WEB_CALL_SETTINGS_URL_WXT", "WEB_CALL_SETTINGS_TARGET_WXT"), "set WEB_CALL_SETTINGS_URL_WXT",
			"WEB_CALL_SETTINGS_TARGET_WXT is %s, and WEB_CALL_SETTINGS_URL_WXT is empty: the app hides the call settings page", target)
	}
}

// checkCallSettingsHost looks for a Call Settings Webview on another host than
// that of Xsi. Where Xsi's host is the cluster's, it is not known.
func checkCallSettingsHost(p *Pass) {
	if !p.is("WEB_CALL_SETTINGS_TARGET_WXT", "csw") {
		return
	}
	page, okPage := p.knownURL("WEB_CALL_SETTINGS_URL_WXT")
	xsi, okXsi := p.knownURL("XSI_ROOT_WXT")
	if !okPage || !okXsi || strings.EqualFold(page.Hostname(), xsi.Hostname()) && httpsPort(page) == httpsPort(xsi) {
		return
	}
	p.reportTag("WEB_CALL_SETTINGS_URL_WXT", p.where("WEB_CALL_SETTINGS_URL_WXT", "XSI_ROOT_WXT"), "serve the page from "+xsi.Host,
		"WEB_CALL_SETTINGS_URL_WXT is on %s, and Xsi on %s: without CORS the page does not load", page.Host, xsi.Host)
}

// knownURL returns the URL that a tag has, if it is known.
func (p *Pass) knownURL(tag string) (*url.URL, bool) {
	v, ok := p.known(tag)
	if !ok {
		return nil, false
	}
	u, err := value.ParseURL(v)
	return u, err == nil
}

func httpsPort(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return "443"
}
