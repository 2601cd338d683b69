package wxt

// checkNoPlace looks for tags that the project declares or sets and that stand
// nowhere in the template.
func checkNoPlace(p *Pass) {
	if p.Template == nil {
		return
	}
	for _, v := range p.Target.Values {
		if p.Target.used[v.Tag.Name] || v.Origin == FromDefault && !v.Tag.Declared {
			continue
		}
		pos := v.Position
		if v.Origin == FromDefault {
			pos = p.declaration(v.Tag.Name, "tag")
		}
		p.Report(pos, "", "%s stands nowhere in the template for %s: its value does not reach the app", v.Tag.Name, p.Target.Platform)
	}
}
