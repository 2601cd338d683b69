package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/internal/files"
	"github.com/dtafgen/wxt/internal/records"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/schema"
)

func newRender() *cobra.Command {
	var project projectFlags
	var platform string
	var r renderFlags
	cmd := &cobra.Command{
		Use:   "render",
		Short: "Render the files of many subscribers",
		Long: `Render makes the file that the app would download for each of many subscribers, as
preview does for one, and reports what is wrong with it.

The list of subscribers is CSV with a header, NDJSON (a JSON object on each line) or a
JSON array of such objects. Columns and names are tags, in upper or lower case, with or
without percent signs, and id ("User ID" works too), which names the output; a subscriber
without an id gets a number. Columns that aren't tags are an error: --map says what they
mean, --ignore-unknown skips them. The header shows whether commas, semicolons or tabs
separate columns, a byte order mark shows UTF-16. The value of a system tag is what the
Application Server fills in, that of a custom tag an override at the device's own level.
In CSV, an empty field of a custom tag is no override unless it is quoted. What all
subscribers share can come from a subscriber file, as preview takes it (--subscriber).

The output is a folder, which must be new or empty, a zip, if the name ends in .zip, or
NDJSON on standard output ("-"). In a folder or a zip a file is named <id>.xml. An id that
can't name a file, or gives the same name as another in upper or lower case, is an error.
They take 500,000 subscribers, NDJSON any number, and appear when everything is done: a
rendering that fails or is interrupted leaves nothing. A line of NDJSON has the id and the
text of the file: {"id": "alice", "config": "<?xml ..."}. Folder, zip and lines hold the
subscribers' passwords.

What is wrong goes to standard error, with the line of the subscriber and the place in
the template; the exit status is then 1. A subscriber that can't be read ends the run with
status 2. With --keep-going the others are rendered, and the status is 1.`,
		Example: `  dtafgen render --platform desktop --subscribers all.csv -o out.zip
  dtafgen render --platform mobile --subscribers all.csv --check --keep-going
  dtafgen render --platform desktop --subscribers export.csv --map Login=id --ignore-unknown -o out
  export-subscribers | dtafgen render --platform desktop --subscribers - -o - | gzip > all.ndjson.gz`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := r.complain(); err != nil {
				return err
			}
			simulation, err := newSimulation(cmd, &project, platform)
			if err != nil {
				return err
			}
			return r.run(cmd, simulation)
		},
	}
	project.add(cmd)
	platformFlag(cmd, &platform)
	r.add(cmd)
	return cmd
}

// renderFlags are the flags of render.
type renderFlags struct {
	subscribers string
	common      string
	output      string
	keepGoing   bool
	check       bool
	workers     int

	ignoreUnknown bool
	reading       readingFlags
}

func (r *renderFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&r.subscribers, "subscribers", "", `subscribers file, CSV or NDJSON ("-": standard input)`)
	f.StringVar(&r.common, "subscriber", "", "subscriber file with the values that all of them share")
	f.StringVarP(&r.output, "output", "o", "", `folder, zip, or "-" for NDJSON on standard output`)
	f.BoolVar(&r.keepGoing, "keep-going", false, "skip subscribers that can't be read, and report them")
	f.BoolVar(&r.check, "check", false, "write nothing, only report what is wrong")
	f.IntVar(&r.workers, "workers", 0, "how many to render at the same time (default one for each core)")
	cobra.CheckErr(cmd.MarkFlagFilename("subscribers", "csv", "ndjson", "jsonl"))
	cobra.CheckErr(cmd.MarkFlagFilename("subscriber", "toml"))
	cobra.CheckErr(cmd.MarkFlagFilename("output"))
	complete(cmd, "workers")
	f.BoolVar(&r.ignoreUnknown, "ignore-unknown", false, "skip columns and names that aren't tags")
	r.reading.add(cmd)
}

