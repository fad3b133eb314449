package indirect

import "os"

func f() {
	os.Stdin.Read(nil) // silent: io is behind os, where go vet may not see io.Reader
}
