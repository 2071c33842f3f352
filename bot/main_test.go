package bot_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"banditore/bot/memdir"
	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// TestMain lets both sides of the line write what the libraries keep in
// package variables, once, before tests run beside each other.
func TestMain(m *testing.M) {
	whatsapptest.TrustRoot()
	if err := openOnce(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(memdir.Run(m))
}

func openOnce() error {
	dir, err := os.MkdirTemp("", "banditore-test-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c, err := whatsapp.Open(context.Background(), whatsapp.Options{Dir: dir, Number: comune})
	if err != nil {
		return err
	}
	c.Close()
	return nil
}
