package wxt

import (
	"slices"
	"strings"

	"github.com/dtafgen/wxt/schema"
)

// longestNumber is how many digits a telephone number has at the most (E.164).
const longestNumber = 15

// checkEmergencyNumbersDialable looks for emergency numbers that nobody dials:
// without a digit, longer than any number, or in the list twice. What is no list
// of numbers at all is a wrong value.
func checkEmergencyNumbersDialable(p *Pass) {
	const tag = "EMERGENCY_DIALING_NUMBERS_WXT"
	list, ok := p.known(tag)
	if !ok {
		return
	}
	numbers, err := schema.ParseDialStrings(list)
	if err != nil {
		return
	}
	for i, n := range numbers {
		switch digits := strings.TrimLeft(n, "+*#"); {
		case digits == "":
			p.Report(p.where(tag), "remove it", "%s: %s has no digit to dial", tag, n)
		case len(digits) > longestNumber:
			p.Report(p.where(tag), "separate the numbers with commas", "%s: %s has %d digits, and no telephone number has more than %d", tag, n, len(digits), longestNumber)
		case slices.Contains(numbers[:i], n):
			p.Report(p.where(tag), "keep one of the two", "%s: %s is in the list twice", tag, n)
		}
	}
}
