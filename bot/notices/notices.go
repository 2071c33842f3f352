// Package notices knows what the binary is made of, and under which licences: the
// libraries linked into it, SQLite inside one of them, and the list of Comuni. It
// prints the notices that have to go with a copy, and the bill of materials.
//
// Both come from files of this folder, which a test compares with go.mod and with
// the licences of the libraries themselves. After a change of go.mod,
// NOTICES_UPDATE=1 go test ./bot/notices writes them anew: read the difference, a
// library may have changed its licence.
package notices

import (
	_ "embed" // for the two files
	"iter"
	"strings"
)

// The licences, as SPDX calls them; LICENSES holds their texts. [Combined] is
// that of the whole binary: it is linked with go.mau.fi/libsignal, so it goes out
// under the GPL, which article 5 of the EUPL and its appendix provide for.
const (
	Own      = "EUPL-1.2"
	Combined = "GPL-3.0-only"
)

// text holds each notice once, under the names of the works it belongs to.
//
//go:embed third-party.txt
var text string

// table has a line for each work: its name, a tab, its version, a tab, its licence.
//
//go:embed works.tsv
var table string

// Text is what has to go with every copy of the binary: whose works it holds, and
// their licences in full.
func Text() string { return text }

// work is something of others in the binary.
type work struct{ name, version, licence string }

// works are all of them, in the order of their names.
func works() iter.Seq[work] {
	return func(yield func(work) bool) {
		for line := range strings.Lines(table) {
			fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if len(fields) == 3 && !yield(work{fields[0], fields[1], fields[2]}) {
				return
			}
		}
	}
}

// noAssertion is SPDX's word for what is not known.
const noAssertion = "NOASSERTION"

// licenceOf is the licence of a work, as an SPDX expression.
func licenceOf(name string) string {
	for w := range works() {
		if w.name == name {
			return w.licence
		}
	}
	return noAssertion
}
