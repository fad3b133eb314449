// Package rules defines a pass that enforces the rules a team writes in its
// policy.
//
// # Analyzer rules
//
// rules: enforce the rules of the policy
//
// A rule forbids an import or a function, in the packages that it names:
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
// A function is named the way go doc users know it from [types.Func.FullName]:
// os.Exit, (*net/http.Client).Do, (io.Reader).Read. A method is the same method
// when it is promoted through embedding; an interface's method is not the
// method of a type that implements it. A trailing * matches any rest.
//
// Packages are named by path, and "..." matches any string, as on the go
// command's line. Tests belong to the package that they test.
//
// The pass has no default rules, and reports in generated files too: whoever
// owns the generator can change it.
package rules
