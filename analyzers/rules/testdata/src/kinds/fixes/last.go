package fixes

import "io/ioutil"

func last() {
	_, _ = ioutil.ReadFile("x") // want `\(ioutil\)`
}
