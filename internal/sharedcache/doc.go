// Package sharedcache lets go commands on several machines share what they
// compile and analyse, through a server of
// github.com/bradfitz/go-tool-cache/cmd/gocached.
//
// [Run] is a program for GOCACHEPROG. It looks in three places, in this order:
//
//	local    GOCACHE, with what this machine made
//	taken    a cache of the same form, with what it took from the server
//	server   whose answers are checked, and kept in taken
//
// What the go command makes goes to local and, in the background, to the server.
// Local and taken are apart because they are not equally believed: a server that
// somebody broke into must not leave a compiled package where the go command
// finds it later, for a workspace that never heard of that server.
//
// A server can be down, slow or wrong, and a run is as correct as without it:
// bytes that are not those of their hash are as good as none, and once waiting
// has cost more than [patience] allows, nobody asks any more. What cannot be
// noticed is a server that vouches for wrong results, with right hashes; whoever
// can write to it is trusted like a member of the team.
//
// go-cacher, the client that comes with gocached, was tried first. It waits
// without end for a server that hangs, fails a go command whose server is down,
// takes its token from the command line, where all users of a machine can read
// it, and on Unix keeps what it is sent unchecked; the go command then reads a
// damaged package. So its protocol with the go command is used as a library, and
// what lies behind it is here.
package sharedcache
