package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/atomicfile"
	"github.com/dtafgen/wxt/schema"
	"github.com/dtafgen/wxt/tags"
)

// upgradeProjects upgrades the projects of the flags, each on every platform whose base
// is of the old archive or container.
func (f *upgradeFlags) upgradeProjects(cmd *cobra.Command) error {
	c, err := f.projects.choose(cmd)
	if err != nil {
		return err
	}
	if c.files[0] == "" {
		return fmt.Errorf("there is no %s here or above: name a project with -f, or an archive with --mine", wxt.FileName)
	}
	f.chosen = c
	names := []string{""}
	if c.several {
		if names, err = c.outputNames(); err != nil {
			return err
		}
	}
	o := options{shelf: &shelf{}}
	if !c.several { // What is wrong with the project comes before what is with the archives.
		if _, err := load(c.files[0], o); err != nil {
			return err
		}
	}
	old, err := dtaf.OpenAll(f.old)
	if err != nil {
		return err
	}
	new, err := dtaf.OpenAll(f.new)
	if err != nil {
		return err
	}
	var steps []wxt.UpgradeStep
	var told schema.Findings
	var folders []string // to write what a step builds to
	worst := c.each(cmd, func(i int, file string) error {
		list, err := f.steps(&told, file, o, old, new)
		if err == nil && c.several {
			// What goes wrong with this one is reported, and the others get their turn.
			_, _, err = wxt.Upgrade(f.choices(), list...)
		}
		if err != nil {
			return plainFindings(err)
		}
		steps = append(steps, list...)
		for range list {
			folders = append(folders, filepath.Join(f.dir, names[i]))
		}
		return nil
	})
	p, told := stderrPrinter(cmd, told)
	p.findings(cmd, told)
	if len(steps) == 0 {
		return worst
	}
	results, changed, err := wxt.Upgrade(f.choices(), steps...)
	if err != nil {
		return plainFindings(err)
	}
	var reports []*upgradeReport
	var files []atomicfile.Content
	var broken error
	open := 0
	masker := newMasker(f.secrets, slices.Concat(old, new)...)
	for i, result := range results {
		masker.report(result.Report)
		r := &upgradeReport{Platform: result.Platform.String(), Report: result.Report}
		if c.several || len(results) > 1 {
			r.File = filepath.ToSlash(steps[i].Project.File())
		}
		open += r.open()
		reports = append(reports, r)
		if built := result.Built; built != nil {
			for _, file := range []wxt.File{{Name: built.Name, Data: built.Data}, built.Container} {
				files = append(files, atomicfile.Content{Name: filepath.Join(folders[i], file.Name), Data: file.Data})
			}
		} else {
			broken = fmt.Errorf("%s: %s can't be built on the new archive", steps[i].Project.File(), result.Platform)
		}
	}
	if f.write {
		for _, c := range changed {
			name, err := filepath.EvalSymlinks(c.Name) // what a link leads to, as check --fix writes it
			if err != nil {
				return err
			}
			files = append(files, atomicfile.Content{Name: name, Data: c.Data})
		}
	}
	for _, result := range results {
		if result.Built == nil || open == 0 || f.force {
			printFindings(cmd, result.Findings, "")
		}
	}
	err = f.finish(cmd, reports, files, broken)
	if c.several {
		err = complained(cmd, err)
	}
	return worse(worst, err)
}

// steps returns the platforms of a project that are to be upgraded.
func (f *upgradeFlags) steps(told *schema.Findings, file string, o options, old, new []*dtaf.Archive) ([]wxt.UpgradeStep, error) {
	p, err := load(file, o)
	if err != nil {
		return nil, err
	}
	if err := refuseAbstract(p); err != nil {
		return nil, err
	}
	platforms, err := f.platformsOf(p, file, o, old)
	if err != nil {
		return nil, err
	}
	var steps []wxt.UpgradeStep
	for _, platform := range platforms {
		archives, err := chooseQuietly(told, p.BroadWorks, deviceTypes(p, platform), old, new)
		if err != nil {
			return nil, err
		}
		base, err := f.baseName(p, file, platform)
		if err != nil {
			return nil, err
		}
		steps = append(steps, wxt.UpgradeStep{Project: p, Platform: platform, Old: archives[0], New: archives[1], Base: base})
	}
	return steps, nil
}

// plainFindings returns the findings that an error holds as themselves.
func plainFindings(err error) error {
	if fs := (schema.Findings)(nil); errors.As(err, &fs) {
		return fs
	}
	return err
}

// deviceTypes returns the device types that the archive of a platform may have.
func deviceTypes(p *wxt.Project, platform tags.Platform) []string {
	return []string{p.Platform(platform).DeviceType, dtaf.Spec(platform).Name}
}

// platformsOf returns the platforms of a project whose base is of the old archive or
// container: those that are enabled, if there is one.
func (f *upgradeFlags) platformsOf(p *wxt.Project, path string, o options, old []*dtaf.Archive) ([]tags.Platform, error) {
	isOld := func(platform tags.Platform) (same, exists bool) {
		all, err := o.shelf.base(path, p.Platform(platform).Base)
		if err != nil {
			return false, false
		}
		a, err := dtaf.Select(all, p.BroadWorks, deviceTypes(p, platform)...)
		if err != nil {
			return false, false
		}
		b, err := dtaf.Select(old, p.BroadWorks, deviceTypes(p, platform)...)
		return err == nil && slices.EqualFunc(slices.Collect(a.Files()), slices.Collect(b.Files()), func(x, y dtaf.File) bool {
			return x.Name == y.Name && string(x.Data) == string(y.Data)
		}), true
	}
	if f.platform != "" {
		platform, err := parsePlatform(f.platform)
		if err != nil {
			return nil, err
		}
		if p.Platform(platform).Base == "" {
			return nil, fmt.Errorf("%s: %s has no base: to carry an archive, name it with --mine", path, platform)
		}
		if same, exists := isOld(platform); exists && !same {
			return nil, fmt.Errorf("%s: the base of %s, %s, is another archive than %s", path, platform, p.Platform(platform).Base, f.old)
		}
		return []tags.Platform{platform}, nil
	}
	var bases []string
	var enabled, all []tags.Platform
	for _, platform := range tags.Platforms() {
		if base := p.Platform(platform).Base; base != "" {
			if same, _ := isOld(platform); same {
				all = append(all, platform)
				if !p.Platform(platform).Disabled {
					enabled = append(enabled, platform)
				}
			}
			bases = append(bases, platform.String()+" "+base)
		}
	}
	switch {
	case enabled != nil:
		return enabled, nil
	case all != nil:
		return all, nil
	case bases == nil:
		return nil, fmt.Errorf("%s: no platform has a base: to carry an archive, name it with --mine", path)
	}
	return nil, fmt.Errorf("%s: no platform has %s as its base: it has %s", path, f.old, strings.Join(bases, ", "))
}

// baseName returns the name of the new archive for the project file: from its
// folder, unless the base had an absolute name.
func (f *upgradeFlags) baseName(p *wxt.Project, path string, platform tags.Platform) (string, error) {
	target, err := filepath.Abs(f.new)
	if err != nil {
		return "", err
	}
	if filepath.IsAbs(p.Platform(platform).Base) {
		return target, nil
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(dir, target)
	if err != nil {
		return target, nil
	}
	return filepath.ToSlash(rel), nil
}
