// Package syncmaprmw defines a pass that reports a sync.Map that is read and
// then written as if nobody else could write it in between.
//
// # Analyzer syncmaprmw
//
// syncmaprmw: find a Load and a Store of a sync.Map that should be one step
//
// Each method of a sync.Map is atomic, two in a row are not. Here two
// goroutines may both miss, and one of them goes on with a counter that the map
// no longer has:
//
//	v, ok := counters.Load(name)
//	if !ok {
//		v = new(atomic.Int64)
//		counters.Store(name, v) // use LoadOrStore
//	}
//
// The pass reports a Store or Delete of a key that the same function loaded on
// the way there, where the outcome of the Load decides over it or gives it its
// value:
//   - Store after a miss: LoadOrStore
//   - Store of something made from what was loaded: CompareAndSwap in a loop
//   - Delete after a hit: LoadAndDelete
//   - Delete after a look at the value, inside Range as well: CompareAndDelete
//
// CompareAndSwap and CompareAndDelete panic on a value that cannot be compared,
// such as a slice. Where the function stores or expects one, the advice is to hold
// a lock over both steps, or to store a pointer.
//
// Functions, methods and function literals of the package that only wrap one
// call of a sync.Map count as that call.
//
// It is silent where a lock is held at the Load, taken before the Store, or held
// by all callers of an unexported function; for a local map that nothing else
// sees; in generated files and in tests. A Store that happens whether the key
// was there or not, with a value of its own, is silent as well, as is a cache of
// what was looked up or computed, or of types of which nothing says that they
// change. Storing that twice does no harm.
//
// The fix is offered where nothing happens between the two calls.
//
// Keys are compared as expressions. One that calls a function is not, since it
// may return something else the second time. The pass does not look into other
// packages, and does not know that only one goroutine ever writes.
package syncmaprmw
