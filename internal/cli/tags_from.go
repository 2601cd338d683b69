package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/dtafgen/wxt/dtaf"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/internal/text"
	"github.com/dtafgen/wxt/render"
	"github.com/dtafgen/wxt/tags"
)

// A tagPlace is a place of a tag in a template of an archive.
type tagPlace struct {
	Archive string `json:"archive"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Tag     string `json:"tag"`
	Kind    string `json:"kind"`  // custom or system
	Known   bool   `json:"known"` // to the catalogue
	Path    string `json:"path"`  // as in schema.Path; empty in a file that is not XML
}

// tagsFrom lists where tags stand in the templates of an archive. Of a container it
// takes the newest archive of each device type, or that of a platform. Words leave only
// the tags and places that have all of them.
func tagsFrom(cmd *cobra.Command, path, platform, format string, words []string) error {
	list, err := dtaf.OpenAll(path)
	if err != nil {
		return err
	}
	deviceTypes, err := platformTypes(platform)
	if err != nil {
		return err
	}
	for _, a := range list {
		if name := a.DeviceType(); platform == "" && !slices.Contains(deviceTypes, name) {
			deviceTypes = append(deviceTypes, name)
		}
	}
	places := []tagPlace{}
	for _, deviceType := range deviceTypes {
		a, err := dtaf.Select(list, 0, deviceType)
		if err != nil {
			return err
		}
		places = append(places, placesIn(a)...)
	}
	places = slices.DeleteFunc(places, func(p tagPlace) bool {
		about := strings.ToLower(p.Tag + "\n" + p.Path)
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(about, strings.ToLower(tagname.Bare(w))) })
	})
	if len(places) == 0 && len(words) > 0 {
		return fmt.Errorf("%s: no tag in it has %s in its name or its place", path, strings.Join(words, " and "))
	}
	return printPlaces(cmd.OutOrStdout(), places, format)
}

// placesIn returns where tags stand in the files of an archive, comments aside.
func placesIn(a *dtaf.Archive) []tagPlace {
	var list []tagPlace
	manifest, _ := a.ManifestName()
	for f := range a.Files() {
		if f.Name == manifest {
			continue
		}
		t, err := render.Parse(f.Name, f.Data, render.WithLimits(a.Limits().Rendering()))
		if err != nil {
			continue
		}
		places, err := t.Places()
		if err != nil {
			places = t.Placeholders()
		}
		for _, p := range places {
			_, known := tags.Default().Lookup(p.Name)
			list = append(list, tagPlace{a.Name(), f.Name, p.Position.Line, p.Position.Column, p.Name, kind(tagname.IsSystem(p.Name)), known, text.ClipPath(p.Path)})
		}
	}
	return list
}

func printPlaces(w io.Writer, list []tagPlace, format string) error {
	rows := [][]string{{"archive", "file", "line", "column", "tag", "kind", "known", "path"}}
	for _, p := range list {
		rows = append(rows, []string{p.Archive, p.File, strconv.Itoa(p.Line), strconv.Itoa(p.Column), p.Tag, p.Kind, yesNo(p.Known), p.Path})
	}
	switch format {
	case "json":
		return writeJSON(w, struct {
			Tags []tagPlace `json:"tags"`
		}{list})
	case "csv":
		return csv.NewWriter(w).WriteAll(rows)
	case "markdown":
		rows = slices.Insert(rows, 1, slices.Repeat([]string{"---"}, len(rows[0])))
		for _, row := range rows {
			for i := range row {
				row[i] = markdownText(row[i])
			}
			if _, err := fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | ")); err != nil {
				return err
			}
		}
		return nil
	}
	for i := 0; i < len(list); {
		n := 1
		for i+n < len(list) && list[i+n].Archive == list[i].Archive && list[i+n].File == list[i].File {
			n++
		}
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s/%s\n", list[i].Archive, list[i].File)
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(tw, "  LINE\tTAG\tKIND\tSTANDS AT")
		for _, p := range list[i : i+n] {
			kind := p.Kind
			if !p.Known {
				kind += ", not in the catalogue"
			}
			fmt.Fprintf(tw, "  %d\t%s\t%s\t%s\n", p.Line, p.Tag, kind, p.Path)
		}
		if err := tw.Flush(); err != nil {
			return err
		}
		i += n
	}
	return nil
}
