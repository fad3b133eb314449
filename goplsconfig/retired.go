package goplsconfig

import "strings"

// retired names settings that gopls no longer obeys, with what to write
// instead. gopls itself says that they are deprecated and starts, so they stay
// in files for years; a policy that does nothing must not look as if it did.
var retired = map[string]string{
	"allExperiments":                 "remove it; it has no effect",
	"allowImplicitNetworkAccess":     "remove it; the go command decides",
	"allowModfileModifications":      "remove it; set GOFLAGS=-mod=mod in env if go.mod must change",
	"caseSensitiveCompletion":        "write matcher: CaseSensitive",
	"codelens":                       "write codelenses",
	"disableDeepCompletion":          "write deepCompletion: false",
	"disableFuzzyMatching":           "write matcher: CaseInsensitive",
	"experimentalDiagnosticsDelay":   "write diagnosticsDelay",
	"experimentalDisabledAnalyses":   "write the names under analyzers: disable:",
	"experimentalPackageCacheKey":    "remove it; it is always on",
	"experimentalTemplateSupport":    "write templateExtensions",
	"experimentalUseInvalidMetadata": "remove it; it has no effect",
	"experimentalWatchedFileDelay":   "remove it; it has no effect",
	"experimentalWorkspaceModule":    "remove it and use a go.work file",
	"fuzzyMatching":                  "write matcher: Fuzzy",
	"go-diff":                        "remove it; it has no effect",
	"importsSource":                  "remove it; gopls no longer needs it",
	"memoryMode":                     "remove it; gopls keeps its index on disk, and hearth bounds its memory",
	"newDiff":                        "remove it; it has no effect",
	"noIncrementalSync":              "remove it; it has no effect",
	"tempModFile":                    "remove it; it is always on",
	"tempModfile":                    "remove it; it is always on",
	"wantCompletionDocumentation":    "write completionDocumentation",
	"wantSuggestedFixes":             "remove it; it is always on",
	"wantUnimportedCompletions":      "write completeUnimported",
	"watchFileChanges":               "remove it; hearth watches files by itself",
}

// undocumented are settings that gopls obeys but leaves out of its
// description of itself.
var undocumented = []Option{
	{Name: "completeUnimported", Type: "bool", Default: "true", Doc: "completeUnimported enables completion of packages that are not imported yet."},
	{Name: "completionDocumentation", Type: "bool", Default: "true", Doc: "completionDocumentation adds documentation to completion items."},
	{Name: "deepCompletion", Type: "bool", Default: "true", Doc: "deepCompletion enables completion of fields of fields."},
	{Name: "includeReplaceInWorkspace", Type: "bool", Default: "false", Doc: "includeReplaceInWorkspace makes locally replaced modules part of the workspace."},
	{Name: "linkifyShowMessage", Type: "bool", Default: "false", Doc: "linkifyShowMessage turns links in messages into markdown links."},
	{Name: "mcpTools", Type: "map[string]bool", Default: "{}", Doc: "mcpTools switches the tools of the MCP server on or off."},
	{Name: "pullDiagnostics", Type: "bool", Default: "false", Doc: "pullDiagnostics lets the editor ask for diagnostics."},
	{Name: "reportAnalysisProgressAfter", Type: "time.Duration", Default: `"5s"`, Doc: "reportAnalysisProgressAfter delays the progress report of analysis."},
	{Name: "showBugReports", Type: "bool", Default: "false", Doc: "showBugReports shows internal errors of gopls as messages."},
	{Name: "subdirWatchPatterns", Type: "enum", Default: `"auto"`, Doc: "subdirWatchPatterns decides whether each folder is watched by itself.",
		EnumValues: []EnumValue{{Value: `"on"`}, {Value: `"off"`}, {Value: `"auto"`}}},
	{Name: "telemetryPrompt", Type: "bool", Default: "false", Doc: "telemetryPrompt lets gopls ask to enable telemetry."},
	{Name: "verboseWorkDoneProgress", Type: "bool", Default: "false", Doc: "verboseWorkDoneProgress reports more kinds of progress."},
	{Name: "zeroConfig", Type: "bool", Default: "true", Doc: "zeroConfig lets gopls find modules below and above the workspace."},
}

// retiredAnalyzers names analyzers that went away, with what took their place.
var retiredAnalyzers = map[string]string{
	"fillstruct":     "remove it; it is a code action now",
	"gofix":          "write inline",
	"modernize":      "write the group fix, or the names of single modernizers",
	"stubmethods":    "remove it; it is a code action now",
	"undeclaredname": "remove it; it is a code action now",
	"useany":         "write any",

	// gopls leaves out what another analyzer reports as well.
	"SA1006": "write printf, which reports the same",
	"SA1019": "write deprecated, which reports the same",
	"SA2000": "write waitgroup, which reports the same",
	"SA4021": "write appends, which reports the same",
	"SA5009": "write printf, which reports the same",
}

// renamed are the settings that only changed their name.
var renamed = map[string]string{
	"codelens":                     "codelenses",
	"experimentalDiagnosticsDelay": "diagnosticsDelay",
	"wantCompletionDocumentation":  "completionDocumentation",
	"wantUnimportedCompletions":    "completeUnimported",
}

// documented are the settings as of gopls v0.24.0. They serve where there is
// no gopls to ask, which is when settings are imported before the first build.
var documented = strings.Fields(`
	analyses analysisProgressReporting annotations buildFlags codelenses
	completeFunctionCalls completionBudget diagnosticsDelay diagnosticsTrigger
	directoryFilters env expandWorkspaceToModule experimentalPostfixCompletions
	fileWatcher gofumpt hints hoverKind importShortcut linkTarget linksInHover local
	matcher maxFileCacheBytes memoryLimit moveDeclaration moveType newGoFileHeader
	noSemanticNumber noSemanticString renameMovesSubpackages semanticTokenModifiers
	semanticTokenTypes semanticTokens standaloneTags staticcheck symbolMatcher
	symbolScope symbolStyle templateExtensions usePlaceholders verboseOutput
	vulncheck workspaceFiles`)
