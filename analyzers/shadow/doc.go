// Package shadow defines a pass that reports a variable whose value is lost,
// because it was declared anew where the outer one of the same name was meant.
//
// # Analyzer shadow
//
// shadow: find a := that should have been an =
//
// The pass reports a declaration that hides an outer local variable of the
// same name and type, where the hiding can be the bug:
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
// It follows control flow, and reports only if
//   - the outer variable still waits for its value where the inner one is
//     declared: it is zero, a constant, an empty container or an error that was
//     found to be nil, and
//   - the outer variable is read behind the inner scope, on a path where nothing
//     was assigned to it. A return without results reads named results; so does a
//     loop that comes around.
//
// An error or a bool counts as lost only on a path where nobody looked at the
// inner one: errors that were logged, returned, or found to be nil are silent, and
// so no name is special:
//
//	if err := f(); err != nil { return err } // silent
//
// Declarations in the head of an if, for, switch or select are silent, as are
// those that derive from what they hide (x := x, ctx := with(ctx)).
// A function literal that hides a variable of the function around it is
// reported only if that variable never gets a value at all. Generated files are
// silent.
//
// In gopls the pass takes the place of the one of the same name, which asks
// only whether the outer variable is mentioned further down.
package shadow
