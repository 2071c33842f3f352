package whatsapptest_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"

	"banditore/bot/whatsapp/whatsapptest"
)

// TestExpiredFiles drops the files of a message that one phone has and another is late for, and of one that is sent after.
func TestExpiredFiles(t *testing.T) {
	t.Parallel()
	c := newCulprit(t)
	bruno := c.s.NewPhone("+393331234568")
	content := c.picture(40, 30)
	bruno.GoOffline()
	c.put(content)
	if _, err := c.SendMessage(t.Context(), lidOf(bruno), content); err != nil {
		t.Fatal(err)
	}
	settle(t, c.s)
	c.s.ExpireMedia()
	bruno.GoOnline()
	settle(t, c.s)
	if got := c.anna.Messages()[0]; got.Sum == "" || len(got.Media) == 0 {
		t.Error("a phone has lost the picture that it had")
	}
	if got := bruno.Messages()[0]; got.Media != nil || got.Sum != "" || got.Kind != "image" {
		t.Errorf("got %d bytes of a file that was gone before the phone came", len(got.Media))
	}
	if got := c.s.Offences(); len(got) != 0 {
		t.Errorf("got %v, though nobody knew that the phone would be late", got)
	}
	if _, err := c.Download(t.Context(), content.ImageMessage); !errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith404) {
		t.Errorf("got %v, want 404", err)
	}
	c.put(content)
	c.expect(whatsapptest.ExpiredMedia)
	if got := c.anna.Messages()[1]; got.Media != nil {
		t.Errorf("got %d bytes of a dropped file", len(got.Media))
	}

	c.put(c.picture(40, 30))
	settle(t, c.s)
	if got := c.anna.Messages()[2]; got.Media == nil {
		t.Error("a file that was uploaded anew is not there")
	}
	c.expect(whatsapptest.ExpiredMedia)
}

// TestFailedUploads refuses uploads for a while.
func TestFailedUploads(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	c := linkedClient(t, s, s.NewPhone("+393343679575"))
	for _, status := range []int{http.StatusRequestEntityTooLarge, http.StatusServiceUnavailable} {
		s.FailUploads(status)
		if _, err := c.Upload(t.Context(), photo(4, 3), whatsmeow.MediaImage); err == nil || !strings.Contains(err.Error(), fmt.Sprint(status)) {
			t.Errorf("got %v, want %d", err, status)
		}
	}
	if got := s.Stats().Uploads; got != 0 {
		t.Errorf("got %d uploads, want none", got)
	}
	s.FailUploads(0)
	c.picture(4, 3)
	if got := s.Stats().Uploads; got != 1 {
		t.Errorf("got %d uploads, want one", got)
	}
}

// TestUploadWithoutToken brings a file with a good hash and without the token.
func TestUploadWithoutToken(t *testing.T) {
	t.Parallel()
	c := newCulprit(t)
	response, err := c.http.Post("https://mmg.whatsapp.net/mms/image/LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE", "", strings.NewReader("x"))
	if err != nil || response.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %v, %v, want a refusal", response, err)
	}
	c.expect(whatsapptest.BadMedia)
}
