package text

import "slices"

// Rising returns, for each of the numbers, whether it is part of a longest
// rising sequence of them: what is not has moved, and as little as can be. No
// number may come twice. The time is in proportion to n log n.
func Rising(numbers []int) []bool {
	var tails []int // of the sequences of each length, the one that ends lowest
	before := make([]int, len(numbers))
	for i, number := range numbers {
		k, _ := slices.BinarySearchFunc(tails, number, func(t, number int) int { return numbers[t] - number })
		before[i] = -1
		if k > 0 {
			before[i] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, i)
		} else {
			tails[k] = i
		}
	}
	rising := make([]bool, len(numbers))
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = before[i] {
			rising[i] = true
		}
	}
	return rising
}
