package recall

import (
	"path/filepath"
	"slices"
)

// sources are the endings of files whose text the go command reads, and what is
// in the folders of packages for others to read.
var sources = []string{
	".go", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".s", ".S", ".sx",
	".swig", ".swigcxx", ".syso", ".mod", ".sum", ".work", ".pc",
}

func isSource(name string) bool {
	return slices.Contains(sources, filepath.Ext(name)) || name == "modules.txt"
}
