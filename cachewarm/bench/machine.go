package bench

import (
	"os"
	"os/exec"
	"runtime"
	"strings"

	"github.com/gohearth/hearth/cachewarm/bench/report"
	"github.com/gohearth/hearth/internal/procstat"
)

func machine() report.Machine {
	return report.Machine{
		GOOS: runtime.GOOS, GOARCH: runtime.GOARCH, CPUs: runtime.NumCPU(),
		CPU: cpuModel(), Memory: procstat.Memory(), Go: runtime.Version(),
	}
}

// cpuModel is the name of the CPU, or nothing where nobody tells.
func cpuModel() string {
	if runtime.GOOS == "darwin" {
		out, _ := exec.Command("sysctl", "-n", "machdep.cpu.brand_string").Output()
		return strings.TrimSpace(string(out))
	}
	data, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
