//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package atomicfile

func lock(f osFile) error { return lockByAge(f) }
