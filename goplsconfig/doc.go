// Package goplsconfig reads hearth.yaml, the one file that decides what every
// Go editor shows and what CI rejects, and derives from it the policy of the
// analyzers and the settings of gopls.
//
// The work is done in two steps, because the names that a policy may use
// depend on the gopls that its plugins are linked into. [Load] reads all files
// and needs no gopls; [Source.Resolve] checks them against the description
// that the built gopls gives of itself ([ParseAPI]) and merges them.
//
// # Layers
//
// From weakest to strongest: the default policy, which is built in; the files
// under "extends", of the repository or of modules, in their order, each after
// what it extends itself; the hearth.yaml of the repository. A file that is
// reached twice counts where it is reached first.
//
//   - Mappings merge key by key, at any depth.
//   - Lists replace the list of the layer below, except analyzers.enable and
//     analyzers.disable, which every layer adds to, and analyzers.plugins and
//     rules, whose entries merge by import path and by id.
//   - null takes away what the layers below say.
//
// The policy is complete: the resolved settings name every analyzer, so
// neither a default of gopls nor the settings of one editor can change the
// diagnostics of a team.
//
// # What it does not do
//
// The package runs nothing and asks the network for nothing: [Load] leaves
// modules out, and [Source.WithModules] is given the means to fetch them, for
// a repository that is trusted. Errors are [Problems], all of them at once and
// each with its place in the file; it is not the package's business to decide
// whether a repository is trusted, only to say what it would run
// ([Source.Danger]).
//
// A [Source] and a [Resolved] do not change once they are made and are safe
// for concurrent use.
package goplsconfig