// complain tells which flags don't go together.
func (r *renderFlags) complain() error {
	switch ext := strings.ToLower(filepath.Ext(r.output)); {
	case r.subscribers == "":
		return errors.New(`--subscribers is missing: expected a file, or "-" for standard input`)
	case r.check && r.output != "":
		return errors.New("--check writes nothing: leave out --output")
	case !r.check && r.output == "":
		return errors.New(`--output is missing: expected a folder, a zip, or "-" for NDJSON on standard output`)
	case ext == ".ndjson" || ext == ".jsonl" || ext == ".json":
		return fmt.Errorf("--output: %s would be a folder: for NDJSON write \"-o - > %[1]s\"", r.output)
	case r.workers < 0:
		return errors.New("--workers: expected 1 or more")
	}
	return nil
}

// run renders what the flags ask for.
func (r *renderFlags) run(cmd *cobra.Command, s *simulate.Simulation) error {
	options := []simulate.Option{simulate.WithWorkers(r.workers)}
	if r.common != "" {
		common, err := readSubscriber(r.common)
		if err != nil {
			return err
		}
		options = append(options, simulate.WithCommon(common))
	}
	if r.ignoreUnknown {
		options = append(options, simulate.IgnoreUnknown())
	}
	reading, err := r.reading.options()
	if err != nil {
		return err
	}
	in, size := cmd.InOrStdin(), int64(-1)
	keepPrivate(cmd, r.subscribers)
	if reading.File = r.subscribers; r.subscribers == "-" {
		reading.File = "(standard input)"
	} else {
		f, err := openSubscribers(r.subscribers)
		if err != nil {
			return err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			size = info.Size()
		}
		in = f
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer stop()
	count := &countingReader{ctx: ctx, r: in}
	t := teller{cmd: cmd, file: reading.File, keepGoing: r.keepGoing, bar: newProgress(cmd.ErrOrStderr(), size), read: count}
	err = r.render(cmd.OutOrStdout(), func(o simulate.Option) iter.Seq2[simulate.Rendered, error] {
		return t.tell(s.Render(ctx, simulate.Read(count, reading), append(options, o)...))
	})
	t.bar.clear()
	switch {
	case errors.Is(err, context.Canceled) && r.output == "-":
		return fmt.Errorf("interrupted after %s", t.stats)
	case errors.Is(err, context.Canceled):
		return errors.New("interrupted: nothing was written")
	case err != nil:
		return err
	}
	if r.check {
		fmt.Fprintln(cmd.OutOrStdout(), t.stats)
	} else if t.stats.errors > 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), t.stats)
	}
	if t.stats.errors > 0 {
		return errFound
	}
	return nil
}

// openSubscribers opens a file of subscribers, which may be a pipe.
func openSubscribers(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case info.IsDir() || info.Mode()&os.ModeDevice != 0:
		err = fmt.Errorf("%s: expected a file, and it is %s", path, files.Kind(info.Mode()))
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// render writes what the flags ask for.
func (r *renderFlags) render(out io.Writer, rendered func(simulate.Option) iter.Seq2[simulate.Rendered, error]) error {
	switch {
	case r.check:
		return checkNames(rendered(simulate.ForFiles("")))
	case r.output == "-":
		return simulate.WriteNDJSON(out, rendered(simulate.ForNDJSON()))
	}
	return simulate.WriteFiles(r.output, rendered(simulate.ForFiles(r.output)))
}

// checkNames checks that files could be written, as far as their names go, and
// writes none. Of more than a folder takes it checks the first ones: they can only
// become NDJSON.
func checkNames(rendered iter.Seq2[simulate.Rendered, error]) error {
	names := records.NewNames()
	n := 0
	for r, err := range rendered {
		if err != nil {
			return err
		}
		if n++; n > records.MaxFiles {
			continue
		}
		if err := names.Add(r.ID, r.Position.Line); err != nil {
			return schema.Findings{schema.NewFinding(codes.Subscriber, r.Position, "", "%s", err)}
		}
	}
	return nil
}

// A countingReader counts what is read, until a context ends.
type countingReader struct {
	ctx   context.Context
	r     io.Reader
	bytes atomic.Int64
}

func (c *countingReader) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(b)
	c.bytes.Add(int64(n))
	return n, err
}

