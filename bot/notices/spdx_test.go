package notices

import (
	"encoding/hex"
	"encoding/json"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
)

// built is what Go puts into a binary, cut short.
func built() *debug.BuildInfo {
	return &debug.BuildInfo{
		GoVersion: "go1.26.8 X:nodwarf5",
		Main:      debug.Module{Path: "banditore", Version: "v0.0.0-20270102030405-abcdef012345"},
		Deps: []*debug.Module{
			{Path: driver, Version: "v1.14.52", Sum: "h1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},
			{Path: "go.mau.fi/libsignal", Version: "v0.2.2"},
			{Path: "example.org/Stranger", Version: "v2.0.0+incompatible"},
			{Path: "example.org/old", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/fork", Version: "v1.0.1"}},
		},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abcdef"}, {Key: "vcs.time", Value: "2027-01-02T04:04:05+01:00"}},
	}
}

func billOf(t *testing.T, info *debug.BuildInfo) document {
	t.Helper()
	b, err := SBOM(info, [32]byte{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	checkSPDX(t, d)
	return d
}

// What SPDX 2.3 requires, of each part that we use.
func checkSPDX(t *testing.T, d document) {
	t.Helper()
	idForm := regexp.MustCompile(`^SPDXRef-[A-Za-z0-9.-]+$`)
	if d.Version != "SPDX-2.3" || d.DataLicence != "CC0-1.0" || d.ID != "SPDXRef-DOCUMENT" || d.Name == "" {
		t.Errorf("the head is %q %q %q %q", d.Version, d.DataLicence, d.ID, d.Name)
	}
	if !regexp.MustCompile(`^https://[^#\s]+$`).MatchString(d.Namespace) {
		t.Errorf("the name space %q is no address without a fragment", d.Namespace)
	}
	if _, err := time.Parse("2006-01-02T15:04:05Z", d.Creation.Created); err != nil {
		t.Error(err)
	}
	if len(d.Creation.Creators) == 0 || !strings.HasPrefix(d.Creation.Creators[0], "Tool: ") {
		t.Errorf("created by %q", d.Creation.Creators)
	}
	ids := []string{d.ID}
	for _, p := range d.Packages {
		if !idForm.MatchString(p.ID) || slices.Contains(ids, p.ID) {
			t.Errorf("the ID %q is malformed, or another's too", p.ID)
		}
		ids = append(ids, p.ID)
		if p.Name == "" || p.Version == "" || p.Download == "" || p.Declared == "" || p.Concluded == "" || p.Copyright == "" || p.Supplier == "" {
			t.Errorf("a field is empty: %+v", p)
		}
		if p.FilesAnalyzed {
			t.Errorf("%s: its files would have to be listed", p.Name)
		}
		for _, c := range p.Checksums {
			if raw, err := hex.DecodeString(c.Value); err != nil || len(raw) != 32 || c.Algorithm != "SHA256" {
				t.Errorf("%s has the checksum %+v", p.Name, c)
			}
		}
		for _, r := range p.References {
			if r.Category != "PACKAGE-MANAGER" || r.Type != "purl" || !strings.HasPrefix(r.Locator, "pkg:") {
				t.Errorf("%s has the reference %+v", p.Name, r)
			}
		}
	}
	described := 0
	for _, r := range d.Relationships {
		if !slices.Contains(ids, r.Element) || !slices.Contains(ids, r.Related) {
			t.Errorf("nothing is at one end of %+v", r)
		}
		if r.Type == "DESCRIBES" && r.Element == d.ID {
			described++
		}
	}
	if described != 1 {
		t.Errorf("%d packages are described", described)
	}
}

func (d document) part(t *testing.T, name string) part {
	t.Helper()
	i := slices.IndexFunc(d.Packages, func(p part) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("no %s", name)
	}
	return d.Packages[i]
}

func TestBillOfMaterials(t *testing.T) {
	t.Parallel()
	d := billOf(t, built())
	if d.Creation.Created != "2027-01-02T03:04:05Z" {
		t.Errorf("created %s: not when the revision was", d.Creation.Created)
	}
	ours := d.part(t, "banditore")
	if ours.Declared != "EUPL-1.2" || ours.Concluded != "GPL-3.0-only" || ours.Source != "git revision abcdef" ||
		len(ours.Checksums) != 1 || !strings.HasPrefix(ours.Checksums[0].Value, "010203000") {
		t.Errorf("we are %+v", ours)
	}
	if p := d.part(t, driver); p.Checksums[0].Value != "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" || p.Declared != "MIT" {
		t.Errorf("the driver is %+v", p)
	}
	stranger := d.part(t, "example.org/Stranger")
	if stranger.Declared != "NOASSERTION" || stranger.Download != "https://proxy.golang.org/example.org/!stranger/@v/v2.0.0+incompatible.zip" ||
		stranger.References[0].Locator != "pkg:golang/example.org/Stranger@v2.0.0%2Bincompatible" {
		t.Errorf("a library we know nothing of is %+v", stranger)
	}
	if p := d.part(t, "std"); p.Version != "1.26.8" {
		t.Errorf("Go's library is %+v", p)
	}
	for name, licence := range map[string]string{sqlite: "blessing", comuni: "CC-BY-4.0 AND MIT", "go.mau.fi/libsignal": "GPL-3.0-only", "example.org/fork": "NOASSERTION"} {
		if p := d.part(t, name); p.Declared != licence {
			t.Errorf("%s is under %s", name, p.Declared)
		}
	}
	if !slices.Contains(d.Relationships, relationship{binaryID, "CONTAINS", id(sqlite)}) {
		t.Error("SQLite is not inside of the binary")
	}
}

// A build without git, as of an unpacked archive, has a bill too.
func TestBillOfMaterialsWithoutRevision(t *testing.T) {
	t.Parallel()
	d := billOf(t, &debug.BuildInfo{GoVersion: "go1.27", Main: debug.Module{Version: "(devel)"}})
	if p := d.part(t, "banditore"); d.Creation.Created != "1970-01-01T00:00:00Z" || p.Version != "devel" || p.Source != "git revision unknown" {
		t.Errorf("created %s, we are %+v", d.Creation.Created, p)
	}
	dirty := built()
	dirty.Settings = append(dirty.Settings, debug.BuildSetting{Key: "vcs.modified", Value: "true"})
	if p := billOf(t, dirty).part(t, "banditore"); p.Source != "git revision abcdef with changes that are not in it" {
		t.Errorf("the source is %q", p.Source)
	}
}

func TestBillOfMaterialsWantsAHash(t *testing.T) {
	t.Parallel()
	info := built()
	info.Deps[0].Sum = "h1:?"
	if _, err := SBOM(info, [32]byte{}); err == nil {
		t.Error("a broken hash is taken")
	}
}
