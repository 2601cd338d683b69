package wxt

import (
	"slices"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/tags"
)

// Options say how a project is read, compiled and checked. Each function takes
// those that it looks at, and no others: the compiler refuses the rest.
type (
	// A LoadOption changes how a project file is read: [WithOpener], [WithReader],
	// [WithSettings], [WithLimits].
	LoadOption interface{ forLoad(*config) }

	// A CompileOption changes what is made of a project: [WithPlatforms],
	// [WithMode], [WithRelease], [WithLimits].
	CompileOption interface {
		CheckOption
		forCompile(*config)
	}

	// A CheckOption changes what is looked for: any [CompileOption], and [WithRules]; and
	// how the project file is read that is checked, as a [LoadOption] does.
	CheckOption interface{ forCheck(*config) }
)

// An Opener opens the archives that a project names as its bases: one, or those in a
// container, as [dtaf.OpenAll] does. Name is the base as the project file has it, with
// slashes. An opener may be called by several goroutines at a time.
type Opener func(name string) ([]*dtaf.Archive, error)

// A config is what the options say.
type config struct {
	platforms tags.PlatformSet // none: all that the project enables
	mode      Mode
	release   oci.Release // zero: the project's
	rules     []Rule
	limits    dtaf.Limits
	limited   bool // limits were given
	open      Opener
	read      func(name string) ([]byte, error)
	settings  []string
	project   *Project // whose checks and declarations hold for a file by itself
}

// An option is one option, for whichever functions take it.
type option func(*config)

func (o option) forLoad(c *config)    { o(c) }
func (o option) forCompile(c *config) { o(c) }
func (o option) forCheck(c *config)   { o(c) }

// A fileOption changes how a project file is read, by whatever reads one: [Load] and
// its like, [CheckProjectFile] and [Fix].
type fileOption interface {
	LoadOption
	CheckOption
}

// WithOpener has the bases of the project opened by a function. Without it they
// are files, seen from the folder of the project file.
func WithOpener(open Opener) fileOption { return option(func(c *config) { c.open = open }) }

// WithReader has the files that the project extends read by a function. It gets their
// paths with slashes, seen from the folder of the project file, and may be called by
// several goroutines at a time. Without it they are files on disk; with [WithOpener] and
// without a reader, a project can't extend any.
func WithReader(read func(name string) ([]byte, error)) fileOption {
	return option(func(c *config) { c.read = read })
}

// WithSettings sets keys of the project file after all files are read, each as in
// "tags.SBC_ADDRESS_WXT=sbc.example.com". What is behind the sign is a value of TOML, or
// else a string. The place of such a value is the file "--set" with its key.
func WithSettings(settings ...string) fileOption {
	return option(func(c *config) { c.settings = append(slices.Clip(c.settings), settings...) })
}

// WithLimits sets how much is read before an input is refused: a field that is 0
// keeps its default. Given to [Load], it holds for what is compiled of the project
// too.
func WithLimits(l dtaf.Limits) interface {
	LoadOption
	CompileOption
} {
	return option(func(c *config) { c.limits, c.limited = l, true })
}

// WithPlatforms compiles these platforms and no others, as far as the project
// enables them. Without it, or with none, it is all that the project enables.
func WithPlatforms(platforms ...tags.Platform) CompileOption {
	return option(func(c *config) { c.platforms = tags.NewPlatformSet(platforms...) })
}

// WithMode says what becomes of the custom tags; without it they stay tags.
func WithMode(m Mode) CompileOption { return option(func(c *config) { c.mode = m }) }

// WithRelease makes requests for a release of the Application Server, whatever the
// project says.
func WithRelease(r oci.Release) CompileOption { return option(func(c *config) { c.release = r }) }

// WithRules checks by rules of the caller's, beside those of this package.
func WithRules(rules ...Rule) CheckOption {
	return option(func(c *config) { c.rules = append(slices.Clip(c.rules), rules...) })
}

func loadConfig(opts []LoadOption) config {
	var c config
	for _, o := range opts {
		o.forLoad(&c)
	}
	c.limits = c.limits.WithDefaults()
	return c
}

// A Mode is what becomes of the custom tags of a template.
type Mode uint8

const (
	// Tags keeps every placeholder: the Application Server fills them from the
	// tag set.
	Tags Mode = iota
	// Inline writes the custom tags' values into the template, escaped for
	// XML, and leaves the system tags alone. The device type's tagMode is
	// System then.
	Inline
)

// String returns "tags" or "inline".
func (m Mode) String() string {
	if m == Inline {
		return "inline"
	}
	return "tags"
}

// WithProject has the [checks] and [[declare]] of a project hold for a file that is
// checked by itself.
func WithProject(p *Project) CheckOption { return option(func(c *config) { c.project = p }) }
