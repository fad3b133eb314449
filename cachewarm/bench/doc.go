// Package bench measures how long a language server keeps an editor waiting,
// and compares two servers on the same files.
//
// A run starts a server as an editor would, asks what an editor asks, checks
// each answer, and ends the server. Runs of A and B alternate (A B, B A, A B,
// ...), so that a machine that slows down slows both. A warm-up round of each
// comes first and is not counted: it fills the caches that a developer has. All
// times are those of the client, from sending to having read the answer; the
// answer is checked after the clock was stopped.
//
// Counted from the start of the process, once in each run, one after the other:
//
//	initialize          until the answer to initialize
//	first hover         until the answer to a hover over the target
//	first definition    until the answer to a definition of the target
//	first completion    until the answer to a completion behind a dot
//	first diagnostics   until the target's file had its first publication
//
// The target's file is opened after initialize, and each request is sent when
// the one before it was answered. So these are the moments at which a person
// has had that much, and first completion contains first definition. The file's
// diagnostics come when they come; they are not asked for.
//
// Counted from sending the request, many times in each run, one at a time, at
// identifiers spread evenly over the target's file:
//
//	hover, definition, completion, document symbols, references
//
// They begin when the above is done. What the server does in the background
// then, such as diagnosing the rest of the workspace, is part of what an editor
// would meet and is not waited for.
//
// Counted from sending the edit, at the end of the file's last function:
//
//	hover after edit         a comment comes or goes; until the answer to a hover in that function
//	diagnostics after edit   an undefined name comes; until a published diagnostic mentions it
//
// At the end:
//
//	resident memory   of the server's process and those below it, after the edits; in bytes
//	shutdown          from sending shutdown until the process has ended
//
// Shutdown follows at once on the last edit, as when a person types and leaves.
// gopls v0.23.0 then first waits for the diagnosis that it delays by a second.
//
// What a file has no place for (no dot, no function) is not measured. A request
// that fails, or an answer that is wrong, ends the benchmark with an error: the
// time to a wrong answer is no time at all.
//
// Between two runs there is a pause (see [Options]), as a server may leave work
// behind for the system: pages to free, files to write.
package bench
