package main

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// enough is how long one announcement may take.
const enough = 2 * time.Hour

// Town is the server's process: WhatsApp and all the phones. Its methods are what the
// process that started it may ask for.
type Town struct {
	server *whatsapptest.Server
	addr   string
}

// Block is some people, who have numbers in a row.
type Block struct{ From, People int }

// number is the i-th person's; +39 399 is no operator's prefix.
func (b Block) number(i int) string { return fmt.Sprintf("+39399%07d", b.From+i) }

// Scan is a code in front of the camera of the phone that has a number.
type Scan struct{ Number, Code string }

// Wait is a text that people are to be shown.
type Wait struct {
	Block Block
	Text  string
}

// Seen is what phones have shown of a text, by the server's clock.
type Seen struct {
	First, Last time.Time
	Repeats     int // messages that came again since the phones exist
}

func serveTown() error {
	t := &Town{server: whatsapptest.NewServer()}
	defer t.server.Close()
	var err error
	if t.addr, err = t.server.Listen(); err != nil {
		return err
	}
	return serve(t)
}

// Address is where clients find the server.
func (t *Town) Address(_ Nothing, addr *string) error {
	*addr = t.addr
	return nil
}

// Phone makes a Comune's phone.
func (t *Town) Phone(number string, _ *Nothing) error {
	t.server.NewPhone(number)
	return nil
}

// People makes people's phones, and answers with their LIDs.
func (t *Town) People(b Block, lids *[]string) error {
	for i := range b.People {
		*lids = append(*lids, t.server.NewPhone(b.number(i)).LID())
	}
	return nil
}

// Scan lets a phone link the client that shows the code.
func (t *Town) Scan(s Scan, _ *Nothing) error { return t.server.Phone(s.Number).ScanQR(s.Code) }

// RoundTrip sets the round trip time of every line.
func (t *Town) RoundTrip(d time.Duration, _ *Nothing) error {
	t.server.SetRoundTrip(d)
	return nil
}

// Logins is how many clients have logged in so far.
func (t *Town) Logins(_ Nothing, n *int) error {
	*n = t.server.Stats().Logins
	return nil
}

// Await waits until all of the people were shown the text and every receipt of theirs was
// taken.
func (t *Town) Await(w Wait, seen *Seen) error {
	ctx, cancel := context.WithTimeout(context.Background(), enough)
	defer cancel()
	for i := range w.Block.People {
		phone := t.server.Phone(w.Block.number(i))
		m, err := phone.AwaitText(ctx, w.Text)
		if err != nil {
			return fmt.Errorf("after %d of %d phones: %w", i, w.Block.People, err)
		}
		if seen.First.IsZero() || m.At.Before(seen.First) {
			seen.First = m.At
		}
		if m.At.After(seen.Last) {
			seen.Last = m.At
		}
		seen.Repeats += phone.Repeats()
	}
	return t.server.Settle(ctx)
}

// Offences are what clients have done that they must not do.
func (t *Town) Offences(_ Nothing, list *[]string) error {
	for _, o := range t.server.Offences() {
		*list = append(*list, o.String())
	}
	return nil
}
