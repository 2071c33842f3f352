package whatsapp

import (
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/store"
)

// The answer that its reader has in its hand when the wait ends must find a channel that is open: a panic there ends the line.
func TestG3_AnAnswerThatComesTooLate(t *testing.T) {
	t.Parallel()
	lib := whatsmeow.NewClient(&store.Device{}, nil)
	//lint:ignore SA1019 it is this that we use
	answer := lib.DangerousInternals().WaitResponse("ID")
	awaitNoMore(lib, "ID")
	answer <- &binary.Node{Tag: "ack"}
	//lint:ignore SA1019 it is this that we use
	if lib.DangerousInternals().ReceiveResponse(t.Context(), &binary.Node{Tag: "ack", Attrs: binary.Attrs{"id": "ID"}}) {
		t.Error("the answer is still waited for")
	}
}
