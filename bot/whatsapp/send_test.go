package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/mattn/go-sqlite3"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/socket"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	wrap := func(err error) error { return fmt.Errorf("failed to send message node: %w", err) }
	refused := func(code int) error { return fmt.Errorf("%w %d", whatsmeow.ErrServerReturnedError, code) }
	for _, test := range []struct {
		err     error
		outcome Outcome
		fault   FaultKind
		code    int
	}{
		{whatsmeow.ErrNotLoggedIn, NotSent, FaultLink, 0},
		{wrap(whatsmeow.ErrNotConnected), NotSent, FaultLink, 0},
		{wrap(socket.ErrSocketClosed), NotSent, FaultLink, 0},
		{whatsmeow.ErrNotConnected, Uncertain, FaultLink, 0},
		{socket.ErrSocketClosed, Uncertain, FaultLink, 0},
		{fmt.Errorf("failed to prefetch sessions: %w", sqlite3.Error{Code: sqlite3.ErrFull}), NotSent, FaultLink, 0},
		{whatsmeow.ErrMessageTimedOut, Uncertain, FaultSession, 0},
		{context.DeadlineExceeded, Uncertain, FaultSession, 0},
		{&whatsmeow.DisconnectedError{Action: "message send"}, Uncertain, FaultLink, 0},
		{wrap(errors.New("broken pipe")), Uncertain, FaultSession, 0},
		{wrap(socket.ErrFrameTooLarge), Refused, FaultMessage, 0},
		{refused(420), Refused, FaultLimit, 420},
		{refused(429), Refused, FaultLimit, 429},
		{refused(402), Refused, FaultLimit, 402},
		{context.Canceled, Uncertain, FaultLink, 0},
		{refused(400), Refused, FaultSession, 400},
		{refused(503), Refused, FaultSession, 503},
		{refused(463), Refused, FaultStranger, 463},
		{refused(479), Refused, FaultTemporary, 479},
		{refused(406), Refused, FaultRecipient, 406},
		{refused(413), Refused, FaultMessage, 413},
		{refused(499), Refused, FaultTemporary, 499},
	} {
		got := classify(test.err)
		if got.Outcome != test.outcome || got.Fault != test.fault || got.Code != test.code || !errors.Is(got, test.err) {
			t.Errorf("%v: got %+v, want %v, %v, %d", test.err, got, test.outcome, test.fault, test.code)
		}
	}
}

// A question about the recipient that is refused says as much as a refused message.
func TestUnasked(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err   error
		fault FaultKind
		code  int
	}{
		{&whatsmeow.IQError{Code: 429}, FaultLimit, 429},
		{&whatsmeow.IQError{Code: 500}, FaultSession, 500},
		{&whatsmeow.IQError{Code: 404}, FaultSession, 404}, // about the question, not about the person
		{whatsmeow.ErrIQTimedOut, FaultSession, 0},
		{whatsmeow.ErrNotConnected, FaultLink, 0},
	} {
		if got := unasked(fmt.Errorf("devices: %w", test.err)); got.Outcome != NotSent || got.Fault != test.fault || got.Code != test.code {
			t.Errorf("%v: got %+v, want %v, %d", test.err, got, test.fault, test.code)
		}
	}
}

func TestG4_SendErrorsNameNobody(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("wrapped: %w", &SendError{Outcome: NotSent, Fault: FaultSession, Err: errors.New("no LID found for 393331234567@s.whatsapp.net from server")})
	if strings.Contains(err.Error(), "333") {
		t.Errorf("got %q", err)
	}
}

func TestNewMessageID(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^3EB0[0-9A-F]{18}$`)
	seen := make(map[string]bool)
	for range 1000 {
		id := NewMessageID()
		if !form.MatchString(id) || seen[id] {
			t.Fatalf("got %q, want a new ID in WhatsApp Web's form", id)
		}
		seen[id] = true
	}
}
