package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt"
	"github.com/dtafgen/wxt/internal/files"
	"github.com/dtafgen/wxt/render/simulate"
	"github.com/dtafgen/wxt/tags"
)

func newPreview() *cobra.Command {
	var project projectFlags
	var subscriber, id, platform string
	var secrets bool
	var reading readingFlags
	cmd := &cobra.Command{
		Use:   "preview",
		Short: "Show the file that one subscriber's app would download",
		Long: `Preview fills the template of a platform with the values of one subscriber, as Device
Management does, and writes the file to standard output, in the encoding of the device
type. It is a simulation: what is not documented of the Application Server's behavior is
reconstructed.

The subscriber file is TOML. A key is a tag's name: the value of a system tag is what the
Application Server fills in, that of a custom tag an override at the device's own level.
The tables [system_default], [service_provider] and [group] hold custom tags at these
levels, where a value may be a table too: { value = "x", overridable = false }. A list of
subscribers for "dtafgen render" (.csv, .tsv, .ndjson, .json) works too; --id picks one.
Without a file, the values are made up and look like it, and so do those of system tags
that dtafgen doesn't know.

What is wrong with the file goes to standard error, with the place in the template and
the tag that caused it: it is not well-formed, a character is not in its encoding, a tag
has no value, or the app doesn't understand a value. The exit status is 1 if one of these
is an error.

Passwords are written as asterisks unless you say --secrets.`,
		Example: `  dtafgen preview --platform desktop
  dtafgen preview -f acme.toml --platform mobile --subscriber alice.toml --secrets`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			simulation, err := newSimulation(cmd, &project, platform)
			if err != nil {
				return err
			}
			sub := simulation.Example()
			if subscriber != "" {
				if sub, err = loadSubscriber(cmd, subscriber, id, reading); err != nil {
					return err
				}
			} else if id != "" {
				return errors.New("--id goes with --subscriber and a file of several subscribers")
			}
			preview := simulation.Preview(sub)
			data := preview.Masked()
			if secrets {
				data = preview.File
			}
			if _, err := cmd.OutOrStdout().Write(data); err != nil {
				return err
			}
			printFindings(cmd, preview.Findings, "")
			if preview.Findings.Err() != nil {
				return errFound
			}
			return nil
		},
	}
	project.add(cmd)
	platformFlag(cmd, &platform)
	allFlag(cmd)
	cmd.Flags().StringVar(&subscriber, "subscriber", "", "subscriber file (default a made-up subscriber)")
	cobra.CheckErr(cmd.MarkFlagFilename("subscriber", "toml", "csv", "tsv", "json", "ndjson", "jsonl"))
	cmd.Flags().StringVar(&id, "id", "", "the subscriber's id, in a file of several")
	complete(cmd, "id")
	reading.add(cmd)
	cmd.Flags().BoolVar(&secrets, "secrets", false, "show passwords")
	return cmd
}

// maxSubscriber is the size in bytes that a subscriber file may have.
const maxSubscriber = 1 << 20

// readSubscriber reads a subscriber file.
func readSubscriber(path string) (*simulate.Subscriber, error) {
	data, err := files.Read(path, maxSubscriber)
	if err != nil {
		return nil, err
	}
	return simulate.ParseSubscriber(path, data)
}

// loadSubscriber reads a subscriber file, or finds one of a file of several.
func loadSubscriber(cmd *cobra.Command, path, id string, reading readingFlags) (*simulate.Subscriber, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".tsv", ".ndjson", ".jsonl", ".json":
	default:
		if id != "" {
			return nil, fmt.Errorf("--id goes with a file of several subscribers (.csv, .tsv, .ndjson, .json), and %s is TOML", path)
		}
		return readSubscriber(path)
	}
	o, err := reading.options()
	if err != nil {
		return nil, err
	}
	f, err := openSubscribers(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	keepPrivate(cmd, path)
	o.File = path
	var found *simulate.Subscriber
	for sub, err := range simulate.Read(f, o) {
		switch {
		case errors.Is(err, simulate.ErrSubscriber) && id != "":
			continue // It is another one's.
		case err != nil:
			return nil, err
		case id == "" && found != nil:
			return nil, fmt.Errorf("%s has several subscribers: name one with --id", path)
		case id == "":
			found = sub
		case sub.ID == id:
			return sub, nil
		}
	}
	if found == nil && id != "" {
		return nil, fmt.Errorf("%s has no subscriber %q", path, id)
	}
	if found == nil {
		return nil, fmt.Errorf("%s has no subscribers", path)
	}
	return found, nil
}

// platformFlag adds the flag that names the one platform.
func platformFlag(cmd *cobra.Command, platform *string) {
	cmd.Flags().StringVar(platform, "platform", "", "the platform: desktop, mobile or tablet")
	complete(cmd, "platform", platformNames()...)
}

// newSimulation returns the simulation that the flags ask for.
func newSimulation(cmd *cobra.Command, flags *projectFlags, platform string) (*simulate.Simulation, error) {
	if platform == "" {
		return nil, fmt.Errorf("--platform is missing: expected one of %s", strings.Join(platformNames(), ", "))
	}
	p, err := parsePlatform(platform)
	if err != nil {
		return nil, err
	}
	file, err := flags.file(cmd)
	if err != nil {
		return nil, err
	}
	project, err := load(file, options{platforms: tags.NewPlatformSet(p), settings: flags.set})
	if err != nil {
		return nil, err
	}
	c, _ := wxt.Compile(project, wxt.WithPlatforms(p))
	return c.Simulation(p)
}
