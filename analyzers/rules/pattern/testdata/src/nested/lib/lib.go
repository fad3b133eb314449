package lib

func A(int) int { return 0 }
func B(int) int { return 0 }
func C(int) int { return 0 }
func D(int) int { return 0 }
