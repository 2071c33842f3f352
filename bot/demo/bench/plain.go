package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	_ "github.com/mattn/go-sqlite3" // the driver
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp/whatsapptest"
)

// quickest is how the plain loop keeps its keys: with the settings under which SQLite is
// quickest without risking the file, which is more than most programs do, and less safe than
// ours.
const quickest = "?_foreign_keys=on&_journal_mode=WAL&_synchronous=NORMAL&_txlock=immediate&_busy_timeout=20000"

// Plain is the process of the plain loop: the library as its manual shows it, with nothing of
// ours.
type Plain struct {
	Profiler
	lib       *whatsmeow.Client
	linking   bool // the library logs in by itself after that
	codes     chan string
	connected chan struct{}
}

// Letter is a text to people, by their LIDs.
type Letter struct {
	LIDs []string
	Text string
}

// servePlain takes a data directory and the server's address.
func servePlain(args []string) error {
	ctx := context.Background()
	box, err := sqlstore.New(ctx, "sqlite3", "file:"+filepath.Join(args[0], "session.db")+quickest, waLog.Noop)
	if err != nil {
		return err
	}
	device, err := box.GetFirstDevice(ctx)
	if err != nil {
		return errors.Join(err, box.Close())
	}
	p := &Plain{lib: whatsmeow.NewClient(device, waLog.Noop), codes: make(chan string, 1), connected: make(chan struct{}, 1)}
	via := whatsapptest.Dial(args[1])
	p.lib.SetWebsocketHTTPClient(via)
	p.lib.SetPreLoginHTTPClient(via)
	p.lib.SetMediaHTTPClient(via)
	p.lib.AddEventHandler(p.hear)
	err = serve(p)
	p.lib.Disconnect()
	return errors.Join(err, box.Close())
}

func (p *Plain) hear(event any) {
	switch event := event.(type) {
	case *events.QR:
		p.codes <- event.Codes[0]
	case *events.Connected:
		select {
		case p.connected <- struct{}{}:
		default: // it has been said
		}
	}
}

// Link asks for a code and answers with it.
func (p *Plain) Link(_ Nothing, code *string) error {
	if err := p.lib.Connect(); err != nil {
		return err
	}
	p.linking, *code = true, <-p.codes
	return nil
}

// Begin logs in, and waits until that is done.
func (p *Plain) Begin(_ Nothing, _ *Nothing) error {
	if !p.linking {
		if err := p.lib.Connect(); err != nil {
			return err
		}
	}
	<-p.connected
	return nil
}

// Send writes to one after the other.
func (p *Plain) Send(l Letter, _ *Nothing) error {
	for i, lid := range l.LIDs {
		to := types.NewJID(lid, types.HiddenUserServer)
		if _, err := p.lib.SendMessage(context.Background(), to, &waE2E.Message{Conversation: proto.String(l.Text)}); err != nil {
			return fmt.Errorf("after %d of %d: %w", i, len(l.LIDs), err)
		}
	}
	return nil
}
