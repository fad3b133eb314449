package imports

import (
	"errors"

	"imports/lib"
)

type alias = lib.Client // want `^1$`

type embedded struct {
	lib.Client // want `^1-$`
}

func f(*lib.Client, alias) { // want `^1$` `^1$`
	lib := errors.New("one")   // want `^0$`
	_, _ = lib, errors.New("") // want `^0$`
}
