//go:build race

package testkit

// Race says whether the race detector looks on, which makes everything cost several
// times as much.
const Race = true
