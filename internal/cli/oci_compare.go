package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt/internal/ocimsg"
	"github.com/dtafgen/wxt/internal/tagcompare"
	"github.com/dtafgen/wxt/internal/tagset"
	"github.com/dtafgen/wxt/tags"
)

func newOCICompare() *cobra.Command {
	var flags targetFlags
	var o tagset.Options
	var format string
	var number int
	cmd := &cobra.Command{
		Use:   "compare RESPONSE.xml",
		Short: "Compare a tag set of a server with the project",
		Long: `Compare reads the response to a SystemDeviceManagementTagGetListRequest, which
"dtafgen oci tagset --query" writes, and shows how the tag set on the server differs from
the project's; - reads standard input. The response may be inside a SOAP envelope. If the
file has several, --response picks one. A response doesn't name its tag set: if the
project has several, --platform says which one it is. The exit status is 1 if anything
differs.

A difference is missing (the server lacks the tag), extra (the project lacks it), value,
encrypted (the server's value can't be read) or overridable (compared only if the server
reports it: see --not-overridable). --changed expects a tag set that was made with
--changed.

With --format json it is one document: "tagSet", "platforms", "tags" (how many the
project has) and the list "differences", each with "kind", "tag", and, where there are
any, "want", "live", "wantOverridable", "liveOverridable", "line" and "column".`,
		Example: `  dtafgen oci compare response.xml --platform desktop
  dtafgen oci compare --platform mobile --format json - < response.xml`,
		Args: wants("a response of the Application Server"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"xml"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if number < 0 || cmd.Flags().Changed("response") && number == 0 {
				return errors.New("--response: expected the number of a response, from 1")
			}
			project, options, err := flags.load(cmd, "tags")
			if err != nil {
				return err
			}
			response, err := readResponse(args[0], number, cmd.InOrStdin())
			if err != nil {
				return err
			}
			p := &provisioner{project: project, options: options}
			s, err := p.source(0)
			if err != nil {
				return err
			}
			o.Platforms = options.platforms
			c, err := tagcompare.Compare(s, o, response)
			if err != nil {
				var refused *ocimsg.ErrorResponse
				if errors.As(err, &refused) {
					return fmt.Errorf("%s: the server answered with an error: %w", refused.Pos, err)
				}
				return err
			}
			if format == "json" {
				err = writeJSON(cmd.OutOrStdout(), newComparison(c))
			} else {
				err = printComparison(cmd.OutOrStdout(), c)
			}
			if err == nil && len(c.Differences) > 0 {
				err = errFound
			}
			return err
		},
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&o.Changed, "changed", false, "expect only the tags that --changed writes")
	cmd.Flags().StringSliceVar(&o.NotOverridable, "not-overridable", nil, "tags, separated by commas, that are expected not to be overridable")
	completeTags(cmd, "not-overridable")
	cmd.Flags().IntVar(&number, "response", 0, "which list of tags it is, from 1, if the file has several")
	complete(cmd, "response")
	formatFlag(cmd, &format, "text", "json")
	return cmd
}

// comparison is the JSON of compare.
type comparison struct {
	TagSet      string           `json:"tagSet"`
	Platforms   []tags.Platform  `json:"platforms"`
	Tags        int              `json:"tags"`
	Differences []differenceJSON `json:"differences"`
}

type differenceJSON struct {
	Kind            ocimsg.DifferenceKind `json:"kind"`
	Tag             string                `json:"tag"`
	Want            *string               `json:"want,omitempty"`
	Live            *string               `json:"live,omitempty"`
	WantOverridable *bool                 `json:"wantOverridable,omitempty"`
	LiveOverridable *bool                 `json:"liveOverridable,omitempty"`
	Line            int                   `json:"line,omitempty"`
	Column          int                   `json:"column,omitempty"`
}

func newComparison(c *tagcompare.Comparison) comparison {
	out := comparison{c.TagSet, c.Platforms, c.Tags, []differenceJSON{}}
	for _, d := range c.Differences {
		j := differenceJSON{Kind: d.Kind, Tag: d.Name, Line: d.Pos.Line, Column: d.Pos.Column}
		if d.Kind == ocimsg.TagOverridable {
			want, live := !d.Want.NotOverridable, !d.Live.NotOverridable
			j.WantOverridable, j.LiveOverridable = &want, &live
		} else if !c.Secret[d.Name] {
			if d.Kind != ocimsg.TagExtra {
				j.Want = &d.Want.Value
			}
			if d.Kind == ocimsg.TagExtra && !d.Live.Encrypted || d.Kind == ocimsg.TagValueOther {
				j.Live = &d.Live.Value
			}
		}
		out.Differences = append(out.Differences, j)
	}
	return out
}

func printComparison(w io.Writer, c *tagcompare.Comparison) error {
	for _, d := range c.Differences {
		want, live := fmt.Sprintf("%q", d.Want.Value), fmt.Sprintf("%q", d.Live.Value)
		if c.Secret[d.Name] {
			want, live = "a value that is not printed", "another one"
		}
		text := ""
		switch d.Kind {
		case ocimsg.TagMissing:
			text = "the server lacks it: the project has " + want
		case ocimsg.TagExtra:
			text = "the project lacks it: the server has " + live
			if d.Live.Encrypted {
				text = "the project lacks it: the server has it encrypted"
			}
		case ocimsg.TagValueOther:
			text = fmt.Sprintf("the server has %s: the project has %s", live, want)
		case ocimsg.TagEncrypted:
			text = "the server has it encrypted: it can't be compared with " + want
		case ocimsg.TagOverridable:
			text = "the server lets stronger places override it: they should not"
			if d.Live.NotOverridable {
				text = "the server lets no stronger place override it: they should"
			}
		}
		place := ""
		if d.Pos.Line > 0 {
			place = d.Pos.String() + ": "
		}
		if _, err := fmt.Fprintf(w, "%s%s: %s\n", place, d.Name, text); err != nil {
			return err
		}
	}
	if len(c.Differences) == 0 {
		_, err := fmt.Fprintf(w, "%s: all %d tags are as the project has them\n", c.TagSet, c.Tags)
		return err
	}
	return nil
}
