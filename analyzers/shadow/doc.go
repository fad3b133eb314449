// Package shadow defines passes that report a declaration that hides another
// one of the same name.
//
// # Analyzer shadow
//
// shadow: find a := that should have been an =
//
// The pass reports a declaration that hides an outer local variable of the
// same name, where the hiding can be the bug:
//
//	var cfg *Config
//	if path != "" {
//		cfg, err := load(path) // this cfg is a new variable
//		if err != nil {
//			return err
//		}
//		log.Print(cfg.Name)
//	}
//	return serve(cfg) // always nil
//
// It follows control flow, statement by statement. The inner variable must have
// been given a value that the outer one could hold, and on some path behind
// that the outer one must be read before it is assigned again: further down, by
// a loop that comes around, by a return without results, by a closure that is
// called or deferred. Then one of these must hold:
//
//   - The outer variable waits for its value where the inner one is declared: it
//     is zero, a constant, an empty container, or an error that was tested and is
//     nil.
//   - Nobody uses what the inner one was assigned.
//   - Another branch of the same statement assigns the outer one, which waits for
//     its value on some path, as in a loop.
//   - A deferred closure reads the outer one, and was deferred before.
//
// An example of the last:
//
//	f, err := os.Create(name)
//	...
//	defer func() {
//		if err != nil {
//			os.Remove(name)
//		}
//	}()
//	if _, err := f.Write(data); err != nil {
//		return err // and the file stays
//	}
//
// So err is judged by flow, like any name. On a path on which the inner error is
// nil, nothing is lost:
//
//	if err := f(); err != nil { return err } // silent
//
// On a path on which the error, or the ok, that came with the inner value says that
// there is none, nothing is lost either:
//
//	if port, err := strconv.Atoi(s); err == nil { return port } // silent
//
// And an error that the author gave up is none that was meant to be kept: the head
// of an if without else asks for another result and goes on either way, or the
// error is passed to a call, such as one that prints it, and the next turn of a
// loop follows:
//
//	if cache, err := os.Open(name); err == nil { use(cache) } // silent
//	if err != nil { log.Print(err); continue }                // silent
//
// The fix assigns to the outer variable where that compiles, changes no other one
// and runs in the same goroutine for certain, or else renames the inner one. The
// flag -ignore takes names never to report. Generated files are silent.
//
// What keeps the pass quiet costs some bugs, too. It is silent about
//   - a variable that derives from what it hides (x := x, ctx := with(ctx)), unless
//     the := is there for an error, as in path, err := filepath.Abs(path), outside
//     loops;
//   - an outer variable that has a value, such as a parameter or a receiver: the
//     inner one is then a second variable that happens to have the same name;
//   - an error or bool declared in the head of an if, for, switch or select, or in
//     a function literal, if something other than a comparison uses it or
//     statements follow in its scope, unless the outer one never gets a value;
//   - a result that came with an error, or with a bool named ok, once that was tested
//     and says that there is none;
//   - a named result that a bare return delivers, if the inner one is returned
//     where it is set: the bare return says "not found";
//   - the symbol of a type switch, and parameters of function literals;
//   - an outer variable whose address is kept, or that a goroutine or a function
//     literal that is handed on assigns: when, only they know. An address that is
//     passed to a call counts as assigned, and so does a field that is.
//
// A deferred closure that also assigns the variable, to join the error of Close,
// does not count as reading it. && and || are not taken apart, but for nil.
//
// In gopls the pass takes the place of the one of the same name, which asks
// only whether the outer variable is mentioned further down.
//
// # Analyzer shadowpkgvar
//
// shadowpkgvar: find locals that hide a variable of the package
//
// The pass reports a := or var in a function that hides a variable or constant of
// the package that it could have been meant for:
//
//	var db *sql.DB
//
//	func open() error {
//		db, err := sql.Open("postgres", dsn) // the package's db stays nil
//		...
//
// It asks for equal types only, not for flow, and is off by default: many packages
// name locals like this on purpose. Silent are parameters, copies (x := x), and
// generated files. The fix renames the local.
//
// # Analyzer shadowimport
//
// shadowimport: find names that hide an import
//
// The pass reports what hides an import of its file, after which the package
// cannot be used any more:
//
//	import "net/url"
//
//	func get(url string) { ... } // url.Parse means a string here
//
// Harmless until somebody needs the package, therefore off by default. The fix
// renames the variable. Parameters of functions without a body and generated
// files are silent.
//
// # Analyzer shadowbuiltin
//
// shadowbuiltin: find names that hide a predeclared identifier
//
// The pass reports what takes the name of a predeclared function, type, constant or
// nil from the code below it:
//
//	func pad(s string, len int) string {
//		return s + strings.Repeat(" ", len(s)) // len is an int
//	}
//
// Off by default: new, max and copy are popular names. The fix renames what is local;
// what is declared in the package is reported without one. Fields, methods and
// generated files are silent.
package shadow
