//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package atomicfile

import (
	"errors"
	"syscall"
)

// lock takes the lock of a file, which the system gives back when the process
// ends. Where a file system has no locks, a file's age decides.
func lock(f osFile) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.ENOLCK), errors.Is(err, errors.ErrUnsupported):
			return lockByAge(f)
		default:
			return err
		}
	}
}
