// Package twins has functions whose signature files of other systems decide.
package twins

func open(path string, flags int) { // silent: the file for plan9 needs flags
	println(path)
}

type file struct{}

func (*file) lock(wait bool) { // silent: its twin needs wait
	println()
}

type other struct{}

func (*other) lock(wait bool) { // want "unused parameter: wait"
	println()
}

func hook(n int) { // silent: used as a value on plan9
	println()
}

func fromAssembly(n int) { // silent: assembly calls it
	println()
}

func plain(n int) { // want "unused parameter: n"
	println()
}

func addressed(n int) { // silent: assembly takes its address
	println()
}
