package platforms

func shown() { bad() }

func hidden() { bad() } //nolint:bad // for a test that reports in this file
