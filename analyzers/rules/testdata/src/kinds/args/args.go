package args

import (
	"context"
	"time"

	"kinds/dep"
)

const name = "x"

func f(ctx context.Context, s string, list []string) {
	bg := context.Background()
	sub, cancel := context.WithCancel(bg)
	defer cancel()
	twice := context.Background()
	if s != "" {
		twice = ctx
	}
	taken := context.Background()
	g(&taken)
	timed, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	var declared = context.TODO()
	for _, ranged := range []context.Context{ctx} {
		dep.Do(ranged, "s") // silent: unknown
	}

	dep.Do(ctx, "s")                                              // silent: unknown
	dep.Do(context.Background(), "s")                             // want `argument ctx of kinds/dep.Do must have a deadline \(deadline\)`
	dep.Do((context.TODO()), "s")                                 // want `\(deadline\)`
	dep.Do(context.WithValue(context.Background(), name, 1), "s") // want `\(deadline\)`
	dep.Do(context.WithValue(ctx, name, 1), "s")                  // silent: unknown
	dep.Do(context.WithoutCancel(ctx), "s")                       // want `\(deadline\)`
	dep.Do(bg, "s")                                               // want `\(deadline\)`
	dep.Do(sub, "s")                                              // want `\(deadline\)`
	dep.Do(declared, "s")                                         // want `\(deadline\)`
	dep.Do(twice, "s")                                            // silent: may be ctx
	dep.Do(taken, "s")                                            // silent: may be changed elsewhere
	dep.Do(timed, "s")                                            // silent: has one

	dep.Do(ctx, name+"y") // silent: constant
	dep.Do(ctx, s)        // want `argument 2 of kinds/dep.Do must be constant \(constant\)`
	dep.Do(ctx, s+"x")    // want `\(constant\)`
	dep.Do(several())     // want `\(constant\)`
	(dep.Do)(ctx, s)      // want `\(constant\)`
	do := dep.Do
	do(ctx, s) // silent: a function value is no call

	dep.Do(ctx, "s", "a", s)  // want `argument opts of kinds/dep.Do must not be constant \(variable\)`
	dep.Do(ctx, "s", s, s)    // silent
	dep.Do(ctx, "s", list...) // silent: unknown

	var old dep.Old
	dep.Set(1, 1, &old)
	dep.Set(1, 0, &old)                // want `\(zero\)`
	dep.Set(1, 1-1, &old)              // want `\(zero\)`
	dep.Set(dep.Old{}, 1, &old)        // want `argument v of kinds/dep.Set must not be zero \(zero-v\)`
	dep.Set(&dep.Old{}, 1, &old)       // silent: a pointer
	dep.Set("", 1, &old)               // want `\(zero-v\)`
	dep.Set(false, 1, &old)            // want `\(zero-v\)`
	dep.Set(0.0, 1, &old)              // want `\(zero-v\)`
	dep.Set([]int{}, 1, &old)          // silent: an empty slice is not nil
	dep.Set(time.Duration(0), 1, &old) // want `\(zero-v\)`
	dep.Set(nil, 1, nil)               // want `\(zero-v\)` `argument 3 of kinds/dep.Set must not be nil \(nil\)`
	dep.Set(1, 1, (*dep.Old)(nil))     // want `\(nil\)`

	old.WalkTo(s)              // want `argument 1 of \(\*kinds/dep.Old\).WalkTo must be constant \(method\)`
	old.WalkTo("s")            // silent
	(*dep.Old).WalkTo(&old, s) // want `\(method\)`
	var w walker = &old
	w.WalkTo(s) // want `argument 1 of \(kinds/args.walker\).WalkTo must be constant \(method\)`

	variadic()       // want `argument opts of kinds/args.variadic must not be nil \(variadic\)`
	variadic(nil...) // want `\(variadic\)`
	variadic(nil)    // want `\(variadic\)`
	variadic(list)   // silent
}

type walker interface{ WalkTo(string) }

func variadic(opts ...[]string) {}

func g(*context.Context) {}

func several() (context.Context, string) { return nil, "" }
