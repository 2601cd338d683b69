package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/schema"
)

// projectFlags are the flags that name the project, or several of them.
type projectFlags struct {
	names   []string
	set     []string
	several bool // the command takes several
}

// add adds the flags, for one project.
func (f *projectFlags) add(cmd *cobra.Command) {
	f.addFile(cmd)
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "set a key of the project, such as tags.SBC_ADDRESS_WXT=sbc.example.com, as it is in TOML or as plain text; repeat it for several")
	complete(cmd, "set")
}

// addFile adds the flag that names project files.
func (f *projectFlags) addFile(cmd *cobra.Command) {
	text := "project file"
	if f.several {
		text = "project file, or a folder of them, any number of times"
	}
	text += " (default " + wxt.FileName + " here or above in the repository, else the embedded default)"
	cmd.Flags().StringArrayVarP(&f.names, "file", "f", nil, text)
	cobra.CheckErr(cmd.MarkFlagFilename("file", "toml"))
}

// addSeveral adds the flags, for any number of projects.
func (f *projectFlags) addSeveral(cmd *cobra.Command) {
	f.several = true
	f.add(cmd)
}

// check returns an error about the flags.
func (f *projectFlags) check() error {
	for _, name := range f.names {
		if name == "" {
			return errors.New("--file: the name is empty: expected a project file, or no --file at all")
		}
	}
	if len(f.names) > 1 && !f.several {
		return fmt.Errorf("--file: this command takes one project: expected it once, and it is there %d times", len(f.names))
	}
	return nil
}

// file returns the one project file that is meant, which is "" for the embedded
// default, and tells which it is where it isn't in this folder.
func (f *projectFlags) file(cmd *cobra.Command) (string, error) {
	if err := f.check(); err != nil {
		return "", err
	}
	if len(f.names) == 1 {
		return f.names[0], nil
	}
	name, err := findProject()
	if err != nil {
		return "", err
	}
	if name != "" && name != wxt.FileName {
		fmt.Fprintf(cmd.ErrOrStderr(), "dtafgen: the project is %s\n", name)
	}
	return name, nil
}

// findProject returns the project file of this folder, or of the closest one above up
// to the repository's root. It returns "" if there is none.
func findProject() (string, error) {
	dir, up := ".", ""
	var found string
	for {
		name := filepath.Join(up, wxt.FileName)
		if _, err := os.Stat(name); err == nil && found == "" {
			found = name
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if up == "" && found != "" {
			return found, nil
		}
		if _, err := os.Lstat(filepath.Join(up, ".git")); err == nil {
			return found, nil
		}
		here, err := filepath.Abs(dir)
		if err != nil {
			return "", err
		}
		if filepath.Dir(here) == here {
			return "", nil // this is no repository: what is above is somebody else's
		}
		up = filepath.Join(up, "..")
		dir = up
	}
}

// A chosen is the projects that a command works on.
type chosen struct {
	files   []string // "" is the embedded default
	several bool     // each has a folder of its own to write to
}

// choose returns the projects that the flags name, or the one that is found.
func (f *projectFlags) choose(cmd *cobra.Command) (chosen, error) {
	if len(f.names) == 0 {
		file, err := f.file(cmd)
		return chosen{files: []string{file}}, err
	}
	if err := f.check(); err != nil {
		return chosen{}, err
	}
	c := chosen{several: len(f.names) > 1}
	for _, name := range f.names {
		list, isFolder, err := projectsIn(name)
		if err != nil {
			return c, err
		}
		if isFolder && list == nil {
			return c, fmt.Errorf("%s: there is no project in the folder", name)
		}
		c.several = c.several || isFolder
		c.add(list)
	}
	return c, nil
}

// add adds files that are not among those chosen.
func (c *chosen) add(files []string) {
	for _, file := range files {
		if !slices.ContainsFunc(c.files, func(other string) bool { return sameFile(file, other) }) {
			c.files = append(c.files, file)
		}
	}
}

// projectsIn returns the project files of a folder; a file stands for itself.
func projectsIn(name string) (files []string, isFolder bool, err error) {
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		return []string{name}, false, nil
	}
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, true, err
	}
	for _, e := range entries {
		path := filepath.Join(name, e.Name())
		if strings.EqualFold(filepath.Ext(e.Name()), ".toml") && isRegular(path) && isProject(readSome(path)) {
			files = append(files, path)
		}
	}
	return files, true, nil
}

// isProject reports whether a file of a folder is a project to build. One that others
// only extend is not, and neither is one whose keys are all of another kind of file; one
// that is not TOML may be a project with a mistake.
func isProject(data []byte) bool {
	var tree map[string]any
	if _, err := toml.Decode(string(data), &tree); err != nil {
		return true
	}
	if tree["abstract"] == true {
		return false
	}
	for key := range tree {
		if slices.Contains(topKeys, key) {
			return true
		}
	}
	return false
}

// topKeys are the keys at the top of a project file.
var topKeys = []string{
	"extends", "abstract", "name", "broadworks", "edge", "package", "access", "tags", "declare", "codecs", "sip", "checks", "ignore",
	"desktop", "mobile", "tablet",
}

// outputNames returns a name for each project, to call a folder or a page by: that of
// its file, or of its folder for a file that is called as all are.
func (c chosen) outputNames() ([]string, error) {
	names := make([]string, len(c.files))
	for i, file := range c.files {
		base := filepath.Base(file)
		if base == wxt.FileName {
			abs, err := filepath.Abs(file)
			if err != nil {
				return nil, err
			}
			names[i] = filepath.Base(filepath.Dir(abs))
		} else {
			names[i] = strings.TrimSuffix(base, filepath.Ext(base))
		}
		for j, other := range names[:i] {
			if strings.EqualFold(other, names[i]) {
				return nil, fmt.Errorf("%s and %s would both be written as %s: build them by themselves", c.files[j], file, names[i])
			}
		}
	}
	return names, nil
}

// each calls f for each of the projects. What goes wrong with one is reported, and does not
// keep the others from their turn; the error is that of the worst.
func (c chosen) each(cmd *cobra.Command, f func(i int, file string) error) error {
	var worst error
	for i, file := range c.files {
		err := f(i, file)
		if !c.several {
			return err
		}
		worst = worse(worst, complained(cmd, err))
	}
	return worst
}

// complained prints an error, and returns what is left to say: how bad it is.
func complained(cmd *cobra.Command, err error) error {
	if err == nil || errors.Is(err, errFound) || errors.Is(err, errUnreadable) {
		return err
	}
	var fs schema.Findings
	if errors.As(err, &fs) {
		printFindings(cmd, fs, ": nothing written")
	} else {
		fmt.Fprintf(always(cmd), "dtafgen: %s\n", strings.TrimSpace(err.Error()))
	}
	return errUnreadable
}

// worse returns the worse of two results.
func worse(a, b error) error {
	if a == nil || b != nil && errors.Is(a, errFound) {
		return b
	}
	return a
}

// always returns a writer to standard error for what --quiet keeps.
func always(cmd *cobra.Command) io.Writer {
	if q, quiet := cmd.ErrOrStderr().(quietWriter); quiet {
		return q.errors
	}
	return cmd.ErrOrStderr()
}

// refuseAbstract returns an error for a project that is there for others to extend.
func refuseAbstract(p *wxt.Project) error {
	if p.Abstract {
		return fmt.Errorf("%s is abstract, so that nothing is built from it: name a project that extends it", cmp.Or(p.File(), wxt.EmbeddedName))
	}
	return nil
}
