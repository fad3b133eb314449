package procstat

import "golang.org/x/sys/unix"

// Memory returns the memory of the machine in bytes; 0: not known.
func Memory() int64 {
	n, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0
	}
	return int64(n)
}

// Model returns the name of the machine's CPUs; "": not known.
func Model() string {
	name, _ := unix.Sysctl("machdep.cpu.brand_string")
	return name
}
