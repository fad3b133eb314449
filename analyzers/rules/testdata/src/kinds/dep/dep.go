package dep

import "context"

type Old struct {
	Secret string
	Open   string
	Count  int
}

type Box[T any] struct{ Value, Other T }

type (
	Alias  = Old
	Second = Alias
	Named  Old
)

func (Old) Run()                                       {}
func (Old) RunAll()                                    {}
func (*Old) Walk()                                     {}
func (o *Old) WalkSafely()                             {}
func (o *Old) WalkTo(string)                           {}
func (Box[T]) Get() (zero T)                           { return }
func Func[T any](T)                                    {}
func New() *Old                                        { return nil }
func NewBetter() *Old                                  { return nil }
func NewOther(int) *Old                                { return nil }
func Do(ctx context.Context, s string, opts ...string) {}
func Set(v any, n int, p *Old)                         {}

type Runner interface {
	Run()
}

type Walker interface {
	Walk()
}

type Handler interface {
	Handle(name string, ctx context.Context)
}
