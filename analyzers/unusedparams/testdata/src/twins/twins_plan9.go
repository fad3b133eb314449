package twins

func open(path string, flags int) { println(path, flags) }

func (f *file) lock(wait bool) { println(wait) }

func start() { use(hook) }

func use(func(int)) {}

func calls() { plain(1) }
