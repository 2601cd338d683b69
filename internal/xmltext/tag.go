package xmltext

// name reads the name at i, which may have one colon, and returns its end.
func (p *parser) name(i int, expected string) (int, *fault) {
	src := p.src
	end := ncName(src, i)
	switch {
	case i == len(src):
		return 0, cutf(i, "the document ends inside a tag: expected %s", expected)
	case end == i && src[i] == ':':
		return 0, faultf(i, `a name begins with ":": expected a prefix before it`)
	case end == i:
		return 0, faultf(i, "expected %s, found %s", expected, p.found(i))
	case end == len(src) || src[end] != ':':
		return end, nil
	}
	local := end + 1
	end = ncName(src, local)
	switch {
	case local == len(src):
		return 0, cutf(local, "the document ends inside a name")
	case end == local:
		return 0, faultf(local, "expected a name after %s, found %s", excerpt(src[i:local]), p.found(local))
	case end < len(src) && src[end] == ':':
		return 0, faultf(end, `second ":" in a name: expected at most one`)
	}
	return end, nil
}

func (p *parser) startTag() *fault {
	src, start := p.src, p.pos
	if ncName(src, start+1) == start+1 && src[start+1] != ':' {
		return faultf(start+1, `expected a name after "<", found %s: write < as &lt; if no tag is meant`, p.found(start+1))
	}
	i, f := p.name(start+1, "the name of an element")
	if f != nil {
		return f
	}
	name := src[start+1 : i]
	if len(p.open) == 0 && p.doc.Root != nil {
		return faultf(start, "second root element <%s>: expected nothing more after the root element <%s>, which begins in line %d", excerpt(name), excerpt(p.doc.Root.Name), p.line(p.doc.Root.Start))
	}
	if len(p.open) == p.maxDepth {
		return overf(start, "levels", p.maxDepth, "element <%s> stands too deep: elements can nest %d deep", excerpt(name), p.maxDepth)
	}
	p.scratch = p.scratch[:0]
	selfClosing := false
	for {
		before := i
		i = skipSpace(src, i)
		if i == len(src) {
			return cutf(i, `the document ends inside the start tag <%s>, which begins in line %d: expected ">" or "/>"`, excerpt(name), p.line(start))
		}
		if src[i] == '>' {
			i++
			break
		}
		if src[i] == '/' {
			if i+1 == len(src) {
				return cutf(i+1, `the document ends inside the start tag <%s>: expected ">" after "/"`, excerpt(name))
			}
			if src[i+1] != '>' {
				return faultf(i+1, `expected ">" after "/" in the start tag <%s>, found %s`, excerpt(name), p.found(i+1))
			}
			i += 2
			selfClosing = true
			break
		}
		if i == before {
			return faultf(i, `expected white space, ">" or "/>" in the start tag <%s>, found %s`, excerpt(name), p.found(i))
		}
		if i, f = p.attribute(i, start, name); f != nil {
			return f
		}
		if p.count > p.maxNodes {
			return p.tooMany(i)
		}
	}
	places, f := p.unique(name)
	if f != nil {
		return f
	}
	n := p.add(Element, start, i)
	n.Name = name
	n.Attrs, n.attrs = p.keepAttrs(p.scratch), places
	n.OpenEnd, n.CloseStart = i, i
	n.SelfClosing = selfClosing
	if n.Parent == nil {
		p.doc.Root = n
	}
	if !selfClosing {
		p.open = append(p.open, opened{n, len(p.pending)})
	}
	return nil
}

