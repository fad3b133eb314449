package twins

func more() int { return log(2) }
