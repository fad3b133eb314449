package twins

func log(level int) int { // silent: twins_plan9.go calls it with another level and uses the result
	println(level)
	return level + 1
}

func calls() {
	log(1)
	log(1)
	log(1)
	log(1)
}
