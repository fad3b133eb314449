// The hearth-vet command is a vettool that runs hearth's suite under the
// policy that lies beside it:
//
//	go vet -vettool=$(which hearth-vet) ./...
//
// It needs no toolchain build, and so has none of the analyzers that live
// inside gopls; "hearth vet" has those too.
package main

import (
	"log"

	"github.com/gohearth/hearth/analyzers"
	"github.com/gohearth/hearth/analyzers/vettool"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("hearth-vet: ")
	p, err := policy.Beside()
	if err != nil {
		log.Fatal(err)
	}
	vettool.Main(p, analyzers.Suite(p))
}
