package wxt

// checkTagSets looks for platforms that share a tag set and disagree.
func checkTagSets(p *Pass) {
	if p.Options.Mode == Inline {
		return
	}
	type tagOf struct{ set, tag string }
	first := make(map[tagOf]Value)
	platform := make(map[tagOf]*Target)
	for _, t := range p.Resolution.Targets {
		if t.TagSet == "" {
			continue
		}
		for _, v := range t.Values {
			key := tagOf{t.TagSet, v.Tag.Name}
			o, ok := first[key]
			if !ok {
				first[key], platform[key] = v, t
				continue
			}
			if o.Value != v.Value {
				pos := v.Position
				if v.Origin < o.Origin {
					pos = o.Position
				}
				p.Report(pos, "give each platform a tag_set of its own, or the tag one value",
					"%s differs between %s and %s, which share the tag set %q", v.Tag.Name, platform[key].Platform, t.Platform, t.TagSet)
			}
		}
	}
}
