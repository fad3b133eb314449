// Package report is what a vettool of hearth and hearth vet agree on: the names
// of flags, and the form of what is written. It imports no pass, as hearth lsp
// is the same binary as hearth vet and shall start without them.
package report

import "time"

// ShowSuppressed is the flag that makes a vettool report suppressed findings as
// well; their category begins with [Suppressed].
const ShowSuppressed = "hearth-suppressed"

// Suppressed begins the category of a suppressed finding that is reported
// nevertheless. It is followed by nothing for a comment, which the related
// information points to, and by "/N" for exception N of the policy, from 0;
// then, behind a colon, by the category that the finding has of its own.
const Suppressed = "suppressed"

// Started is a variable of the environment that names a file to which a vettool
// appends a line when it starts on a package: the package's path. The go command
// does not key its cache by variables that it does not know, so whether somebody
// watches makes no difference to the results.
const Started = "HEARTH_VET_STARTED"

// Failed begins the category of a report that is no finding: a pass, whose name
// follows, panicked or returned an error, which the message says.
const Failed = "failed/"

// Profile is the flag that names a folder in which a vettool leaves a file of
// [Timing] lines for each package. The folder's name is part of what the go
// command keys its cache by, so a new folder makes every package run.
const Profile = "hearth-profile"

// Timing says how long one pass took on one package.
type Timing struct {
	Package string        `json:"package"`
	Pass    string        `json:"pass"` // or Load
	Time    time.Duration `json:"time"` // in nanoseconds
}

// Load is the Pass of the time that went by before the first pass: starting,
// parsing, type checking, reading facts.
const Load = "(load)"

// Imported ends the name of a package that the go command asked only facts of,
// and in which a vettool looked for findings all the same.
const Imported = " [imported]"

// GoGC is the GOGC with which hearth vet runs the go command, where its user set
// none. A vettool takes it for no wish of theirs.
const GoGC = "400"
