package whole

//lint:file-ignore bad the reason

func a() { bad() }
