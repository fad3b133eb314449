package panics

func F() {}
