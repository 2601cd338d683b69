package wxt

// checkEncodingBytes looks for bytes that are not in the encoding that the
// template declares.
func checkEncodingBytes(p *Pass) {
	if p.unreadable != nil {
		deviceType, _, _ := deviceEncoding(p)
		p.Report(p.unreadable.Position, "save it as UTF-8, declare UTF-8, and: "+setEncoding(deviceType), "%s", p.unreadable.Err)
	}
}
