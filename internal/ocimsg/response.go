package ocimsg

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/tagname"
	"github.com/dtafgen/wxt/schema"
)

// An ErrorResponse is what an Application Server answers to a request that it
// refuses.
type ErrorResponse struct {
	Severity       string          // Error, Warning or Info, as the server spells it
	Code           int             // errorCode, or 0 where the response has none
	Summary        string          // such as "[Error 4008] User not found: ..."
	SummaryEnglish string          // the same in English
	Detail         string          // more about it, or nothing
	Pos            schema.Position // of the response
}

// Error returns the summary, with the code where the summary does not have it, and the
// detail.
func (e *ErrorResponse) Error() string {
	text := cmp.Or(e.Summary, e.SummaryEnglish, "the server gives no summary")
	if code := strconv.Itoa(e.Code); e.Code != 0 && !strings.Contains(text, code) {
		text = "[Error " + code + "] " + text
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}

// errorResponse returns what a command says if it is an ErrorResponse, and nil
// if it is anything else.
func errorResponse(r *oci.Request) *ErrorResponse {
	if local(r.Type) != "ErrorResponse" {
		return nil
	}
	e := &ErrorResponse{Pos: r.Pos}
	e.Summary, _ = r.Get("summary")
	e.SummaryEnglish, _ = r.Get("summaryEnglish")
	e.Detail, _ = r.Get("detail")
	code, _ := r.Get("errorCode")
	e.Code, _ = strconv.Atoi(code)
	for _, a := range r.Attrs {
		if a.Name == "type" {
			e.Severity = collapse(a.Value)
		}
	}
	return e
}

// ErrorResponses returns what the error responses of a document say, in order.
// None means that the server refused nothing.
func ErrorResponses(d *oci.Document) []*ErrorResponse {
	var list []*ErrorResponse
	for _, r := range d.Requests {
		if e := errorResponse(r); e != nil {
			list = append(list, e)
		}
	}
	return list
}

// A table is an OCITable, which some responses have. Its columns are found by
// their heading: their order may change from release to release.
type table struct {
	headings []string
	rows     []tableRow
}

// A tableRow is a row of a table. It has as many cells as the table has
// headings.
type tableRow struct {
	cells []string // as they stand, white space included
	pos   schema.Position
}

// column returns the index of the column with the given heading, or -1.
func (t *table) column(heading string) int { return slices.Index(t.headings, heading) }

// readTable reads the element of a response with the given name as an OCITable. The
// error is an [*oci.Error]: there is no such element, or it is no table.
func readTable(r *oci.Request, name string) (*table, error) {
	e := r.Find(name)
	if e == nil {
		return nil, &oci.Error{Position: r.Pos, Msg: fmt.Sprintf("%s has no %s: expected a table", r.Type, name)}
	}
	t := &table{}
	seen := make(map[string]bool)
	for _, c := range e.Children {
		switch {
		case c.Name == "colHeading" && len(t.rows) > 0:
			return nil, &oci.Error{Position: c.Pos, Msg: "colHeading comes after a row: expected it before all rows"}
		case c.Name == "colHeading":
			heading := collapse(c.Value)
			if seen[heading] {
				return nil, &oci.Error{Position: c.Pos, Msg: fmt.Sprintf("the table has the column %q twice", heading)}
			}
			seen[heading] = true
			t.headings = append(t.headings, heading)
		case c.Name == "row":
			row := tableRow{pos: c.Pos}
			for _, cell := range c.Children {
				if cell.Name != "col" {
					return nil, &oci.Error{Position: cell.Pos, Msg: fmt.Sprintf("a row holds the element %s: expected col", cell.Name)}
				}
				row.cells = append(row.cells, cell.Value)
			}
			if len(row.cells) != len(t.headings) {
				return nil, &oci.Error{Position: c.Pos, Msg: fmt.Sprintf("the row has %d columns: expected %d, one for each heading", len(row.cells), len(t.headings))}
			}
			t.rows = append(t.rows, row)
		default:
			return nil, &oci.Error{Position: c.Pos, Msg: fmt.Sprintf("the table holds the element %s: expected colHeading or row", c.Name)}
		}
	}
	if len(t.headings) == 0 {
		return nil, &oci.Error{Position: e.Pos, Msg: fmt.Sprintf("%s has no headings: expected a table", name)}
	}
	return t, nil
}

// tagListResponse is the response with the tags of a tag set. All of its versions
// have the same table.
const tagListResponse = "SystemDeviceManagementTagGetListResponse"

// A LiveTag is a tag as a server has it.
type LiveTag struct {
	TagValue
	Encrypted          bool // the value is encrypted, and what stands for it is not the value
	OverridableUnknown bool // the server does not say whether the tag is overridable, as before R22
	Pos                schema.Position
}

// Tags reads the tags of a tag set from the response to a
// SystemDeviceManagementTagGetListRequest, which has to be the document's only
// one. Names are without percent signs. The response does not name the tag set.
//
// If the server has answered with an error, it is an [*ErrorResponse]; other
// errors are an [*oci.Error].
func Tags(d *oci.Document) ([]LiveTag, error) {
	var found *oci.Request
	for _, r := range d.Requests {
		if !isTagList(r.Type) {
			continue
		}
		if found != nil {
			return nil, &oci.Error{Position: r.Pos, Msg: "the document has two lists of tags: expected one, of one tag set"}
		}
		found = r
	}
	if found == nil {
		if errs := ErrorResponses(d); len(errs) > 0 {
			return nil, errs[0]
		}
		what := "it is empty"
		if len(d.Requests) > 0 {
			what = "it is a " + d.Requests[0].Type
		}
		return nil, &oci.Error{Position: d.Pos, Msg: "there is no list of tags: " + what + ": expected a " + tagListResponse + ", the response to a SystemDeviceManagementTagGetListRequest"}
	}
	table, err := readTable(found, "tagsTable")
	if err != nil {
		return nil, err
	}
	name, value := table.column("Tag Name"), table.column("Tag Value")
	overridable, encrypted := table.column("Is Overridable"), table.column("Is Encrypted")
	if name < 0 || value < 0 {
		return nil, &oci.Error{Position: found.Find("tagsTable").Pos, Msg: fmt.Sprintf(`the table has the columns %.60q: expected "Tag Name" and "Tag Value" among them`, strings.Join(table.headings, ", "))}
	}
	list := make([]LiveTag, 0, len(table.rows))
	seen := make(map[string]bool, len(table.rows))
	for _, row := range table.rows {
		t := LiveTag{Pos: row.pos, OverridableUnknown: overridable < 0}
		t.Name, t.Value = tagname.Bare(collapse(row.cells[name])), collapse(row.cells[value])
		if t.Name == "" {
			return nil, &oci.Error{Position: row.pos, Msg: "the row names no tag"}
		}
		if seen[t.Name] {
			return nil, &oci.Error{Position: row.pos, Msg: fmt.Sprintf("tag %s is in the list twice", t.Name)}
		}
		seen[t.Name] = true
		if overridable >= 0 {
			is, err := boolCell(row, overridable, "Is Overridable")
			if err != nil {
				return nil, err
			}
			t.NotOverridable = !is
		}
		if encrypted >= 0 {
			if t.Encrypted, err = boolCell(row, encrypted, "Is Encrypted"); err != nil {
				return nil, err
			}
		}
		list = append(list, t)
	}
	return list, nil
}

// isTagList reports whether a name is that of a response with the tags of a tag
// set, of any version.
func isTagList(name string) bool { return Family(local(name)) == tagListResponse }

// local returns a name without its prefix.
func local(name string) string {
	if _, rest, ok := strings.Cut(name, ":"); ok {
		return rest
	}
	return name
}

// collapse returns s without white space at the ends, and with one space for any
// other.
func collapse(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n", r) }), " ")
}

func boolCell(row tableRow, column int, heading string) (bool, error) {
	switch strings.ToLower(collapse(row.cells[column])) {
	case "true", "1", "yes":
		return true, nil
	case "false", "0", "no":
		return false, nil
	}
	return false, &oci.Error{Position: row.pos, Msg: fmt.Sprintf("%s is %.60q: expected true or false", heading, row.cells[column])}
}

// A DifferenceKind is how a live tag differs from what is wanted.
type DifferenceKind string

// The kinds of differences.
const (
	TagMissing     DifferenceKind = "missing"     // the server lacks the tag
	TagExtra       DifferenceKind = "extra"       // the server has a tag that is not wanted
	TagValueOther  DifferenceKind = "value"       // the values differ
	TagEncrypted   DifferenceKind = "encrypted"   // the server's value is encrypted: it can't be compared
	TagOverridable DifferenceKind = "overridable" // one is overridable, and the other is not
)

// A TagDifference is one way in which a live tag set differs from what is wanted.
type TagDifference struct {
	Kind DifferenceKind
	Name string          // without percent signs
	Want TagValue        // empty for an extra tag
	Live LiveTag         // empty for a missing tag
	Pos  schema.Position // in the response; zero for a missing tag
}

// CompareTags returns how the tags of a server differ from those that are
// wanted: first those that are wanted, in their order, then those that are not,
// in the server's. Whether a tag is overridable is compared only if the server
// says it.
func CompareTags(want []TagValue, live []LiveTag) []TagDifference {
	byName := make(map[string]LiveTag, len(live))
	for _, l := range live {
		byName[tagname.Bare(l.Name)] = l
	}
	wanted := make(map[string]bool, len(want))
	var list []TagDifference
	for _, w := range want {
		bare := tagname.Bare(w.Name)
		wanted[bare] = true
		l, ok := byName[bare]
		if !ok {
			list = append(list, TagDifference{Kind: TagMissing, Name: bare, Want: w})
			continue
		}
		add := func(kind DifferenceKind) {
			list = append(list, TagDifference{Kind: kind, Name: bare, Want: w, Live: l, Pos: l.Pos})
		}
		switch {
		case l.Encrypted:
			add(TagEncrypted)
		case l.Value != w.Value:
			add(TagValueOther)
		}
		if !l.OverridableUnknown && l.NotOverridable != w.NotOverridable {
			add(TagOverridable)
		}
	}
	for _, l := range live {
		if bare := tagname.Bare(l.Name); !wanted[bare] {
			list = append(list, TagDifference{Kind: TagExtra, Name: bare, Live: l, Pos: l.Pos})
		}
	}
	return list
}
