// Package dep is another package, whose bodies the pass cannot read.
package dep

import "context"

type Manager struct{}

func (*Manager) Run(context.Context) error { return nil }
func (*Manager) RunAt(addr string) error   { return nil }
func (*Manager) ListenAndWait() error      { return nil }

func Poll(func() error) error { return nil }
