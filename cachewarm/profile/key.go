package profile

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/lsp"
)

// Key returns a digest of what in the initialize parameters of an editor
// decides how gopls behaves, for the releases v0.23.0 and v0.24.0: two editors
// with one key get the same result of initialize, and from then on the same
// answers to the same requests. The converse is not promised: gopls may well
// treat alike what has two keys, such as a setting and its default.
//
// The key does not cover what gopls learns in other ways: its executable, its
// flags and environment, and the answers to workspace/configuration.
func Key(params json.RawMessage) (string, error) {
	data, err := Normal(params)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sha256.Sum256(data)), nil
}

// Normal returns what [Key] digests, as canonical JSON: of two parameters whose
// keys differ, it shows a person where. It is itself a form of the parameters,
// and its normal form is itself.
//
// Parameters that do not parse, or on which gopls panics, are an error.
func Normal(params json.RawMessage) (json.RawMessage, error) {
	var p read
	if err := json.Unmarshal(params, &p); err != nil {
		return nil, fmt.Errorf("reading the initialize parameters: %w", err)
	}
	if err := p.normalise(); err != nil {
		return nil, fmt.Errorf("reading the initialize parameters: %w", err)
	}
	data, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("writing the initialize parameters: %w", err)
	}
	return data, nil
}

// read is the table of what gopls reads of the parameters, with what it
// makes of each. A test holds it against the sources of gopls.
//
// It is a struct and not a list of paths so that encoding/json decodes it as it
// decodes the same in gopls: null is absent, the case of a name is free, and of
// two members of one name the last counts. For the same reason numbers become
// float64: gopls cannot tell apart what that makes equal.
//
// Not here:
//   - processId: gopls does not watch its parent; it leaves with its stdin
//   - trace, locale, workDoneToken: never read
//   - rootPath: never read, not even where there is no rootUri
//   - clientInfo.version: copied with the name, and never read
//   - the names of the folders: for logs and error messages only
//   - all other capabilities, such as workspace.applyEdit: never read
type read struct {
	ClientInfo struct {
		// In Snapshot.watchSubdirs (subdirWatchPatterns "auto"): two names get a
		// watch pattern for each folder. Telemetry counts others, too.
		Name string `json:"name,omitzero"`
	} `json:"clientInfo,omitzero"`

	Capabilities struct {
		Workspace struct {
			Configuration          bool    `json:"configuration,omitzero"`          // ConfigurationSupported; the result: semanticTokensProvider
			DidChangeConfiguration dynamic `json:"didChangeConfiguration,omitzero"` // DynamicConfigurationSupported: a registration
			DidChangeWatchedFiles  struct {
				dynamic                     // DynamicWatchedFilesSupported: registrations
				RelativePatternSupport bool `json:"relativePatternSupport,omitzero"` // RelativePatternsSupported: the globs in them
			} `json:"didChangeWatchedFiles,omitzero"`
			WorkspaceEdit struct {
				ResourceOperations []string `json:"resourceOperations,omitzero"` // SupportedResourceOperations: only "rename", may a package be moved
			} `json:"workspaceEdit,omitzero"`
		} `json:"workspace,omitzero"`

		TextDocument struct {
			CodeAction struct {
				CodeActionLiteralSupport struct {
					CodeActionKind struct {
						ValueSet []string `json:"valueSet,omitzero"` // the result: codeActionProvider; whether there are any
					} `json:"codeActionKind,omitzero"`
				} `json:"codeActionLiteralSupport,omitzero"`
				DataSupport    bool `json:"dataSupport,omitzero"` // without it resolveSupport is not read
				ResolveSupport struct {
					Properties []string `json:"properties,omitzero"` // CodeActionResolveOptions: only "edit", are edits left for later
				} `json:"resolveSupport,omitzero"`
			} `json:"codeAction,omitzero"`
			Completion struct {
				CompletionItem struct {
					SnippetSupport       bool `json:"snippetSupport,omitzero"`       // InsertTextFormat
					InsertReplaceSupport bool `json:"insertReplaceSupport,omitzero"` // CompletionInsertReplaceSupported
					LabelDetailsSupport  bool `json:"labelDetailsSupport,omitzero"`  // CompletionLabelDetailsSupported; not in v0.23
					TagSupport           struct {
						ValueSet []int64 `json:"valueSet,omitzero"` // CompletionTags: there is a list, even an empty one
					} `json:"tagSupport,omitzero"`
					DeprecatedSupport bool `json:"deprecatedSupport,omitzero"` // CompletionDeprecated, unless there are tags
				} `json:"completionItem,omitzero"`
			} `json:"completion,omitzero"`
			DocumentSymbol struct {
				HierarchicalDocumentSymbolSupport bool `json:"hierarchicalDocumentSymbolSupport,omitzero"` // the option of that name: a tree or a list
			} `json:"documentSymbol,omitzero"`
			FoldingRange struct {
				LineFoldingOnly bool `json:"lineFoldingOnly,omitzero"` // LineFoldingOnly
			} `json:"foldingRange,omitzero"`
			Hover struct {
				ContentFormat []string `json:"contentFormat,omitzero"` // PreferredContentFormat: the first; also of completion and signatures
			} `json:"hover,omitzero"`
			PublishDiagnostics struct {
				RelatedInformation bool `json:"relatedInformation,omitzero"` // RelatedInformationSupported: also in the keys of the file cache
			} `json:"publishDiagnostics,omitzero"`
			Rename struct {
				PrepareSupport bool `json:"prepareSupport,omitzero"` // the result: renameProvider
			} `json:"rename,omitzero"`
			SemanticTokens struct {
				dynamic                 // DynamicRegistrationSemanticTokensSupported: read, then used by nothing as yet
				TokenTypes     []string `json:"tokenTypes,omitzero"`     // SemanticTypes: a set; what is not in it is left out
				TokenModifiers []string `json:"tokenModifiers,omitzero"` // SemanticMods: likewise
			} `json:"semanticTokens,omitzero"`
		} `json:"textDocument,omitzero"`

		Window struct {
			WorkDoneProgress bool `json:"workDoneProgress,omitzero"` // progress.Tracker: progress or messages
			ShowDocument     struct {
				Support bool `json:"support,omitzero"` // ShowDocumentSupported: web reports and opening what was made
			} `json:"showDocument,omitzero"`
		} `json:"window,omitzero"`

		// SupportedWorkDoneProgressFormats, SupportedInteractiveInputTypes.
		// gopls takes them out of maps: here case matters, see experimental.
		Experimental any `json:"experimental,omitzero"`
	} `json:"capabilities,omitzero"`

	InitializationOptions any `json:"initializationOptions,omitzero"` // all settings

	// The views. rootUri stands in where there are no folders; Normal has it as
	// a folder. Their order matters where one file is in two of them.
	RootURI          lsp.URI `json:"rootUri,omitzero"`
	WorkspaceFolders []root  `json:"workspaceFolders,omitzero"`
}

