package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

const (
	wrongHour = "*Concerto in piazza*\nSabato alle 20:00, ingresso libero."
	rightHour = "*Concerto in piazza*\nSabato alle 21:00, ingresso libero."
)

// mistake lets staff announce a concert with its poster, get the hour wrong,
// correct it, and in the end take the announcement back.
func (t *town) mistake(ctx context.Context) error {
	fmt.Printf("\nStaff announce a concert with its poster, and get the hour wrong\n")
	poster, err := poster()
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{"concerto.txt": []byte(wrongHour), "concerto.jpg": poster} {
		if err := os.WriteFile(filepath.Join(t.cfg.SpoolDir, "da_inviare", name), content, 0o660); err != nil {
			return err
		}
	}
	err = t.see(ctx, "got the poster", func(m whatsapptest.Message) bool {
		return m.Text == wrongHour && bytes.Equal(m.Media, poster)
	})
	if err != nil {
		return err
	}
	fmt.Printf("\nStaff drop “concerto RETTIFICA.txt”: the message changes on the phones\n")
	if err := os.WriteFile(filepath.Join(t.cfg.SpoolDir, "da_inviare", "concerto RETTIFICA.txt"), []byte(rightHour), 0o660); err != nil {
		return err
	}
	if err := t.see(ctx, "show the right hour", func(m whatsapptest.Message) bool { return m.Text == rightHour && m.Edited }); err != nil {
		return err
	}
	fmt.Printf("\nThe concert is off. Staff move “concerto.txt” from inviati to ritirare\n")
	from, to := filepath.Join(t.cfg.SpoolDir, "inviati", "concerto.txt"), filepath.Join(t.cfg.SpoolDir, "ritirare", "concerto.txt")
	filed := func() bool { return os.Rename(from, to) == nil }
	if err := until(ctx, filed); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	return t.see(ctx, "show nothing of it", func(m whatsapptest.Message) bool { return m.Deleted })
}

// see waits until every phone shows a message that is as it should be.
func (t *town) see(ctx context.Context, what string, shown func(whatsapptest.Message) bool) error {
	done := 0
	err := until(ctx, func() bool {
		for done < len(t.people) && slices.ContainsFunc(t.people[done].Messages(), shown) {
			done++
			t.bar(what, done, len(t.people))
		}
		return done == len(t.people)
	})
	if err != nil {
		return fmt.Errorf("%d of %d phones %s: %w", done, len(t.people), what, err)
	}
	return nil
}

// until asks again and again, but not for ever.
func until(ctx context.Context, done func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, enough)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

// poster is a picture as good as any.
func poster() ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			img.Set(x, y, color.RGBA{uint8(x / 3), uint8(y / 2), 160, 255})
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, nil)
	return b.Bytes(), err
}
