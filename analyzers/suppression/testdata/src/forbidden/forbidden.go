package forbidden

func bad() {}

func forbidden() {
	bad() /* want "//nolint:bad suppresses nothing: the policy forbids such comments; ask for an exception in hearth.yaml" */ //nolint:bad // the reason
	_ = 0 /* want "//lint:ignore bad suppresses nothing: the policy forbids" */                                               //lint:ignore bad the reason
	_ = 0 //nolint:gosec // silent: that is for another linter
}
