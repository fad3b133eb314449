//go:build !linux && !darwin

package procstat

// Memory returns the memory of the machine in bytes; 0: not known.
func Memory() int64 { return 0 }

// Model returns the name of the machine's CPUs; "": not known.
func Model() string { return "" }
