package whole

func bad() {}

func c() { bad() } // want "call of bad"
