// Package suppression lets people answer for a finding, in the code or in the
// policy, so that no tool shows it again.
//
// [Wrap] gives analyzers that behave as before but for the findings that are
// suppressed. Both drivers, gopls and go vet, then obey without knowing of it,
// and facts are what they were, since only reports are filtered.
//
// # Analyzer suppression
//
// suppression: find suppression comments that are malformed, forbidden or of no use
//
// Two forms of comment silence a finding of any analyzer, in the editor and in
// CI alike:
//
//	//lint:ignore NAME[,NAME...] reason
//	//nolint:NAME[,NAME...] // reason
//
// At the end of a line they are for that line, also where a block begins there. On
// a line of their own they are for all of the statement, declaration, field or
// element below, or for the file where the package clause is below. For a whole
// file there is also
//
//	//lint:file-ignore NAME[,NAME...] reason
//
// A name is that of an analyzer (shadow, SA4006), the id of a rule of the
// policy, a pattern (SA*), a group (staticcheck, vet, hearth), or all. Case does
// not matter. Checks that another analyzer does here keep their names: SA1019 is
// also deprecated. A //nolint without a name means all.
//
// The pass reports
//   - a comment without a reason, which suppresses nothing:
//     suppress.require-reason of the policy can be switched off;
//   - a comment where the policy forbids them (suppress.inline: false), which
//     suppresses nothing either: it holds a list of exceptions instead;
//   - a comment that matched nothing, and offers to remove it. That is only
//     said when each analyzer that it names really ran on the package, under this
//     policy, and never of groups or all: another linter may need those. Nor is it
//     said where another platform may need the comment: of passes that go by the
//     size of an int, and in packages with files for other platforms or tags.
//
// Comments for other linters (//nolint:gosec) are not its business. Generated
// files are silent, and so is a package on which another pass fails.
package suppression
