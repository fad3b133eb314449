package fixes

import (
	"io/ioutil"
	"os"

	"kinds/dep"
)

func f(old *dep.Old, better func()) {
	ioutil.ReadFile("x")              // want `\(ioutil\)`
	ioutil.ReadDir("x")               // want `\(dir\)`
	_ = os.Getpid()                   // want `\(pid\)`
	dep.New()                         // want `\(new\)`
	dep.NewOther(1)                   // want `\(other\)`
	old.Walk()                        // want `\(walk\)`
	old.Run()                         // want `\(run\)`
	_ = old.Secret                    // want `\(secret\)`
	_ = dep.Old{Secret: ""}           // want `\(secret\)`
	_ = dep.Old{Secret: "", Open: ""} // want `\(secret\)`
	_ = old.Count                     // want `\(count\)`
	var _ dep.Named                   // want `\(named\)`
	{
		own := 1
		old.WalkTo("x") // want `\(walk-to\)`
		_ = own
	}
}

type embeds struct{ dep.Named } // want `\(named\)`
