package text

import (
	"iter"
	"unicode"
	"unicode/utf8"
)

// maxCandidates is how many candidates are looked at, the first ones. The lists of
// names that people know are shorter; those that a hostile file brings along are not
// worth the time.
const maxCandidates = 2000

// Nearest returns the candidate that is the fewest edits away from name: letters
// added, dropped, replaced or swapped with their neighbour, upper and lower
// case alike. It returns false where none is near enough to be a plausible
// slip: a fifth of the name's length, and no more than three. The first of equals wins.
func Nearest(name string, candidates iter.Seq[string]) (string, bool) {
	return NearestWithin(name, min(max(1, utf8.RuneCountInString(name)/5), 3), candidates)
}

// NearestWithin returns the candidate that is the fewest edits away from name, limit at
// the most, as [Nearest] does.
func NearestWithin(name string, limit int, candidates iter.Seq[string]) (string, bool) {
	best, found := "", false
	folded := fold(nil, name)
	var d distance
	var runes []rune // of the candidate
	left := maxCandidates
	for c := range candidates {
		if left--; left < 0 {
			break
		}
		if len(c) > utf8.UTFMax*(len(folded)+limit) || len(folded) > len(c)+limit {
			continue // too long or too short, however its letters are written
		}
		runes = fold(runes[:0], c)
		if n := d.between(folded, runes, limit); n <= limit {
			best, found = c, true
			if n == 0 {
				break
			}
			limit = n - 1
		}
	}
	return best, found
}

// fold appends the runes of s in lower case.
func fold(to []rune, s string) []rune {
	for _, r := range s {
		to = append(to, unicode.ToLower(r))
	}
	return to
}

// distance computes optimal string alignment distances and keeps its rows
// between calls.
type distance struct{ prev2, prev, cur []int }

// between returns the distance of a and b, or some number above limit where it
// is larger than that.
func (d *distance) between(a, b []rune, limit int) int {
	if diff := len(a) - len(b); diff > limit || -diff > limit {
		return limit + 1
	}
	n := len(b) + 1
	for _, row := range []*[]int{&d.prev2, &d.prev, &d.cur} {
		if cap(*row) < n {
			*row = make([]int, n)
		}
		*row = (*row)[:n]
	}
	for j := range d.prev {
		d.prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		d.cur[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			v := min(d.prev[j]+1, d.cur[j-1]+1, d.prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				v = min(v, d.prev2[j-2]+1)
			}
			d.cur[j] = v
			least = min(least, v)
		}
		if least > limit {
			return limit + 1
		}
		d.prev2, d.prev, d.cur = d.prev, d.cur, d.prev2
	}
	return d.prev[len(b)]
}
