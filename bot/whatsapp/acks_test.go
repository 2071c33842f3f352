package whatsapp

import (
	"context"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"banditore/bot/whatsapp/whatsapptest"
)

// acks is a log that keeps the acknowledgements which the library sends.
type acks struct {
	sending bool
	*kept
}

type kept struct {
	mu    sync.Mutex
	nodes []binary.Node
}

// Enabled implements slog.Handler.
func (acks) Enabled(context.Context, slog.Level) bool { return true }

// WithGroup implements slog.Handler.
func (a acks) WithGroup(string) slog.Handler { return a }

// WithAttrs implements slog.Handler.
func (a acks) WithAttrs(attrs []slog.Attr) slog.Handler {
	a.sending = a.sending || slices.ContainsFunc(attrs, func(attr slog.Attr) bool { return attr.Value.String() == "Send" })
	return a
}

// Handle implements slog.Handler.
func (a acks) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(attr slog.Attr) bool {
		said, _ := attr.Value.Any().(saying)
		if !a.sending || len(said.args) != 1 {
			return true
		}
		if node, ok := said.args[0].(*binary.Node); ok && node.Tag == "ack" && node.Attrs["class"] == "receipt" {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.nodes = append(a.nodes, *node)
		}
		return true
	})
	return nil
}

// take gives those since the last time.
func (a acks) take() []binary.Node {
	a.mu.Lock()
	defer a.mu.Unlock()
	nodes := a.nodes
	a.nodes = nil
	return nodes
}

// confirming is a linked client whose acknowledgements of receipts are seen.
type confirming struct {
	*Client
	acks
	server *whatsapptest.Server
	web    *http.Client
	dir    string
}

func newConfirming(t *testing.T, onReceipts func([]Receipt) error) *confirming {
	t.Helper()
	w := &confirming{server: whatsapptest.Start(t), dir: t.TempDir(), acks: acks{kept: &kept{}}}
	w.web = w.server.HTTPClient()
	comune := w.server.NewPhone("+393343679575")
	w.open(t, onReceipts)
	scan := Screen{Code: func(code string, _ time.Duration) { go comune.ScanQR(code) }}
	if err := w.Pair(t.Context(), scan); err != nil {
		t.Fatal(err)
	}
	w.ready(t)
	return w
}

func (w *confirming) open(t *testing.T, onReceipts func([]Receipt) error) {
	t.Helper()
	var err error
	w.Client, err = Open(t.Context(), Options{
		Dir: w.dir, Number: "+393343679575", HTTPClient: w.web, Logger: slog.New(w.acks),
		OnText:     func(context.Context, Text) error { return nil },
		OnReceipts: func(_ context.Context, list []Receipt) error { return onReceipts(list) },
	})
	if err != nil {
		t.Fatal(err)
	}
	client := w.Client
	t.Cleanup(func() { client.Close() })
}

func (w *confirming) connect(t *testing.T) {
	t.Helper()
	if err := w.Connect(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	w.ready(t)
}

// ready waits until nothing is on its way.
func (w *confirming) ready(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := w.AwaitReady(ctx); err != nil {
		t.Fatal(err)
	}
	w.settle(t)
	time.Sleep(time.Minute)
	w.take()
}

func (w *confirming) settle(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := w.server.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

// What we acknowledge ourselves looks as the library would have done it, and the rest it still does.
func TestReceiptsAreAcknowledgedAsByTheLibrary(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		committed := 0
		w := newConfirming(t, func(list []Receipt) error {
			committed += len(list)
			return nil
		})
		person := types.JID{User: "117540327481234", Server: types.HiddenUserServer, Device: 3}
		with := func(from types.JID, more binary.Attrs) binary.Attrs {
			all := binary.Attrs{"from": from, "id": "3EB0C767D097B7C3A1", "t": "1764500000"}
			for key, value := range more {
				all[key] = value
			}
			return all
		}
		list := []binary.Node{{Tag: "list", Content: []binary.Node{{Tag: "item", Attrs: binary.Attrs{"id": "3EB0C767D097B7C3A2"}}}}}
		hosted := types.JID{User: person.User, Server: types.HostedLIDServer, Device: 99}
		group := types.NewJID("120363000000000001", types.GroupServer)
		for name, c := range map[string]struct {
			attrs   binary.Attrs
			content any
			told    bool
		}{
			"delivered":                {with(person, nil), nil, true},
			"inactive, by number":      {with(types.NewJID("393331234567", types.DefaultUserServer), binary.Attrs{"type": "inactive"}), nil, true},
			"read, many, from before":  {with(person.ToNonAD(), binary.Attrs{"type": "read", "offline": "1"}), list, true},
			"played, more attributes":  {with(person, binary.Attrs{"type": "played", "recipient": person, "participant": hosted, "sender_pn": group}), nil, true},
			"of a hosted account":      {with(hosted, binary.Attrs{"type": "read"}), nil, true},
			"of one, by number":        {with(types.JID{User: "393331234567", Server: types.HostedServer, Device: 99}, nil), nil, true},
			"of a channel":             {with(types.NewJID("120363000000000002", types.NewsletterServer), nil), nil, false},
			"of a group":               {with(group, binary.Attrs{"participant": person}), nil, false},
			"of a status":              {with(types.StatusBroadcastJID, binary.Attrs{"participant": person, "type": "read"}), nil, false},
			"of our own phone":         {with(types.NewJID("393343679575", types.DefaultUserServer), binary.Attrs{"recipient": person}), nil, false},
			"a copy of our own phone":  {with(types.NewJID("393343679575", types.DefaultUserServer), binary.Attrs{"type": "sender"}), nil, false},
			"of a type nobody knows":   {with(person, binary.Attrs{"type": "brand_new"}), nil, false},
			"of a list of a broadcast": {with(types.NewJID("1764500000", types.BroadcastServer), binary.Attrs{"participant": person, "recipient": person}), list, false},
		} {
			stanza := &binary.Node{Tag: "receipt", Attrs: c.attrs, Content: c.content}
			//lint:ignore SA1019 it is what the acknowledgement is compared with
			library := w.current().lib.DangerousInternals()
			committed = 0
			library.HandleReceipt(t.Context(), stanza) // the ear has not heard it
			want := w.take()
			if len(want) != 1 || committed > 0 != c.told {
				t.Fatalf("%s: the library acknowledged %v, committed %d", name, want, committed)
			}
			committed = 0
			w.overhear(stanza)
			library.HandleReceipt(t.Context(), stanza)
			time.Sleep(foldPause)
			synctest.Wait()
			if got := w.take(); !reflect.DeepEqual(got, want) || committed > 0 != c.told {
				t.Errorf("%s: acknowledged %v, want %v; committed %d", name, got, want, committed)
			}
			if w.receipts.mu.Lock(); len(w.receipts.heard) > 0 {
				t.Errorf("%s: a stanza is kept", name)
			}
			w.receipts.mu.Unlock()
		}
	})
}
