package whatsapp_test

import (
	"context"
	"log"
	"os"
	"testing"

	"banditore/bot/memdir"
	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// The libraries keep a logger, a root key and a device name in package variables, which the room and the fake server each
// set once: here, before any test runs.
func TestMain(m *testing.M) {
	whatsapptest.TrustRoot()
	if server := os.Getenv(pairsAsAProcess); server != "" {
		if err := pairAsAProcess(server, os.Getenv(pairsDir)); err != nil {
			log.Fatal(err)
		}
		return
	}
	dir, err := os.MkdirTemp("", "whatsapp")
	if err != nil {
		log.Fatal(err)
	}
	client, err := whatsapp.Open(context.Background(), whatsapp.Options{Dir: dir, Number: comuneNumber, Device: "Comune di Saronno"})
	if err != nil {
		log.Fatal(err)
	}
	client.Close()
	os.RemoveAll(dir)
	os.Exit(memdir.Run(m))
}
