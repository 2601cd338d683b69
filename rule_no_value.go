package wxt

// checkNoValue looks for tags in a target's templates that have no value.
func checkNoValue(p *Pass) {
	t := p.Target
	pos := p.At(t.Platform.String(), "base")
	if t.base == nil {
		pos = p.At(t.Platform.String(), "edit")
	}
	for _, name := range t.Unset() {
		p.Report(pos, "set it in [tags] or in ["+t.Platform.String()+".tags]",
			"%s: the template has the tag %s, whose default is not known, and it has no value: the app would get the placeholder", t.Platform, name)
	}
}