// attribute reads the attribute at i of the tag of element that begins at tag,
// into scratch, and returns its end.
func (p *parser) attribute(i, tag int, element string) (int, *fault) {
	src, start := p.src, i
	nameEnd, f := p.name(start, `the name of an attribute, ">" or "/>"`)
	if f != nil {
		if src[start:] != "" && src[start] == '<' {
			return 0, faultf(start, `"<" inside the start tag <%s>, which begins in line %d: expected ">" or "/>" before it`, excerpt(element), p.line(tag))
		}
		return 0, f
	}
	name := src[start:nameEnd]
	i = skipSpace(src, nameEnd)
	if i < len(src) && src[i] != '=' {
		return 0, faultf(i, `expected "=" after the attribute %s of element <%s>, found %s: write %s="..."`, excerpt(name), excerpt(element), p.found(i), excerpt(name))
	}
	if i < len(src) {
		i = skipSpace(src, i+1)
	}
	if i == len(src) {
		return 0, cutf(i, "the document ends inside the start tag <%s>: expected the value of the attribute %s", excerpt(element), excerpt(name))
	}
	quote := src[i]
	if quote != '"' && quote != '\'' {
		return 0, faultf(i, "expected a quotation mark before the value of the attribute %s, found %s: write %s=\"%s\"", excerpt(name), p.found(i), excerpt(name), p.unquoted(i))
	}
	open := i
	plain := true
	for i++; i < len(src) && src[i] != quote; i++ {
		switch src[i] {
		case '&', '\t', '\n', '\r':
			plain = false
		case '<':
			if _, f := p.decode(open+1, i, true); f != nil {
				return 0, f
			}
			return 0, faultf(i, `"<" in the value of the attribute %s, which begins in line %d: write < as &lt;, or put the missing %c before it`, excerpt(name), p.line(open), quote)
		}
	}
	if i == len(src) {
		return 0, cutf(open, "the value of the attribute %s has no closing quotation mark: expected %c", excerpt(name), quote)
	}
	value := src[open+1 : i]
	if !plain {
		if value, f = p.decode(open+1, i, true); f != nil {
			return 0, f
		}
	}
	p.count++
	p.scratch = append(p.scratch, Attr{
		Name: name, Value: value, Start: start, End: i + 1, NameEnd: nameEnd,
		ValueStart: open + 1, ValueEnd: i, Quote: quote,
	})
	return i + 1, nil
}

// unique checks that no two attributes in scratch have one name. If they are many, it
// returns the place of each.
func (p *parser) unique(element string) (map[string]int, *fault) {
	twice := func(a *Attr) *fault {
		return faultf(a.Start, "the attribute %s of element <%s> stands there twice: remove one", excerpt(a.Name), excerpt(element))
	}
	if len(p.scratch) > 16 {
		places := make(map[string]int, len(p.scratch))
		for i := range p.scratch {
			a := &p.scratch[i]
			if _, ok := places[a.Name]; ok {
				return nil, twice(a)
			}
			places[a.Name] = i
		}
		return places, nil
	}
	for i := range p.scratch {
		for j := range i {
			if p.scratch[i].Name == p.scratch[j].Name {
				return nil, twice(&p.scratch[i])
			}
		}
	}
	return nil, nil
}

func (p *parser) endTag() *fault {
	src, start := p.src, p.pos
	if start+2 == len(src) {
		return cutf(start, `the document ends after "</"`)
	}
	end, f := p.name(start+2, `the name of an element after "</"`)
	if f != nil {
		return f
	}
	name := src[start+2 : end]
	// A name at the very end may be cut short: whether it matches can't be told.
	if end == len(src) {
		return cutf(start, `end tag </%s is not closed: expected ">"`, excerpt(name))
	}
	if len(p.open) == 0 {
		return faultf(start, "end tag </%s> has no start tag: remove it, or write <%s> before it", excerpt(name), excerpt(name))
	}
	e := p.open[len(p.open)-1]
	if name != e.Name {
		return faultf(start, "end tag </%s> does not match the start tag <%s> in line %d: expected </%s>", excerpt(name), excerpt(e.Name), p.line(e.Start), excerpt(e.Name))
	}
	end = skipSpace(src, end)
	if end == len(src) {
		return cutf(start, `end tag </%s is not closed: expected ">"`, excerpt(name))
	}
	if src[end] != '>' {
		return faultf(end, `expected ">" at the end of the end tag </%s>, found %s`, excerpt(name), p.found(end))
	}
	e.CloseStart, e.End = start, end+1
	e.Children = p.keep(p.pending[e.first:])
	p.pending = p.pending[:e.first]
	p.open = p.open[:len(p.open)-1]
	p.pos = end + 1
	return nil
}
