package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/diff"
	"github.com/dtafgen/wxt/internal/content"
	"github.com/dtafgen/wxt/internal/memfs"
)

// diffPaths compares two files on disk, which are archives, manifests, templates or
// other text, as their content says, and both the same of these. It returns what
// they are. The error says which can't be used.
func diffPaths(cmd *cobra.Command, deviceTypes []string, old, new string) (*diff.Difference, content.Kind, error) {
	a, err := openInput(old)
	if err != nil {
		return nil, "", err
	}
	b, err := openInput(new)
	if err != nil {
		return nil, "", err
	}
	switch {
	case a.kind != b.kind && (a.isSpecial() || b.isSpecial()):
		return nil, "", fmt.Errorf("%s is %s and %s is %s: expected two of a kind", old, describeKind(a.kind), new, describeKind(b.kind))
	case a.kind == content.Archive:
		archives, err := chooseArchives(cmd, 0, deviceTypes, a.archives, b.archives)
		if err != nil {
			return nil, "", err
		}
		return diff.Archives(archives[0], archives[1]), a.kind, nil
	case a.kind != b.kind:
		a.kind = content.Text
	}
	return diff.Files(a.file, b.file, dtaf.Limits{}), a.kind, nil
}

// An input is a file to compare.
type input struct {
	kind     content.Kind
	archives []*dtaf.Archive
	file     dtaf.File
}

// isSpecial reports whether the input can only be compared with its like.
func (i input) isSpecial() bool { return i.kind == content.Archive || i.kind == content.Manifest }

func describeKind(kind content.Kind) string {
	switch kind {
	case content.Archive:
		return "an archive"
	case content.Manifest:
		return "a manifest"
	case content.XML:
		return "a template in XML"
	}
	return "text"
}

// openInput reads a file. Its content tells what it is, but that a file whose name
// ends with .zip has to be an archive. It need not be a regular file, so that what a
// shell's <(command) gives can be compared too.
func openInput(name string) (input, error) {
	if info, err := os.Stat(name); err != nil || info.IsDir() {
		all, archiveErr := dtaf.OpenAll(name)
		if refused := (*dtaf.Error)(nil); err == nil || !errors.As(archiveErr, &refused) || !errors.Is(refused, fs.ErrNotExist) || refused.Entry != "" {
			return input{kind: content.Archive, archives: all}, archiveErr
		}
	}
	f, err := os.Open(name)
	if err != nil {
		return input{}, err
	}
	defer f.Close()
	limits := dtaf.Limits{}.WithDefaults()
	data, err := io.ReadAll(io.LimitReader(f, limits.Archive+1))
	switch {
	case err != nil:
		return input{}, err
	case int64(len(data)) > limits.Archive:
		return input{}, fmt.Errorf("%s has more than %d bytes: expected an archive or a template", name, limits.Archive)
	case content.IsArchive(name, data):
		const file = "input.zip"
		all, err := dtaf.OpenFS(memfs.New(maps.All(map[string][]byte{file: data})), file, dtaf.WithName(name))
		return input{kind: content.Archive, archives: all}, err
	}
	if len(data) > limits.Template {
		return input{}, fmt.Errorf("%s has more than %d bytes: expected a template", name, limits.Template)
	}
	c, err := content.ReadStrictly(data, limits.Rendering())
	if err != nil {
		return input{}, fmt.Errorf("%s is not to be read: %w", name, err)
	}
	switch c.Kind {
	case content.Binary:
		return input{}, fmt.Errorf("%s: %w", name, errNotText)
	case content.Manifest:
		if _, err := limits.Manifests().Parse(name, data); err != nil {
			return input{}, err
		}
	}
	return input{kind: c.Kind, file: dtaf.File{Name: name, Data: data}}, nil
}

var errNotText = errors.New("neither a zip archive nor text: expected an archive, a manifest or a template")
