package text

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRising(t *testing.T) {
	for _, tt := range []struct {
		numbers []int
		want    []bool
	}{
		{nil, []bool{}},
		{[]int{7}, []bool{true}},
		{[]int{1, 2, 3}, []bool{true, true, true}},
		{[]int{3, 1, 2}, []bool{false, true, true}},
		{[]int{1, 9, 2, 3}, []bool{true, false, true, true}},
		{[]int{2, 3, 1}, []bool{true, true, false}},
		{[]int{4, 0, 5, 1, 6, 2, 3}, []bool{false, true, false, true, false, true, true}},
	} {
		assert.Equal(t, tt.want, Rising(tt.numbers), "%v", tt.numbers)
	}
}