type dynamic struct {
	DynamicRegistration bool `json:"dynamicRegistration,omitzero"`
}

type root struct {
	URI lsp.URI `json:"uri"`
}

// watchesFolders are the names of the editors that hear nothing of the files in
// a folder that is deleted.
var watchesFolders = []string{"Visual Studio Code", "Visual Studio Code - Insiders"}

// normalise gives p the one form of all that gopls treats like it.
func (p *read) normalise() error {
	if slices.Contains(watchesFolders, p.ClientInfo.Name) {
		p.ClientInfo.Name = watchesFolders[0]
	} else {
		p.ClientInfo.Name = ""
	}
	if options, ok := p.InitializationOptions.(map[string]any); ok && len(options) == 0 {
		p.InitializationOptions = nil
	}
	p.normaliseFolders()

	edit := &p.Capabilities.Workspace.WorkspaceEdit
	edit.ResourceOperations = only(edit.ResourceOperations, "rename")

	doc := &p.Capabilities.TextDocument
	if kinds := &doc.CodeAction.CodeActionLiteralSupport.CodeActionKind; len(kinds.ValueSet) > 0 {
		kinds.ValueSet = []string{""} // the kind of all kinds
	} else {
		kinds.ValueSet = nil
	}
	resolve := &doc.CodeAction.ResolveSupport
	if resolve.Properties = only(resolve.Properties, "edit"); !doc.CodeAction.DataSupport || resolve.Properties == nil {
		doc.CodeAction.DataSupport, resolve.Properties = false, nil
	}
	item := &doc.Completion.CompletionItem
	if tags := &item.TagSupport; tags.ValueSet != nil {
		tags.ValueSet, item.DeprecatedSupport = []int64{}, false
	}
	formats := &doc.Hover.ContentFormat
	if *formats = (*formats)[:min(len(*formats), 1)]; len(*formats) == 0 || (*formats)[0] == "markdown" {
		*formats = nil // the default
	}
	doc.SemanticTokens.TokenTypes = set(doc.SemanticTokens.TokenTypes)
	doc.SemanticTokens.TokenModifiers = set(doc.SemanticTokens.TokenModifiers)

	var err error
	p.Capabilities.Experimental, err = experimental(p.Capabilities.Experimental)
	return err
}

func (p *read) normaliseFolders() {
	if len(p.WorkspaceFolders) == 0 {
		p.WorkspaceFolders = nil
		if p.RootURI != "" {
			p.WorkspaceFolders = []root{{p.RootURI}}
		}
	}
	p.RootURI = ""
	for i, folder := range p.WorkspaceFolders {
		// To gopls "localhost" in the place of the host is a folder; to Clean
		// it is this machine.
		if strings.HasPrefix(string(folder.URI), "file:///") {
			p.WorkspaceFolders[i].URI = folder.URI.Clean()
		}
	}
}

// experimental returns what gopls reads of the capabilities outside the
// protocol.
func experimental(all any) (any, error) {
	kept := make(map[string]any)
	members, _ := all.(map[string]any)
	if styles, _ := members["progressMessageStyles"].([]any); len(styles) > 0 {
		list := stringsIn(styles)
		if len(list) < len(styles) {
			return nil, errors.New("a style in progressMessageStyles is not a string") // gopls panics
		}
		kept["progressMessageStyles"] = set(list)
	}
	resolve, _ := members["interactiveResolve"].(map[string]any)
	types, _ := resolve["inputTypes"].([]any)
	if list := set(stringsIn(types)); list != nil { // others are passed over
		kept["interactiveResolve"] = map[string]any{"inputTypes": list}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	return kept, nil
}

// stringsIn returns the strings in a list of anything.
func stringsIn(list []any) []string {
	var found []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			found = append(found, s)
		}
	}
	return found
}

// set returns the one spelling of a list whose order does not matter.
func set(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// only returns the list of the one member that gopls looks for, or nothing.
func only(list []string, member string) []string {
	if slices.Contains(list, member) {
		return []string{member}
	}
	return nil
}
