package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// The sample announcements, as a clerk would drop them: UTF-8, Windows-1252
// and UTF-16, with one alert.
//
//go:embed announcements
var samples embed.FS

// enough is how long the demo waits for one step of the story.
const enough = 10 * time.Minute

// subscribe lets every citizen text the service and waits for all the answers.
func (t *town) subscribe(ctx context.Context, n int) error {
	fmt.Printf("\n%d citizens subscribe, each in their own way:\n", n)
	for i := range min(n, 7) {
		fmt.Printf("  %s\n", strings.ReplaceAll(wish(i), "\n", " ⏎ "))
	}
	for i := range n {
		p := t.server.NewPhone(number(i))
		if i%2 == 1 {
			p.ByNumber()
		}
		t.people = append(t.people, p)
		p.Text(comune, wish(i))
	}
	return t.await(ctx, "confirmed", 2) // and given the service's card
}

// announce drops the samples into the spool and waits until every phone has
// shown them.
func (t *town) announce(ctx context.Context) error {
	files, err := fs.ReadDir(samples, "announcements")
	if err != nil {
		return err
	}
	fmt.Printf("\nStaff drop %d announcements into %s\n", len(files), t.cfg.SpoolDir)
	for _, f := range files {
		folder := "da_inviare"
		if strings.Contains(f.Name(), "ALLERTA") {
			folder = "urgenti"
		}
		text, err := samples.ReadFile("announcements/" + f.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(t.cfg.SpoolDir, folder, f.Name()), text, 0o660); err != nil {
			return err
		}
		fmt.Printf("  %s → %s/\n", f.Name(), folder)
	}
	return t.await(ctx, "delivered", 2+len(files))
}

// await shows a bar until every citizen's phone has shown n messages.
func (t *town) await(ctx context.Context, what string, n int) error {
	ctx, cancel := context.WithTimeout(ctx, enough)
	defer cancel()
	for i, p := range t.people {
		if _, err := p.AwaitMessages(ctx, n); err != nil {
			fmt.Println()
			if ctx.Err() != nil {
				return fmt.Errorf("after %d of %d phones: %w", i, len(t.people), err)
			}
			return err
		}
		t.bar(what, i+1, len(t.people))
	}
	return nil
}

// bar draws progress on one line; where that is no terminal, only the end of it.
func (t *town) bar(what string, done, all int) {
	const width = 40
	if done != all && (!t.terminal || done%max(1, all/200) != 0) {
		return
	}
	full := width * done / all
	fmt.Printf("\r  [%s%s] %d/%d phones %s", strings.Repeat("█", full), strings.Repeat("·", width-full), done, all, what)
	if done == all {
		fmt.Println()
	}
}

// showChat prints what one citizen sees on the phone.
func (t *town) showChat() {
	fmt.Printf("\nOn one citizen's phone:\n")
	for _, m := range t.people[0].Messages() {
		fmt.Printf("  ┌ %s\n", t.cfg.Service.Name)
		if m.Kind == "contact" {
			fmt.Printf("  │ [contact card: %s]\n", m.CardName)
		}
		for line := range strings.Lines(m.Text) {
			fmt.Printf("  │ %s\n", strings.TrimRight(line, "\r\n"))
		}
		fmt.Printf("  └ %s\n", m.At.Format("15:04:05"))
	}
}

// leave lets the last citizen cancel, and looks for the number in every byte
// of the data directory until it is gone.
func (t *town) leave(ctx context.Context) error {
	t.gone = t.people[len(t.people)-1]
	t.people = t.people[:len(t.people)-1]
	fmt.Printf("\n%s leaves: “Disattiva Notizie”\n", t.gone.Number())
	t.gone.Text(comune, "Disattiva Notizie")
	ctx, cancel := context.WithTimeout(ctx, enough)
	defer cancel()
	if _, err := t.gone.AwaitText(ctx, "cancellat"); err != nil {
		return fmt.Errorf("the goodbye did not come: %w", err)
	}
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		where, err := t.traces(t.gone)
		if err != nil {
			return err
		}
		if where == "" {
			fmt.Println("  goodbye said; the number and the LID are in no file of the data directory any more")
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the number of who left is still in %s", where)
		case <-tick.C:
		}
	}
}

// traces names a file that still holds a phone's number or LID, or is empty.
func (t *town) traces(p *whatsapptest.Phone) (where string, err error) {
	files, err := os.ReadDir(t.cfg.DataDir)
	if err != nil {
		return "", err
	}
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(t.cfg.DataDir, f.Name()))
		if err != nil && !os.IsNotExist(err) {
			return "", err
		}
		if bytes.Contains(content, []byte(strings.TrimPrefix(p.Number(), "+"))) || bytes.Contains(content, []byte(p.LID())) {
			return f.Name(), nil
		}
	}
	return "", nil
}
