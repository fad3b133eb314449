package main

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/gohearth/hearth/internal/vet"
)

// vetNewer says which findings are old.
type vetNewer struct{}

func (n *vetNewer) flags(*pflag.FlagSet) {}

func (n *vetNewer) filter(context.Context, *command, *workspace, *resolved, *vet.Report) error {
	return nil
}
