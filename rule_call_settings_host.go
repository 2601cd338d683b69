package wxt

import (
	"net/url"
	"strings"

	"github.com/dtafgen/wxt/schema"
)

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
	p.Report(p.where("WEB_CALL_SETTINGS_URL_WXT", "XSI_ROOT_WXT"), "serve the page from "+xsi.Host,
		"WEB_CALL_SETTINGS_URL_WXT is on %s, and Xsi on %s: without CORS the page does not load", page.Host, xsi.Host)
}

// knownURL returns the URL that a tag has, if it is known.
func (p *Pass) knownURL(tag string) (*url.URL, bool) {
	v, ok := p.known(tag)
	if !ok {
		return nil, false
	}
	u, err := schema.ParseURL(v)
	return u, err == nil
}

func httpsPort(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return "443"
}
