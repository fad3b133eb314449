package known

func tune(fd int, delay int) error { return check(fd + delay) }
