// Package pattern finds Go expressions by an example of them, and writes others
// in their place.
//
// A pattern is a Go expression, in which the symbols of packages are written by
// import path, and placeholders stand for parts that do not matter:
//
//	os.Exit($code)
//	strings.Index($s, $sub) >= 0               // strings.Contains($s, $sub)
//	errors.New(fmt.Sprintf($f, $*args))        // fmt.Errorf($f, $*args)
//	append([]$T(nil), $s...)                   // slices.Clone($s)
//	(*net/http.Client).Get($c, $url)           // also written c.Get(url)
//
// $x is one expression or type, and the same one wherever it is written again; $*x
// is any number of arguments; $_ and $*_ are any. What has a slash is an import path
// before it is a division, unless there are spaces around the slash. Conditions on a
// placeholder say what type it has ("[]byte"), implements ("implements error") or has
// underneath ("underlying string"), or that it is constant.
//
// # What matches
//
// Names match what they denote, not how they are written: a package by its path,
// whatever a file calls it, a built-in function unless it is shadowed, a generic
// function with or without its type arguments, a type under any alias, a number in
// any notation. Parentheses do not matter, nor do conversions to the type that a
// value has anyway; the order of operands does. Where a condition wants a *T, the
// receiver of a call may be a variable of type T, as it may in Go.
//
// # What is rewritten
//
// A [Rewrite] keeps the text of what placeholders stand for, with comments and line
// breaks, and adds the parentheses and imports that it needs. There is none where
// the program would do something else or not compile: where something that has
// effects would be dropped, evaluated twice, or in another order; where the type of
// the expression would be another; where its address is taken, or it is assigned to;
// where a name of the language is shadowed; and where a comment would be lost.
// Whether what has a package in it that the file's package does not import, however
// indirectly, compiles cannot be told; it is rewritten.
//
// # Why not gogrep or eg
//
// github.com/quasilyte/gogrep v0.5.0, which go-ruleguard has, compares packages by
// path, but all else by how it is written. Of
//
//	. "os";    Exit(1)                        // os.Exit($x): missed
//	(os.Exit)(1)                              // missed
//	slices.Index[[]int](s, 1)                 // slices.Index($s, $x): missed
//	[]uint8("x")                              // []byte($x): missed
//	len := f;  _ = len(s) == 0                // len($x) == 0: found, and it is not that
//
// it gets each wrong. It has no types for placeholders and no rewriting, which are
// what remains and the larger part; it knows two packages of one name only by a
// table for each pattern; and it would bring more modules into the build of gopls.
//
// golang.org/x/tools/refactor/eg compares objects as we do. Its templates are Go
// files, which must be type-checked against the very packages that the code has:
// a pass has no importer, and the package that a template names need not be there.
// Each placeholder has one type, so that len($x) == 0 would be as many templates as
// there are types; there are none for any number of arguments. It prints trees,
// which a fix cannot hold, ignores shadowed names and effects, and leaves unused
// imports behind.
package pattern