// renderStats count what a rendering has done.
type renderStats struct {
	subscribers int64 // files that were made
	skipped     int64 // subscribers who could not be read, with --keep-going
	errors      int64 // findings of severity error, those of the skipped included
}

// String returns the counts in words.
func (s renderStats) String() string {
	text := plural(s.subscribers, "subscriber")
	if s.skipped > 0 {
		text += fmt.Sprintf(", %d skipped", s.skipped)
	}
	if s.errors > 0 {
		text += ", " + plural(s.errors, "error")
	}
	return text
}

func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// A teller tells what becomes of subscribers.
type teller struct {
	cmd       *cobra.Command
	file      string // of the subscribers
	keepGoing bool
	bar       *progress
	read      *countingReader
	stats     renderStats
}

// tell yields what is rendered, and tells the findings. Subscribers who can't be
// read are passed over with --keep-going.
func (t *teller) tell(rendered iter.Seq2[simulate.Rendered, error]) iter.Seq2[simulate.Rendered, error] {
	return func(yield func(simulate.Rendered, error) bool) {
		for r, err := range rendered {
			found := r.Findings
			if err != nil && t.keepGoing && errors.Is(err, simulate.ErrSubscriber) {
				var row schema.Findings
				errors.As(err, &row)
				found = append(found, row...)
				t.stats.skipped++
			} else if !yield(r, err) || err != nil {
				return
			} else {
				t.stats.subscribers++
			}
			if len(found) > 0 {
				t.stats.errors += int64(found.Count(schema.Error))
				t.bar.clear()
				p, found := stderrPrinter(t.cmd, found)
				for _, f := range found {
					p.finding(f)
				}
			}
			t.bar.update(t.stats, t.read.bytes.Load())
		}
		if t.stats == (renderStats{}) {
			yield(simulate.Rendered{}, errors.New("there are no subscribers in "+t.file))
		}
	}
}

// readingFlags say how a file of subscribers is read.
type readingFlags struct {
	delimiter string
	encoding  string
	mapping   []string
}

func (r *readingFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&r.delimiter, "delimiter", "", `between the columns of CSV: "," ";" "tab" or another character (default as the header tells)`)
	f.StringVar(&r.encoding, "encoding", "", "of the subscribers file, such as windows-1252 (default UTF-8, or UTF-16 with a byte order mark)")
	f.StringArrayVar(&r.mapping, "map", nil, `what a column means: "COLUMN=TAG" or "COLUMN=id"`)
	complete(cmd, "delimiter", ",", ";", "tab")
	complete(cmd, "encoding", "UTF-8", "UTF-16", "windows-1252", "ISO-8859-1")
	complete(cmd, "map")
}

// options returns what the flags say.
func (r *readingFlags) options() (simulate.ReadOptions, error) {
	o := simulate.ReadOptions{Encoding: r.encoding, Map: make(map[string]string)}
	switch d := r.delimiter; {
	case d == "tab" || d == `\t`:
		o.Delimiter = '\t'
	case len(d) == 1 && d != `"` && d != "\n" && d != "\r":
		o.Delimiter = d[0]
	case d != "":
		return o, fmt.Errorf(`--delimiter: %q: expected one character, such as ";", or tab`, d)
	}
	for _, m := range r.mapping {
		from, to, ok := strings.Cut(m, "=")
		if !ok || from == "" || to == "" {
			return o, fmt.Errorf(`--map: %q: expected COLUMN=TAG or COLUMN=id, such as "User ID=id"`, m)
		}
		o.Map[strings.TrimSpace(from)] = strings.TrimSpace(to)
	}
	return o, nil
}
