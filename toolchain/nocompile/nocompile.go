// Package nocompile is a program for the -toolexec flag of go vet that leaves
// out the compiler.
//
// go vet compiles every dependency, which takes more than half of a run with
// an empty cache: it means the vettool to read types from what the compiler
// writes. Vettools with golang.org/x/tools v0.51 or later do not: they write
// the types of a package beside its facts, and read those. For them the
// program answers in the compiler's place with an archive that has the right
// form and no content, and does the same for the assembler. Every other tool
// runs as it is, cgo above all, which writes Go files.
//
// Nothing of this gets into a real build. The go command asks each tool who it
// is, by -V=full, and keys its cache by the answer, which the program changes
// for the two tools that it stands in for.
//
// A vet result depends on no archive, so archives need not differ: the go
// command keys it by the sources and flags of its package and by the types and
// facts of what that imports. With real archives a changed function body has
// every package above it vetted again; with these, only the ones for which the
// change shows.
//
// Package errors that only the compiler finds, such as a frame that is too
// large, are not found. Type errors are: the vettool reports them.
package nocompile

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// version is part of the identity of the tools that are left out, and changes
// with what is written in their place.
const version = "nocompile1"

// Main runs the command line of one tool, as the go command gives it to a
// toolexec program, and returns the exit status. Where it can, it does not
// return but becomes the tool.
func Main(args []string) int {
	if len(args) == 0 {
		return fail(fmt.Errorf("usage: go vet -toolexec=PROGRAM"))
	}
	tool := strings.TrimSuffix(filepath.Base(args[0]), ".exe")
	if tool != "compile" && tool != "asm" {
		return fail(become(args))
	}
	if len(args) == 2 && args[1] == "-V=full" {
		line, err := exec.Command(args[0], args[1]).Output()
		if err != nil {
			return fail(fmt.Errorf("asking %s who it is: %w", tool, err))
		}
		fmt.Println(identity(string(line)))
		return 0
	}
	flags, err := expand(args[1:])
	if err == nil {
		err = pretend(tool, flags)
	}
	return fail(err)
}

func fail(err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "nocompile:", err)
	return 2
}

// identity returns what a tool says of itself with our mark in it. Of a
// development version the go command reads the last field alone, which is
// "buildID=..." with a part for the content behind the last slash.
func identity(line string) string {
	line = strings.TrimSpace(line)
	if strings.Contains(line, "buildID=") {
		return line + "-" + version
	}
	return line + " " + version
}

// expand replaces a response file, in which the go command passes what is too
// long for a command line: one argument a line, with \ and line feeds escaped.
func expand(args []string) ([]string, error) {
	if len(args) != 1 || !strings.HasPrefix(args[0], "@") {
		return args, nil
	}
	data, err := os.ReadFile(args[0][1:])
	if err != nil {
		return nil, err
	}
	unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n")
	var list []string
	for line := range strings.Lines(string(data)) {
		list = append(list, unescape.Replace(strings.TrimSuffix(line, "\n")))
	}
	return list, nil
}

// pretend writes the files that the go command expects of a tool.
func pretend(tool string, args []string) error {
	value := func(flag string) string {
		for i := range len(args) - 1 {
			if args[i] == flag {
				return args[i+1]
			}
		}
		return ""
	}
	out := value("-o")
	if out == "" {
		return fmt.Errorf("%s is to write nothing: %q", tool, args)
	}
	if header := value("-asmhdr"); header != "" {
		if err := os.WriteFile(header, nil, 0o666); err != nil {
			return err
		}
	}
	if tool == "asm" {
		return os.WriteFile(out, nil, 0o666) // an object, or with -gensymabis a list of symbols
	}
	return os.WriteFile(out, archive(value("-goversion"), value("-buildid")), 0o666)
}

// archive returns a package archive with nothing but the header, in which the
// go command looks for the build ID.
func archive(goVersion, buildID string) []byte {
	entry := fmt.Sprintf("go object none none %s\nbuild id %q\n\n$$B\nu$$\n", goVersion, buildID)
	var b bytes.Buffer
	fmt.Fprintf(&b, "!<arch>\n%-16s%-12d%-6d%-6d%-8o%-10d`\n%s", "__.PKGDEF", 0, 0, 0, 0o644, len(entry), entry)
	if len(entry)%2 == 1 {
		b.WriteByte('\n')
	}
	return b.Bytes()
}
