//go:build long

package testkit

// Long reports whether the tests run with the build tag long: all that they can
// try is tried then, and takes minutes.
const Long = true
