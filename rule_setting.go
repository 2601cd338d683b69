package wxt

import (
	"regexp"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/nearest"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// checkSettings looks at what the project sets beside tags.
func checkSettings(p *Pass) {
	checkPackage(p)
	checkCodecs(p)
	checkSIP(p)
	checkHosts(p)
	checkDeviceTypes(p)
}

func checkPackage(p *Pass) {
	if v := p.Project.Package.Version; v != "" {
		if err := dtaf.CheckVersion(v); err != nil {
			p.Report(p.At("package", "version"), "", "package.version: %s", err)
		}
	}
	if d := p.Project.Package.Date; d != (Month{}) && !d.valid() {
		p.Report(p.At("package", "date"), "", "package.date: %s is not a month from 1980-01 to 2107-12", d)
	}
}

// codecName is what a codec's name in SDP is made of.
var codecName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

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
				if near, ok := nearest.Match(name, slices.Values(names)); ok {
					remedy = "did you mean " + near + "?"
				}
				p.ReportAs(schema.Warning, pos, remedy, "%s: the app is not known to have the codec %s", key, name)
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

func checkHosts(p *Pass) {
	for _, t := range p.Resolution.Targets {
		if t.Access.Host == "" {
			continue
		}
		if err := schema.ParseHost(t.Access.Host); err != nil {
			p.Report(accessPosition(p.Project, t.Platform, "host"), err.(*schema.ValueError).Remedy, "access.host: %s", err)
		}
	}
}

func checkDeviceTypes(p *Pass) {
	seen := make(map[string]tags.Platform)
	for _, t := range p.Resolution.Targets {
		pos := p.At(t.Platform.String(), "device_type")
		if err := dtaf.CheckDeviceTypeName(t.DeviceType); err != nil {
			p.Report(pos, "", "%s.device_type: %s", t.Platform, err)
		}
		if other, ok := seen[strings.ToLower(t.DeviceType)]; ok {
			p.Report(pos, "give each its own", "%s and %s have the device type %q both", other, t.Platform, t.DeviceType)
		}
		seen[strings.ToLower(t.DeviceType)] = t.Platform
		if p.Options.Mode == Tags && (t.base == nil || t.TagSet != "") {
			if err := tags.CheckSetName(t.TagSet); err != nil {
				p.Report(p.At(t.Platform.String(), "tag_set"), "", "%s.tag_set: %s", t.Platform, err)
			}
		}
	}
}
