package other

import "context"

type Job struct {
	ID  string
	Ctx context.Context
}

type Context interface {
	context.Context
	User() string
}
