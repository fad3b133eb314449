package replace

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

func f(s string, n int) error {
	if strings.Index(s, "x") >= 0 { // want `^strings.Index\(\$s, \$sub\) >= 0 is better written as strings.Contains\(\$s, \$sub\) \(contains\)$`
		os.Exit(1) // want `use of os.Exit is forbidden \(exit\)`
	}
	return errors.New(fmt.Sprintf("%d", n)) // want `^say it once \(errorf\)$`
}
