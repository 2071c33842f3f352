package notices

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
	"unicode"
)

// document is a bill of materials in SPDX 2.3: <https://spdx.github.io/spdx-spec/v2.3/>.
type document struct {
	Version       string         `json:"spdxVersion"`
	DataLicence   string         `json:"dataLicense"`
	ID            string         `json:"SPDXID"`
	Name          string         `json:"name"`
	Namespace     string         `json:"documentNamespace"`
	Creation      creation       `json:"creationInfo"`
	Packages      []part         `json:"packages"`
	Relationships []relationship `json:"relationships"`
}

type creation struct {
	Created  string   `json:"created"`
	Creators []string `json:"creators"`
	Comment  string   `json:"comment"`
}

type part struct {
	ID            string      `json:"SPDXID"`
	Name          string      `json:"name"`
	Version       string      `json:"versionInfo"`
	Purpose       string      `json:"primaryPackagePurpose"`
	Supplier      string      `json:"supplier"`
	Download      string      `json:"downloadLocation"`
	FilesAnalyzed bool        `json:"filesAnalyzed"`
	Checksums     []checksum  `json:"checksums,omitempty"`
	Source        string      `json:"sourceInfo,omitempty"`
	Concluded     string      `json:"licenseConcluded"`
	Declared      string      `json:"licenseDeclared"`
	Copyright     string      `json:"copyrightText"`
	References    []reference `json:"externalRefs,omitempty"`
}

type checksum struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"checksumValue"`
}

type reference struct {
	Category string `json:"referenceCategory"`
	Type     string `json:"referenceType"`
	Locator  string `json:"referenceLocator"`
}

type relationship struct {
	Element string `json:"spdxElementId"`
	Type    string `json:"relationshipType"`
	Related string `json:"relatedSpdxElement"`
}

const (
	documentID = "SPDXRef-DOCUMENT"
	binaryID   = "SPDXRef-banditore"
	sqlite     = "sqlite"
	comuni     = "elenco-dei-comuni" // what bot/citizen embeds
)

// SBOM is the bill of materials of the binary that info describes and whose bytes
// have this SHA-256, in SPDX 2.3 JSON. It bears the date of the revision, not of
// today, so the same binary has the same bill.
func SBOM(info *debug.BuildInfo, sha256 [32]byte) ([]byte, error) {
	sum := hex.EncodeToString(sha256[:])
	told := make(map[string]string)
	for _, s := range info.Settings {
		told[s.Key] = s.Value
	}
	d := document{
		Version: "SPDX-2.3", DataLicence: "CC0-1.0", ID: documentID,
		Name:      "banditore-" + versionOf(info.Main),
		Namespace: "https://spdx.org/spdxdocs/banditore-" + sum,
		Creation: creation{
			Created: created(told), Creators: []string{"Tool: banditore-" + versionOf(info.Main)},
			Comment: "Written by the binary itself, from what Go put into it. The date is the revision's; without one, 1970. " +
				"A library's SHA256 is the h1 hash of go.sum: of the list of its files and their hashes, not of its archive.",
		},
		Packages: []part{{
			ID: binaryID, Name: "banditore", Version: versionOf(info.Main), Purpose: "APPLICATION", Supplier: noAssertion, Download: noAssertion,
			Checksums: []checksum{{"SHA256", sum}}, Source: source(told),
			Concluded: Combined, Declared: Own, Copyright: noAssertion,
		}},
		Relationships: []relationship{{documentID, "DESCRIBES", binaryID}},
	}
	d.add(binaryID, "DEPENDS_ON", standardLibrary(info.GoVersion))
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		p, err := library(m)
		if err != nil {
			return nil, err
		}
		d.add(binaryID, "DEPENDS_ON", p)
	}
	for w := range works() {
		if !isModule(w.name) {
			d.addInner(w)
		}
	}
	return json.MarshalIndent(d, "", "  ")
}

func (d *document) add(parent, relation string, p part) {
	p.Supplier, p.Copyright = noAssertion, noAssertion
	d.Packages = append(d.Packages, p)
	d.Relationships = append(d.Relationships, relationship{parent, relation, p.ID})
}

// addInner adds what is no module: it lies inside of one, or of ours.
func (d *document) addInner(w work) {
	p := part{ID: id(w.name), Name: w.name, Version: w.version, Purpose: "SOURCE", Download: noAssertion, Concluded: w.licence, Declared: w.licence}
	switch w.name {
	case comuni:
		p.Purpose = "DATA"
	case sqlite:
		p.Purpose, p.Download = "LIBRARY", "https://www.sqlite.org"
		p.References = []reference{{"PACKAGE-MANAGER", "purl", "pkg:generic/sqlite@" + w.version}}
	}
	d.add(binaryID, "CONTAINS", p)
}

func standardLibrary(goVersion string) part {
	// An experiment's build says so behind a blank.
	name, _, _ := strings.Cut(goVersion, " ")
	version := strings.TrimPrefix(name, "go")
	return part{
		ID: "SPDXRef-std", Name: "std", Version: version, Purpose: "LIBRARY", Download: "https://go.dev/dl/go" + version + ".src.tar.gz",
		Concluded: "BSD-3-Clause", Declared: "BSD-3-Clause",
		References: []reference{{"PACKAGE-MANAGER", "purl", "pkg:golang/std@" + version}},
	}
}

func library(m *debug.Module) (part, error) {
	p := part{
		ID: id(m.Path), Name: m.Path, Version: m.Version, Purpose: "LIBRARY",
		Download:  "https://proxy.golang.org/" + escape(m.Path) + "/@v/" + escape(m.Version) + ".zip",
		Concluded: licenceOf(m.Path), Declared: licenceOf(m.Path),
		References: []reference{{"PACKAGE-MANAGER", "purl", "pkg:golang/" + m.Path + "@" + strings.ReplaceAll(m.Version, "+", "%2B")}},
	}
	if hash, ok := strings.CutPrefix(m.Sum, "h1:"); ok {
		raw, err := base64.StdEncoding.DecodeString(hash)
		if err != nil {
			return part{}, fmt.Errorf("hash of %s: %w", m.Path, err)
		}
		p.Checksums = []checksum{{"SHA256", hex.EncodeToString(raw)}}
	}
	return p, nil
}

// isModule tells a module from what lies inside of one: its first part is a host.
func isModule(name string) bool {
	host, _, _ := strings.Cut(name, "/")
	return strings.Contains(host, ".")
}

// versionOf is the version that Go gave what was built.
func versionOf(m debug.Module) string {
	if m.Version == "" || m.Version == "(devel)" {
		return "devel"
	}
	return m.Version
}

// created is when the revision was made. SPDX wants a date where there is none, and
// the day of the build would be another each time.
func created(told map[string]string) string {
	made, err := time.Parse(time.RFC3339, told["vcs.time"])
	if err != nil {
		made = time.Unix(0, 0)
	}
	return made.UTC().Format(time.RFC3339)
}

// source is the revision, as `banditore version` tells it.
func source(told map[string]string) string {
	switch revision := "git revision " + told["vcs.revision"]; {
	case told["vcs.revision"] == "":
		return "git revision unknown"
	case told["vcs.modified"] == "true":
		return revision + " with changes that are not in it"
	default:
		return revision
	}
}

var notInID = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// id is a name as SPDX lets one refer to it.
func id(name string) string { return "SPDXRef-" + notInID.ReplaceAllString(name, "-") }

// escape writes a path as Go's module proxy wants it: it knows no capitals.
func escape(path string) string {
	var b strings.Builder
	for _, r := range path {
		if unicode.IsUpper(r) {
			b.WriteByte('!')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
