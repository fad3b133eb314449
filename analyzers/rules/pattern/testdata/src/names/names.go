package names

import (
	"io"
	sys "os"
	"slices"
)

type exiter struct{}

func (exiter) Exit(int) {}

func renamed(s []int) {
	sys.Exit(1)   // want `^0$`
	(sys.Exit)(2) // want `^0$`
	{
		sys := exiter{}
		sys.Exit(3) // a method of a variable
	}
	defer sys.Exit(4) // want `^0$`
	die := sys.Exit   // no call
	die(5)
}

func shadowed(syscall, syscall2 string) {
	sys.Exit(len(syscall)) // want `^0$`
}

func instances(s []int) bool {
	return slices.Index(s, 1) >= 0 || // want `^2$`
		slices.Index[[]int](s, 2) >= 0 || // want `^2$`
		(slices.Index(s, 3)) >= (0x0) || // want `^2$`
		int(slices.Index(s, 4)) >= int(0) || // want `^2$`
		slices.Index(s, 5) > 0 || 0 <= slices.Index(s, 6)
}

type octets = []uint8

func identical(s string) {
	_ = []byte(s)  // want `^3-$`
	_ = []uint8(s) // want `^3-$`
	_ = octets(s)  // want `^3-$`
	_ = []rune(s)
}

func builtins(s []int) {
	_ = len(s) == 0 // want `^5-$`
	len := func([]int) int { return 0 }
	_ = len(s) == 0
}

func variables() (error, *error) {
	io.ErrUnexpectedEOF = nil                    // want `^4-$`
	return io.ErrUnexpectedEOF, &io.ErrUnexpectedEOF // want `^4$` `^4-$`
}
