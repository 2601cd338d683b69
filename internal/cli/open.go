package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/schema"
)

// openArchives opens archives that belong together, one of each path, and tells what
// is to be said of how they were read. Where a path is that of a container, the archive
// in it is chosen by the device types, the likeliest first, and by the release. The
// device type of an archive that is the only one at its path is among them.
func openArchives(cmd *cobra.Command, r oci.Release, deviceTypes []string, paths ...string) ([]*dtaf.Archive, error) {
	all := make([][]*dtaf.Archive, len(paths))
	for i, path := range paths {
		list, err := dtaf.OpenAll(path)
		if err != nil {
			return nil, err
		}
		all[i] = list
	}
	return chooseArchives(cmd, r, deviceTypes, all...)
}

// chooseArchives is openArchives for what is read already.
func chooseArchives(cmd *cobra.Command, r oci.Release, deviceTypes []string, all ...[]*dtaf.Archive) ([]*dtaf.Archive, error) {
	var told schema.Findings
	chosen, err := chooseQuietly(&told, r, deviceTypes, all...)
	if err != nil {
		return nil, err
	}
	p, told := stderrPrinter(cmd, told)
	p.findings(cmd, told)
	return chosen, nil
}

// chooseQuietly is chooseArchives that adds what is to be said to what is there.
func chooseQuietly(told *schema.Findings, r oci.Release, deviceTypes []string, all ...[]*dtaf.Archive) ([]*dtaf.Archive, error) {
	for _, list := range all {
		if len(list) == 1 {
			deviceTypes = append(deviceTypes, list[0].DeviceType())
		}
	}
	chosen := make([]*dtaf.Archive, len(all))
	for i, list := range all {
		a, err := dtaf.Select(list, r, deviceTypes...)
		if err != nil {
			return nil, err
		}
		chosen[i] = a
		for _, f := range a.Findings() {
			if !slices.ContainsFunc(*told, func(t schema.Finding) bool { return t.String() == f.String() }) {
				*told = append(*told, f)
			}
		}
	}
	return chosen, nil
}
