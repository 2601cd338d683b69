// Package bench compares the template engine of package render with others, and
// measures the rendering of many subscribers. It is a module of its own, so that
// the others are no dependencies of the library. See docs/performance.md.
//
//	go test -run '^$' -bench .
package bench
