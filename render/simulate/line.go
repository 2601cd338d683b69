package simulate

// openJSON and closeJSON are what stands around the text of a file in a line of
// NDJSON.
func openJSON(dst []byte, id string) []byte {
	dst = append(dst, `{"id":"`...)
	dst = appendJSON(dst, id)
	return append(dst, `","config":"`...)
}

const closeJSON = "\"}\n"

// appendLine appends a line of NDJSON.
func appendLine(dst []byte, id, text string) []byte {
	return append(appendJSON(openJSON(dst, id), text), closeJSON...)
}

// jsonPlain are the bytes that stand in a JSON string as they are.
var jsonPlain = func() (table [256]bool) {
	for c := 0x20; c < 0x100; c++ {
		table[c] = c != '"' && c != '\\'
	}
	return table
}()

// appendJSON appends text as the content of a JSON string.
func appendJSON(dst []byte, text string) []byte {
	const hex = "0123456789abcdef"
	done := 0
	for i := range len(text) {
		c := text[i]
		if jsonPlain[c] {
			continue
		}
		dst = append(dst, text[done:i]...)
		done = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(dst, text[done:]...)
}
