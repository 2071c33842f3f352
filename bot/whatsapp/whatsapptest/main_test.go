package whatsapptest_test

import (
	"log"
	"os"
	"testing"

	"banditore/bot/whatsapp/whatsapptest"
)

func TestMain(m *testing.M) {
	remove, err := whatsapptest.InMemory()
	if err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	remove()
	os.Exit(code)
}
