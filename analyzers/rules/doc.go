// Package rules defines a pass that enforces the rules a team writes in its
// policy.
//
// Compiled once for a process, the rules are found by the symbols that they name,
// so that their number hardly matters. A pass looks once at what each identifier
// denotes and once at the nodes that some rule is about, for all rules together.
// Where none speaks about a package, it does nothing.
//
// # Analyzer rules
//
// rules: enforce the rules of the policy
//
// A rule forbids something, or requires it, in the packages that it names:
//
//	rules:
//	  - id: no-exit
//	    message: return an error, main decides how to exit
//	    forbid-call: [os.Exit, log.Fatal*]
//	    except: [example.com/app/cmd/...]
//
// With it, the pass reports
//
//	os.Exit(1)      // return an error, main decides how to exit (no-exit)
//	die := os.Exit  // the same: a function value is a call that happens later
//
// A rule is of one kind:
//   - forbid-import names packages that must not be imported, and modules with the
//     versions that are forbidden: example.com/m@<v1.5.0, example.com/m@*. Of a
//     module counts the version that is in the build, and a folder that replaces one
//     has none. With fix, another package is imported under the old name;
//   - layer says which components, that is groups of packages, may depend on which.
//     Of several patterns the most specific one decides whose a package is. What
//     may-depend-on says holds for imports themselves, and what must-not-depend-on
//     says for every chain of imports, through whatever packages. A chain is reported
//     where it begins, with the shortest way to its end; what tests import is theirs
//     and nobody inherits it;
//   - forbid-call names functions and methods: os.Exit, (*net/http.Client).Do,
//     (io.Reader).Read. A method is the same method when it is promoted through
//     embedding, taken as a value, or one of a generic type;
//   - forbid-type names types: any use of their name, or of an alias of them;
//   - forbid-field names fields, net/http.Client.Timeout: selections and literals,
//     with keys or without;
//   - forbid-construct names parts of the language, such as go, panic or naked-return;
//   - require-arg says what an argument of a function must be: constant,
//     non-constant, non-nil, non-zero, or a context that has a deadline. Reported is
//     what provably is not that: a context that comes as a parameter may have one;
//   - require-first-param says that some functions take a type first, or that
//     whatever takes it takes it first. Left alone are main, init, tests, function
//     literals, and methods of an interface that an imported package declares;
//   - replace is an expression that has a better form.
//
// Symbols are written by import path, and a trailing * matches any rest. An
// interface's method is not the method of a type that implements it, unless
// through-interfaces is set: then a call through an interface counts that the named
// type implements, and so does the method of a type that implements the named
// interface, of a package that is imported right there.
//
// With fix, a finding has one where the other symbol can take its place: the
// signature, or the type of the field, is the same. Imports follow.
//
// in and except name packages by path, and "..." matches any string, as on the go
// command's line. Tests belong to the package that they test; tests and generated
// take files in (include, the default), leave them out (exclude) or take nothing
// else (only). go is a condition on the language version of a file: ">=1.22 <1.25".
//
// The pass has no default rules. A finding carries the rule's id in its message,
// and as its code.
package rules
