package cli_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"banditore/bot/cli"
)

// printed is what a command prints that needs no configuration.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	app := &cli.App{Stdout: &out, Stderr: &errs}
	if code := app.Run(t.Context(), args); code != cli.ExitOK || errs.Len() > 0 {
		t.Fatalf("%q ends with %d, and says %q", args, code, &errs)
	}
	return out.String()
}

// Whoever passes the binary on has what must go with it, without the sources.
func TestLicencesGoWithTheBinary(t *testing.T) {
	t.Parallel()
	said := printed(t, "licences")
	for _, want := range []string{"EUPL-1.2", "GNU GENERAL PUBLIC LICENSE\n", "go.mau.fi/whatsmeow v", "Mozilla Public License Version 2.0", "May you do good and not evil.",
		"Istat", "Michele Locati", "The Go Authors"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q", want)
		}
	}
}

// The bill of materials is that of the very file that runs, each time the same.
func TestBillOfMaterialsIsTheBinarysOwn(t *testing.T) {
	t.Parallel()
	said := printed(t, "sbom")
	var bill struct {
		Version  string `json:"spdxVersion"`
		Packages []struct {
			Name      string
			Checksums []struct {
				Value string `json:"checksumValue"`
			}
		}
	}
	if err := json.Unmarshal([]byte(said), &bill); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	if len(bill.Packages) == 0 || len(bill.Packages[0].Checksums) != 1 || bill.Packages[0].Checksums[0].Value != hex.EncodeToString(sum[:]) {
		t.Errorf("it is not of this file: %.400s", said)
	}
	if again := printed(t, "sbom"); again != said {
		t.Error("it is another each time")
	}
}
