package goplsconfig

// Check returns everything that is wrong with the policy, as [Problems]. With
// a nil API it finds what needs no gopls to know, which is worth a look before
// a toolchain is built for minutes.
func (s *Source) Check(api *API) error {
	if api == nil {
		api = &API{}
	}
	problems, _ := s.check(api, true)
	return problems.err()
}

// check returns the problems and the warnings. Without trust the analyzers of
// plugins are not there, so a name that is unknown may be one of theirs.
func (s *Source) check(api *API, trusted bool) (problems, warnings Problems) {
	problems = append(problems, s.problems...)
	_, ruleProblems := mergeRules(s.layers)
	problems = append(problems, ruleProblems...)
	return problems, warnings
}
