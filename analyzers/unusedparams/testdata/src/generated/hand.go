package generated

type answer struct{}

func (answer) ask(n int) { println() } // silent: an interface in a generated file asks for it

func hand(n int) { println() } // want "unused parameter: n"
