package main

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/gohearth/hearth/internal/vet"
)

// vetBuild says for which builds packages are analysed.
type vetBuild struct{}

func (b *vetBuild) flags(*pflag.FlagSet) {}

func (b *vetBuild) run(ctx context.Context, _ *command, r *resolved, o vet.Options) (*vet.Report, error) {
	report, err := vet.Run(ctx, o)
	if err == nil && !r.Vet.Tests {
		report.DropTests()
	}
	return report, err
}
