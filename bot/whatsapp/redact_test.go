package whatsapp

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

func TestG4_LibrarySaysNothingAboutPeople(t *testing.T) {
	t.Parallel()
	citizen := types.JID{User: "393331234567", Device: 4, Server: types.DefaultUserServer}
	lid := types.NewJID("117540327481234", types.HiddenUserServer)
	node := &binary.Node{Tag: "message", Attrs: binary.Attrs{"from": citizen, "notify": "Mario Rossi"}, Content: []byte("Attiva Notizie")}
	for _, test := range []struct {
		format string
		args   []any
	}{
		{"Failed to parse message from %s", []any{citizen}},
		{"No LID found for %v, tried %v", []any{&citizen, []types.JID{lid}}},
		{"%s", []any{node}},
		{"Node handling is taking long for %s (started %s ago)", []any{node, time.Second}},
		{"Unknown stream error: %+v", []any{*node}},
		{"Push name of %s changed from %s to %q", []any{lid, "Mario Rossi", "Mario"}},
		{"Error: %v", []any{fmt.Errorf("no LID found for %s from server", citizen)}},
		{"Error: %v", []any{fmt.Errorf("parsing %q: invalid syntax", "Mario Rossi")}},
		{"Error: %v", []any{fmt.Errorf("unexpected response: %s", node.String())}},
		{"Error: %v", []any{errors.New("call +39 333 123 45 67, (0039) 333-1234567 or 333.123.4567")}},
		{"Error: %v", []any{errors.New("١٢٣٤٥٦٧٨ wrote")}},
		{"Failed to encrypt %s for %s", []any{"3EB0C767D097B7C3A1", "393331234567_1:0"}},
		{"%d devices of %d", []any{uint64(393331234567), 117540327481234}},
		{"%x", []any{[]byte("Mario Rossi")}},
		{"%v %+v", []any{struct{ Name string }{"Mario Rossi"}, map[string]string{"Mario": "Rossi"}}},
		{"Sent to 393331234567@s.whatsapp.net and 117540327481234:7@lid", nil},
		{"too few of %s", nil},
		{"too many", []any{"Mario Rossi", citizen}},
	} {
		var out bytes.Buffer
		newLibraryLog(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})), nil).Sub("Recv").Debugf(test.format, test.args...)
		said := out.String()
		if i := strings.Index(said, "said="); i < 0 {
			t.Fatalf("nothing logged for %q", test.format)
		} else {
			said = said[i:]
		}
		if leak := regexp.MustCompile(`(?i)\d{5}|rossi|333|4d6172|\p{Nd}{6}|notizie|3EB0`).FindString(said); leak != "" {
			t.Errorf("%q: got %q, which holds %q", test.format, said, leak)
		}
	}
}

func TestLibraryLogKeepsWhatHelps(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ format, want string }{
		{"Sent retry #%d", "Sent retry #3"},
		{"for %s", "for [id]"},
		{"%v", "websocket not connected"},
		{"got %s", "got [stanza iq]"},
	} {
		arg := map[string]any{
			"Sent retry #%d": 3, "for %s": "3EB0C767D097B7C3A1", "%v": errors.New("websocket not connected"), "got %s": &binary.Node{Tag: "iq"},
		}[test.format]
		if got := (saying{test.format, []any{arg}}).LogValue().String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func FuzzG4_Redact(f *testing.F) {
	for _, seed := range []string{"393331234567", "from 393331234567:4@s.whatsapp.net x", "a@lid", "<message from=\"", "\"Mario", "12 34-56.78", "٣٩٣٣٣١٢٣", "\xff1234567"} {
		f.Add(seed)
	}
	longNumber := regexp.MustCompile(`\p{Nd}{5,}|\p{Nd}(?:[\s.\-/()_:+]*\p{Nd}){5,}`)
	f.Fuzz(func(t *testing.T, s string) {
		for _, text := range []string{s, s + "393331234567", "117540327481234@lid" + s, s + "@lid", "<" + s} {
			said := redact(text)
			if longNumber.MatchString(said) {
				t.Fatalf("redact(%q) = %q holds a number", text, said)
			}
			if strings.ContainsAny(said, "<\"") {
				t.Fatalf("redact(%q) = %q holds a stanza or a quotation", text, said)
			}
			if redact(said) != said {
				t.Fatalf("redact(%q) is not stable: %q, then %q", text, said, redact(said))
			}
		}
		if said := (saying{"%s", []any{s}}).LogValue().String(); len(s) > 1 && strings.Contains(said, s) && !messageID.MatchString(s) && !strings.Contains("[text]", s) {
			t.Fatalf("a string was repeated: %q", said)
		}
	})
}

func TestG4_AddressIsHidden(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	address := Address{Number: "+393331234567", LID: "117540327481234"}
	text := Text{ID: "3EB0AA", From: address, Kind: KindText, Body: "Attiva Notizie Mario Rossi Saronno"}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("got", "address", address, "text", text)
	fmt.Fprintf(&out, "%v %s", address, address)
	if got := out.String(); strings.Contains(got, "333") || strings.Contains(got, "1175") || strings.Contains(got, "Mario") {
		t.Errorf("got %s, want neither number, LID nor text", got)
	}
}
