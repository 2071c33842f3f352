package cli

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"banditore/bot/notices"
)

const licencesHelp = `Print whose works the binary holds, with their licences in full. They have to go
with every copy of it.

Banditore's own sources are under the EUPL 1.2. The binary is linked with
go.mau.fi/libsignal, which is under the GPL 3, and so goes out under that.`

func (a *App) licences() *cobra.Command {
	return &cobra.Command{
		Use:         "licences",
		Short:       "Print the licences of all that the binary holds",
		Long:        licencesHelp,
		Example:     "  banditore licences",
		Annotations: about("install"),
		Args:        noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.Stdout, notices.Text())
			return err
		},
	}
}

const sbomHelp = `Print what this very binary is made of, as SPDX 2.3 in JSON: itself, with its
SHA-256 and its revision, each library with its version, hash and licence, SQLite
and the list of Comuni. The same binary prints the same, at any time.`

func (a *App) sbom() *cobra.Command {
	return &cobra.Command{
		Use:         "sbom",
		Short:       "Print the bill of materials of this binary, as SPDX",
		Long:        sbomHelp,
		Example:     "  banditore sbom > banditore.spdx.json",
		Annotations: about("install"),
		Args:        noArgs,
		RunE: func(*cobra.Command, []string) error {
			bill, err := billOfMaterials()
			if err != nil {
				return fmt.Errorf("bill of materials: %w", err)
			}
			_, err = fmt.Fprintf(a.Stdout, "%s\n", bill)
			return err
		},
	}
}

var errNoBuildInfo = errors.New("this binary carries no version")

func billOfMaterials() ([]byte, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil, errNoBuildInfo
	}
	self, err := os.Open("/proc/self/exe") // even where an upgrade has replaced the file
	if err != nil {
		return nil, err
	}
	defer self.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, self); err != nil {
		return nil, err
	}
	return notices.SBOM(info, [sha256.Size]byte(sum.Sum(nil)))
}
