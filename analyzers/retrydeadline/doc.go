// Package retrydeadline defines a pass that reports loops that retry a failing
// call for ever.
//
// # Analyzer retrydeadline
//
// retrydeadline: find retry loops that never give up
//
// The pass reports a loop that calls something that can fail, sleeps when it
// did, and calls it again, with no way out but success:
//
//	for {
//		conn, err := net.Dial("tcp", addr)
//		if err == nil {
//			return conn
//		}
//		log.Print(err)
//		time.Sleep(time.Second) // and again, if need be until the disk is full of logs
//	}
//
// Whoever calls this function waits for a peer that may never come back, cannot
// be cancelled, and does not learn why. Bound the loop by attempts or by time,
// or take a context and wait for both:
//
//	select {
//	case <-ctx.Done():
//		return nil, context.Cause(ctx)
//	case <-time.After(delay):
//	}
//
// A loop is a retry if success leaves it, or does so if the answer is the right
// one, and failure leads back to the call through a sleep. So a worker that goes
// on after success as after failure is silent, and so is a loop that reconnects
// once the connection has ended. A loop is bounded, and silent, if it can be left
// after a failure for any reason other than the error itself: a counter, a
// clock, a flag, a channel, a context, a backoff that ends. Leaving it on some
// errors, as in if !temporary(err) { return err }, is no bound, since the others
// may last; but it counts as one if something in the loop takes a context, whose
// end such a test would see.
//
// Tests are silent: go test has a deadline of its own. So are calls that tell
// success by a bool, as the same shape asks whether to stop, and loops made of
// goto or of a call to a library for retries. Sleeps are time.Sleep, what is
// called Sleep and returns nothing, and a receive from a timer or a ticker, which
// a loop may also range over.
//
// There is no fix: how often to try, and what to return then, is not in the
// code that the pass sees.
package retrydeadline
