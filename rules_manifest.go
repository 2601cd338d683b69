package wxt

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/manifest"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// checkUnnamedFiles looks for files of an archive that no request names.
func checkUnnamedFiles(p *Pass) {
	if p.Archive == nil || p.Manifest == nil {
		return
	}
	named := make(map[string]bool)
	for _, e := range sources(p.Manifest) {
		named[strings.TrimSpace(e.Value)] = true
	}
	manifest, _ := p.Archive.ManifestName()
	for f := range p.Archive.Files() {
		if f.Name != manifest && !named[f.Name] {
			p.Report(schema.Position{File: strings.TrimSuffix(p.shared().file, manifest) + f.Name, Line: 1, Column: 1}, "add a request for it, or remove it", "no request of the manifest names the file %s", f.Name)
		}
	}
}

// checkAbsentFiles looks for requests whose file is not in the archive.
func checkAbsentFiles(p *Pass) {
	if p.Archive == nil || p.Manifest == nil {
		return
	}
	for _, e := range sources(p.Manifest) {
		name := strings.TrimSpace(e.Value)
		if _, ok := p.Archive.File(name); ok {
			continue
		}
		remedy := ""
		for f := range p.Archive.Files() {
			if strings.EqualFold(f.Name, name) {
				remedy = "did you mean " + f.Name + "?"
			}
		}
		p.Report(e.ValuePos, remedy, "the archive has no file %s", name)
	}
}

// checkDeviceTypeNames looks for requests, files and folders that are named for
// another device type than the one that the archive adds.
func checkDeviceTypeNames(p *Pass) {
	added := addedTypes(p)
	if p.Target != nil || len(added) == 0 {
		return
	}
	for _, r := range p.requests() {
		for _, e := range r.Elements {
			if name := strings.TrimSpace(e.Value); e.Name == "deviceType" && !slices.Contains(added, name) {
				p.Report(e.ValuePos, "write "+added[0], "%s is about the device type %q: expected %q, which is added here", r.Type, name, added[0])
			}
		}
	}
	for _, e := range sources(p.Manifest) {
		parts := strings.Split(strings.TrimSpace(e.Value), "/")
		if len(parts) > 2 && parts[0] == "type" && !slices.Contains(added, parts[1]) {
			p.ReportAs(schema.Warning, e.ValuePos, "name the folder type/"+added[0], "the file stands in the folder of the device type %q: expected %q", parts[1], added[0])
		}
	}
	if p.Archive == nil {
		return
	}
	if name := strings.TrimSuffix(path.Base(p.shared().file), path.Ext(p.shared().file)); !slices.Contains(added, name) {
		p.ReportAs(schema.Warning, schema.Position{File: p.shared().file, Line: 1, Column: 1}, "name it oci/"+added[0]+".oci", "the manifest is named for the device type %q: expected %q", name, added[0])
	}
}

// addedTypes returns the device types that a manifest adds.
func addedTypes(p *Pass) []string {
	var names []string
	for _, r := range p.requests() {
		if manifest.AddsDeviceType(r) {
			if name, ok := r.Get("deviceType"); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// checkMACCert looks for requests that want the MAC address in two places.
func checkMACCert(p *Pass) {
	for _, r := range p.requests() {
		if isTrue(r, "macInCert") && isTrue(r, "macInNonRequestURI") {
			p.Report(p.element(r, "macInCert"), "set one of them to false", "macInCert and macInNonRequestURI are true both: the request fails")
		}
	}
}

// checkRemotePartyInfo looks for device types that don't support it.
func checkRemotePartyInfo(p *Pass) {
	for _, r := range p.requests() {
		if isFalse(r, "supportRemotePartyInfo") {
			what := "desktop sharing and the busy lamp field don't work"
			if p.Platform == tags.Mobile || p.Platform == tags.Tablet {
				what = "extension dialling does not work, and the app does not show the remote party's caller ID"
			}
			p.Report(p.element(r, "supportRemotePartyInfo"), "set it to true", "supportRemotePartyInfo is false: %s", what)
		}
	}
}

// checkTagMode looks for tag sets that the tag mode leaves out.
func checkTagMode(p *Pass) {
	for _, r := range p.requests() {
		mode, ok := r.Get("tagMode")
		set, hasSet := r.Get("tagSet")
		if ok && hasSet && set != "" && (mode == "System" || mode == "None") {
			p.Report(p.element(r, "tagMode"), `set tagMode to "System And Custom", or remove the tag set`,
				"tagMode is %q: the values of the tag set %q don't reach the app", mode, set)
		}
	}
}

// checkPlainAccess looks for files that go through the network in the clear.
func checkPlainAccess(p *Pass) {
	remedy := "let https be the only protocol"
	for _, r := range p.requests() {
		if protocol, ok := r.Get("deviceAccessProtocol"); ok && slices.Contains([]string{"Http", "FTP", "TFTP"}, protocol) {
			if p.Target != nil {
				remedy = "set access.protocol to https"
			}
			p.Report(p.element(r, "deviceAccessProtocol"), remedy, "deviceAccessProtocol is %s: the app's file, with its SIP password, goes through the network in the clear", protocol)
		}
		for _, name := range []string{"allowHttp", "allowTftp"} {
			if isTrue(r, name) {
				if format, ok := fileFormat(r); ok && p.Target != nil {
					remedy = fmt.Sprintf("write %s = false below [%s.file.%q]", name, p.Target.Platform, format)
				}
				p.Report(p.element(r, name), remedy, "%s is true: the file, with its SIP password, may go through the network in the clear", name)
			}
		}
	}
}

// sources returns the elements that name files of the archive.
func sources(d *oci.Document) []*oci.Element {
	var list []*oci.Element
	for _, r := range d.Requests {
		for _, e := range r.Elements {
			for x := range e.All() {
				if x.Name == "sourceFileName" {
					list = append(list, x)
				}
			}
		}
	}
	return list
}

// deviceManagement returns the request that adds a device type which has files
// to manage, or nil.
func deviceManagement(d *oci.Document) *oci.Request {
	if r := manifest.DeviceTypeRequest(d); r != nil && r.Find("deviceManagementDeviceTypeOptions") != nil {
		return r
	}
	return nil
}
