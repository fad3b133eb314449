// Package bench measures how long a language server keeps an editor waiting,
// and compares two servers on the same files.
//
// A run starts a server as an editor would, asks what an editor asks, checks
// each answer, and ends the server. Runs of A and B alternate (A B, B A, A B,
// ...), so that a machine that slows down slows both. Warm-up runs come first
// and are not counted: they open all files, which fills the caches that a
// developer has. All times are those of the client, from sending to having read
// the answer; the answer is checked after the clock was stopped.
//
// # Files and places
//
// Runs work on a few files each, in turn, of those that people work on most; see
// [HotFiles]. Where in these they ask is drawn by lot from the places at which,
// by the syntax of the file, there must be an answer. What a server answers has
// no say in that. Both sides are asked the same, and so is a later benchmark with
// the same seed and files. Nothing is ever written.
//
// # Scenarios
//
// cold, warm and attach are ways to start. A cold server finds empty caches, of
// its own, and a warm one those of the user. A server that keeps something
// between its starts, as hearth's daemon does, is told to forget it before each
// of these, and not before it is attached. Counted from the start of the
// process, one after the other:
//
//	initialize          until the answer to initialize
//	first hover         until the answer to a hover in the file that is opened
//	first definition    until the answer to a definition of the same place
//	first completion    until the answer to a completion behind a dot
//	first diagnostics   until the file had its first publication
//
// The file is opened after initialize, and each request is sent when the one
// before it was answered. So these are the moments at which a person has had that
// much, and first completion contains first definition. The file's diagnostics
// come when they come; they are not asked for. At the end of the run:
//
//	shutdown            from sending shutdown until the process has ended
//
// It follows at once on what was done last, as when a person types and leaves.
// gopls v0.23.0 then first waits for the diagnosis that it delays by a second.
//
// The other scenarios are played one after the other by an editor that has
// attached. steady opens further files, keeps the last few open, and asks about
// each once it is diagnosed, one question at a time, in random order. Counted from
// sending the request, or from opening the file:
//
//	open then hover                        that must name the identifier
//	hover, definition                      of what is declared or follows a dot
//	completion                             behind a dot; must offer something
//	signature help                         in a call that is a statement
//	references                             must include the declaration
//	implementation                         of a method as io.Reader's: that of the interface
//	document symbols, workspace symbols    must include what is declared
//	prepare rename, rename                 of a function that is not exported; a preview
//	code actions                           at a name, as a menu asks; must offer something
//	semantic tokens                        of the file; must include what is declared
//	inlay hints                            of a screen; must tell a variable's type
//	formatting                             must leave Go that is formatted
//
// edit changes the files that are open, at the end of their last function, and
// takes each edit back. Counted from sending the edit:
//
//	edit then hover         a comment comes or goes; a hover in that function
//	edit then completion    a package's name and a dot come; a completion there
//	edit then diagnostics   an undefined name comes; until diagnostics that are of
//	                        this version of the file, or a later one, mention it
//	save then hover         the file, which is as it is on disk, is said to be saved
//
// typing types words, ten keys per second, and asks for completion with each
// key, cancelling the request before if it is still unanswered. The keys come by
// the clock, and the times count from when a key was due, so that a slow server
// cannot slow down its typist:
//
//	key then completion     until the answer to this key or, if that was cancelled,
//	                        to a later one
//	cancelled               requests, in each run
//
// memory is resident memory of the server's process and those below it, and of
// what the server says serves it besides, in bytes. What several processes of
// one program share counts once, where the system tells:
//
//	after work              at the end of the above
//	attached and idle       when the machine has been quiet, and six seconds more
//
// What a file has no place for (no dot, no such method) is not measured. A
// request that fails, or an answer that is wrong, ends the benchmark with an
// error: the time to a wrong answer is no time at all.
//
// Between two runs there is a pause (see [Options]), as a server may leave work
// behind for the system: pages to free, files to write.
//
// # Queue and handler
//
// gopls can tell how long a request waited for those before it, and how long it
// took then. Where a server can be made to (see [Server]), that is asked for in
// further runs, whose times are not counted, as to tell takes time. Of a server
// that cannot, after all, there is none.
package bench
