package wxt

import (
	"path"
	"slices"
	"strings"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/schema"
)

// checkDeviceTypeNames looks for requests, files and folders that are named for
// another device type than the one that the archive adds.
func checkDeviceTypeNames(p *Pass) {
	added := addedTypes(p)
	if p.Target != nil || len(added) == 0 {
		return
	}
	for _, r := range p.Manifest.Requests {
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
	if name := strings.TrimSuffix(path.Base(p.file), path.Ext(p.file)); !slices.Contains(added, name) {
		p.ReportAs(schema.Warning, schema.Position{File: p.file, Line: 1, Column: 1}, "name it oci/"+added[0]+".oci", "the manifest is named for the device type %q: expected %q", name, added[0])
	}
}

// addedTypes returns the device types that a manifest adds.
func addedTypes(p *Pass) []string {
	var names []string
	for _, r := range p.Manifest.Requests {
		if dtaf.AddsDeviceType(r) {
			if name, ok := r.Get("deviceType"); ok {
				names = append(names, name)
			}
		}
	}
	return names
}
