package testkit

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A Tree is a document, or an element of one.
type Tree struct {
	Name     string
	Attrs    [][2]string
	Text     string
	Children []*Tree
}

// RandomTree returns a document of this depth at most.
func RandomTree(r *rand.Rand, depth int) *Tree {
	n := &Tree{Name: string(rune('a' + r.IntN(6)))}
	for i := range r.IntN(4) {
		n.Attrs = append(n.Attrs, [2]string{[]string{"v", "w", "name"}[i], fmt.Sprint(r.IntN(9))})
	}
	if depth > 0 {
		for range r.IntN(5) {
			n.Children = append(n.Children, RandomTree(r, depth-1))
		}
	}
	if len(n.Children) == 0 && r.IntN(2) == 0 || r.IntN(30) == 0 {
		n.Text = fmt.Sprintf("t%d", r.IntN(20))
	}
	return n
}

// All returns the element and all inside it.
func (n *Tree) All() []*Tree {
	list := []*Tree{n}
	for _, c := range n.Children {
		list = append(list, c.All()...)
	}
	return list
}

// Clone returns a copy that can be changed on its own.
func (n *Tree) Clone() *Tree {
	c := *n
	c.Attrs = slices.Clone(n.Attrs)
	c.Children = nil
	for _, x := range n.Children {
		c.Children = append(c.Children, x.Clone())
	}
	return &c
}

func (n *Tree) write(b *strings.Builder, r *rand.Rand, indent string) {
	attrs := slices.Clone(n.Attrs)
	r.Shuffle(len(attrs), func(i, j int) { attrs[i], attrs[j] = attrs[j], attrs[i] })
	b.WriteString("<" + n.Name)
	for _, a := range attrs {
		q := string([]byte{'"', '\''}[r.IntN(2)])
		b.WriteString([]string{" ", "\n   "}[r.IntN(2)] + a[0] + "=" + q + a[1] + q)
	}
	if len(n.Children) == 0 && n.Text == "" && r.IntN(2) == 0 {
		b.WriteString([]string{"/>", " />"}[r.IntN(2)])
		return
	}
	b.WriteString(">")
	if r.IntN(4) == 0 {
		b.WriteString("<!-- " + fmt.Sprint(r.IntN(100)) + " -->")
	}
	if r.IntN(3) == 0 && n.Text != "" {
		b.WriteString("<![CDATA[" + n.Text + "]]>")
	} else {
		b.WriteString(n.Text)
	}
	for _, c := range n.Children {
		b.WriteString(indent)
		c.write(b, r, indent+"  ")
	}
	b.WriteString([]string{"", "\n", "\r\n\t"}[r.IntN(3)] + "</" + n.Name + ">")
}

// XML returns the document, in a form that r chooses: the order of attributes,
// quotation marks, white space, comments and CDATA sections.
func (n *Tree) XML(r *rand.Rand) string {
	var b strings.Builder
	n.write(&b, r, []string{"\n", "\r\n  ", ""}[r.IntN(3)])
	return b.String()
}
