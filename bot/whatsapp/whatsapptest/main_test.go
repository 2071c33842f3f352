package whatsapptest_test

import (
	"os"
	"testing"

	"banditore/bot/memdir"
)

func TestMain(m *testing.M) { os.Exit(memdir.Run(m)) }
