package main

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/gohearth/hearth/internal/vet"
)

// vetFix says what is done about findings.
type vetFix struct{}

func (x *vetFix) flags(*pflag.FlagSet) {}

func (x *vetFix) apply(context.Context, *command, *workspace, *resolved, *vet.Report) error {
	return nil
}
