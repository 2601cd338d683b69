package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/schema"
)

func newRender() *cobra.Command {
	var file, platform string
	var r renderFlags
	cmd := &cobra.Command{
		Use:   "render",
		Short: "Render the files of many subscribers",
		Long: `Render makes for each of many subscribers the file that the app would download,
as preview does for one, and tells what is wrong with it.

The subscribers file is CSV with a header, or NDJSON: a JSON object on each line.
Columns and names are tags, with or without percent signs, and id, which names
the output; a subscriber without an id goes by its number. What a system tag has
is what the Application Server fills in; what a custom tag has is an override at
the device's own level. An empty field of a custom tag in CSV is no override,
unless it stands in quotation marks. What all subscribers share can stand in a
subscriber file, as preview takes it (--subscriber).

The output is a folder, which must not be there yet or be empty, a zip, if the
name ends in .zip, or NDJSON on standard output ("-"). In the first two a file is
named <id>.xml, and an id that can't be the name of a file, or makes the same name
as another in upper or lower case, is refused. They appear when all is done: a
rendering that fails or is interrupted leaves nothing. A line of NDJSON has the
id and the text of the file: {"id": "alice", "config": "<?xml ..."}. Folder, zip
and lines hold the subscribers' passwords.

What is wrong goes to standard error, with the line of the subscriber and the
place in the template, and makes the exit status 1. A subscriber who can't be read
ends the run with status 2, unless --keep-going is given: then the others are
rendered, and the status is 1.`,
		Example: `  dtafgen render --platform desktop --subscribers all.csv -o out.zip
  dtafgen render --platform mobile --subscribers all.csv --check --keep-going
  export-subscribers | dtafgen render --platform desktop --subscribers - -o - | gzip > all.ndjson.gz`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := r.complain(); err != nil {
				return err
			}
			simulation, err := newSimulation(file, platform)
			if err != nil {
				return err
			}
			return r.run(cmd, simulation)
		},
	}
	projectFlag(cmd, &file)
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
}

func (r *renderFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&r.subscribers, "subscribers", "", `subscribers file, CSV or NDJSON ("-": standard input)`)
	f.StringVar(&r.common, "subscriber", "", "subscriber file with what all of them share")
	f.StringVarP(&r.output, "output", "o", "", `folder, zip, or "-" for NDJSON on standard output`)
	f.BoolVar(&r.keepGoing, "keep-going", false, "skip subscribers who can't be read, and tell")
	f.BoolVar(&r.check, "check", false, "write nothing, only tell what is wrong")
	f.IntVar(&r.workers, "workers", 0, "how many work at the same time (default one for each core)")
	cobra.CheckErr(cmd.MarkFlagFilename("subscribers", "csv", "ndjson", "jsonl"))
	cobra.CheckErr(cmd.MarkFlagFilename("subscriber", "toml"))
	cobra.CheckErr(cmd.MarkFlagFilename("output"))
	complete(cmd, "workers")
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
	o := simulate.BulkOptions{File: r.subscribers, KeepGoing: r.keepGoing, Workers: r.workers}
	if r.common != "" {
		common, err := wxt.LoadSubscriber(r.common)
		if err != nil {
			return err
		}
		o.Common = common
	}
	in, size := cmd.InOrStdin(), int64(-1)
	if r.subscribers == "-" {
		o.File = "(standard input)"
	} else {
		f, err := os.Open(r.subscribers)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		switch mode := info.Mode(); {
		case mode.IsDir():
			return fmt.Errorf("%s: expected a file, and it is a folder", r.subscribers)
		case mode&os.ModeDevice != 0:
			return fmt.Errorf("%s: expected a file, and it is a device", r.subscribers)
		}
		if in = f; info.Mode().IsRegular() {
			size = info.Size()
		}
	}
	bar := newProgress(cmd.ErrOrStderr(), size)
	o.Progress = bar.update
	o.Report = func(f schema.Finding) {
		bar.clear()
		printFindings(cmd.ErrOrStderr(), schema.Findings{f})
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	stats, err := r.render(ctx, cmd.OutOrStdout(), s, in, o)
	bar.clear()
	switch {
	case errors.Is(err, context.Canceled) && r.output == "-":
		return fmt.Errorf("interrupted after %s", stats)
	case errors.Is(err, context.Canceled):
		return errors.New("interrupted: nothing was written")
	case err != nil:
		return err
	}
	if r.check {
		fmt.Fprintln(cmd.OutOrStdout(), stats)
	} else if stats.Errors > 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), stats)
	}
	if stats.Errors > 0 {
		return errFound
	}
	return nil
}

func (r *renderFlags) render(ctx context.Context, out io.Writer, s *simulate.Simulation, in io.Reader, o simulate.BulkOptions) (simulate.BulkStats, error) {
	switch {
	case r.check:
		return s.CheckSubscribers(ctx, in, o)
	case r.output == "-":
		return s.RenderNDJSON(ctx, in, out, o)
	case strings.EqualFold(filepath.Ext(r.output), ".zip"):
		return s.RenderZip(ctx, in, r.output, o)
	}
	return s.RenderDir(ctx, in, r.output, o)
}
