package goerr_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/goerr"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), goerr.Analyzer, "a", "helper", "srvtest")
}
