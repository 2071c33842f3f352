package whatsapptest

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/coder/websocket"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/binary/token"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// stranger opens a websocket, sends bytes and waits until the server hangs up.
func stranger(t *testing.T, s *Server, kind websocket.MessageType, data []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, "wss://web.whatsapp.com/ws/chat", &websocket.DialOptions{HTTPClient: s.HTTPClient()})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	if err = ws.Write(ctx, kind, data); err != nil {
		return // refused before it was all sent
	}
	for err == nil {
		_, _, err = ws.Read(ctx)
	}
	if ctx.Err() != nil {
		t.Errorf("the server kept a connection that sent % x...", data[:min(len(data), 16)])
	}
}

// TestG9_HostileHandshake sends what is no handshake: it ends that connection, is recorded,
// and harms nobody else.
func TestG9_HostileHandshake(t *testing.T) {
	t.Parallel()
	hello := func(ephemeral []byte) []byte {
		content, err := proto.Marshal(&waWa6.HandshakeMessage{ClientHello: &waWa6.HandshakeMessage_ClientHello{Ephemeral: ephemeral}})
		if err != nil {
			t.Fatal(err)
		}
		return append([]byte("WA\x06\x03"), frame(content)...)
	}
	for name, data := range map[string][]byte{
		"other header":    []byte("GET / HTTP/1.1\r\n\r\n"),
		"other version":   []byte("WA\x05\x02\x00\x00\x00"),
		"giant frame":     []byte("WA\x06\x03\xff\xff\xff"),
		"no protobuf":     append([]byte("WA\x06\x03"), frame([]byte{0xFF, 0xFF})...),
		"empty hello":     hello(nil),
		"short hello":     hello(make([]byte, 31)),
		"low order point": hello(make([]byte, 32)),
		"preamble":        append([]byte("ED\x00\x01\x00\x00\x02xy"), []byte("WB\x06\x03")...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := NewServer()
			defer s.Close()
			stranger(t, s, websocket.MessageBinary, data)
			s.Close()
			if got := s.Offences(); len(got) != 1 || got[0].Kind != BadFrame {
				t.Errorf("got offences %v, want one bad frame", got)
			}
		})
	}
	t.Run("text", func(t *testing.T) {
		t.Parallel()
		s := NewServer()
		defer s.Close()
		stranger(t, s, websocket.MessageText, []byte("WA\x06\x03"))
	})
}

// TestG9_HostileStanzas decodes what would make the library's decoder panic, recurse or
// allocate without bound.
func TestG9_HostileStanzas(t *testing.T) {
	t.Parallel()
	nested := bytes.Repeat([]byte{token.List8, 2, 3, token.List8, 1}, 100_000)
	wide := bytes.Repeat([]byte{token.List8, 2, 3, token.List16, 0xFF, 0xFF}, 10_000)
	for name, content := range map[string][]byte{
		"empty":           {},
		"flag only":       {0},
		"nested":          append([]byte{0}, nested...),
		"wide":            append([]byte{0}, wide...),
		"packed nothing":  {0, token.List8, 1, token.Hex8, 0x80},
		"no list":         {0, 3},
		"address no user": {0, token.List8, 3, 3, 4, token.ADJID, 0, 0, token.ListEmpty},
		"bad zlib":        {2, 1, 2, 3, 4},
	} {
		if _, err := decode(content); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// TestDecodeTakesLargeUpload is the other side: the largest honest stanza passes.
func TestDecodeTakesLargeUpload(t *testing.T) {
	t.Parallel()
	list := waBinary.Node{Tag: "list"}
	for range 812 {
		list.Content = append(list.GetChildren(), prekey{id: 7}.node("key"))
	}
	content, err := waBinary.Marshal(waBinary.Node{
		Tag: "iq", Attrs: waBinary.Attrs{"to": types.ServerJID, "id": "1.2-3", "from": types.NewADJID("12", 1, 3)}, Content: []waBinary.Node{list},
	})
	if err != nil {
		t.Fatal(err)
	}
	node, err := decode(content)
	if err != nil {
		t.Fatal(err)
	}
	if got := node.GetChildByTag("list"); len(got.GetChildren()) != 812 {
		t.Errorf("got %d keys, want 812", len(got.GetChildren()))
	}
}

// FuzzDecode wants no panic and no more nodes than the bytes can hold.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{0, token.List8, 2, 3, token.List8, 1})
	content, err := waBinary.Marshal(streamError("401", "device_removed"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Fuzz(func(t *testing.T, content []byte) {
		node, err := decode(content)
		if (node == nil) == (err == nil) {
			t.Errorf("got %v and %v, want exactly one", node, err)
		}
	})
}

// FuzzFrames cuts any byte stream into frames the same way however it is split over websocket
// messages.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("WA\x06\x03\x00\x00\x02ab\x00\x00\x00\x00\x00\x01"), uint64(1))
	f.Fuzz(func(t *testing.T, stream []byte, seed uint64) {
		whole := cut(stream, func(int) int { return len(stream) })
		random := rand.New(rand.NewPCG(seed, 0))
		pieces := cut(stream, func(left int) int { return 1 + random.IntN(left) })
		if !bytes.Equal(whole, pieces) {
			t.Errorf("got %x in pieces, want %x", pieces, whole)
		}
	})
}

// cut feeds a stream to a frame reader in pieces and joins what comes out, each frame with its
// length.
func cut(stream []byte, size func(left int) int) []byte {
	f := &frames{read: func(context.Context) ([]byte, error) {
		if len(stream) == 0 {
			return nil, context.Canceled
		}
		n := size(len(stream))
		piece := stream[:n]
		stream = stream[n:]
		return piece, nil
	}}
	if _, err := f.header(context.Background()); err != nil {
		return []byte(err.Error())
	}
	var all []byte
	for {
		content, err := f.next(context.Background())
		if err != nil {
			return all
		}
		all = append(all, frame(content)...)
	}
}
