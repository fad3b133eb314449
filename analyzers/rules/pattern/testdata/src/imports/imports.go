package imports

import "errors"

var _ = errors.New("the only use") // want `^0$`
