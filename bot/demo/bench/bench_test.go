package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"banditore/bot/memdir"
)

func TestMain(m *testing.M) {
	if code, is := asWorker(os.Args[1:]); is {
		os.Exit(code)
	}
	os.Exit(memdir.Run(m))
}

// A small run of the whole: every sender reaches everybody in every way, once, without an
// offence, and everything that is told of it was measured.
func TestSmallRun(t *testing.T) {
	t.Parallel()
	o, err := parse([]string{"--subscribers", "20", "--ordinary", "10", "--plain", "5", "--round-trips", "0", "--cpuprofile", t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	o.putOff = 0
	var r results
	if err := r.measureAt(t.Context(), o, 0); err != nil {
		t.Fatal(err)
	}
	want := []result{
		{sender: plainSender, contact: first, people: 5}, {sender: plainSender, contact: later, people: 5},
		{sender: ordinarySender, contact: first, people: 10}, {sender: ordinarySender, contact: later, people: 10}, {sender: ordinarySender, contact: restarted, people: 10},
		{sender: urgentSender, contact: first, people: 20}, {sender: urgentSender, contact: later, people: 20}, {sender: urgentSender, contact: restarted, people: 20},
	}
	if len(r.rows) != len(want) || len(r.kept) != len(allSenders()) {
		t.Fatalf("got %d announcements of %d senders, want %d of %d", len(r.rows), len(r.kept), len(want), len(allSenders()))
	}
	for i, row := range r.rows {
		if row.sender != want[i].sender || row.contact != want[i].contact || row.people != want[i].people {
			t.Errorf("got %+v, want %+v", row, want[i])
		}
		if row.rate <= 0 || row.cpu <= 0 || row.peak < 1<<20 || row.first <= 0 || row.last < row.first {
			t.Errorf("not measured: %+v", row)
		}
	}
	for _, f := range r.kept {
		if f.session <= 0 {
			t.Errorf("nothing is kept: %+v", f)
		}
	}
	profiles, err := os.ReadDir(o.profiles)
	if err != nil || len(profiles) != len(want) {
		t.Errorf("%d profiles, %v, want %d", len(profiles), err, len(want))
	}
}

// outcome is a run that was not made.
func outcome() *results {
	return &results{
		rows: []result{
			{trip: 50 * time.Millisecond, sender: plainSender, contact: first, people: 100, rate: 6.4, cpu: 6 * time.Millisecond, peak: 30 << 20, first: 500 * time.Millisecond, last: time.Second},
			{trip: 50 * time.Millisecond, sender: plainSender, contact: later, people: 100, rate: 20, cpu: 2 * time.Millisecond, peak: 30 << 20, first: 500 * time.Millisecond, last: time.Second},
			{trip: 50 * time.Millisecond, sender: urgentSender, contact: first, people: 1000, rate: 320, cpu: 3 * time.Millisecond, peak: 40 << 20, first: 500 * time.Millisecond, last: 3 * time.Second},
			{trip: 50 * time.Millisecond, sender: urgentSender, contact: restarted, people: 1000, rate: 400, cpu: time.Millisecond, peak: 40 << 20, first: 500 * time.Millisecond, last: 3 * time.Second},
			{sender: urgentSender, contact: first, people: 1000, rate: 350, cpu: 3 * time.Millisecond, peak: 40 << 20, first: 500 * time.Millisecond, last: 3 * time.Second},
		},
		kept: []footprint{{sender: urgentSender, people: 1000, session: 600_000, list: 900_000, idle: 90 * time.Millisecond, idled: time.Minute}},
	}
}

// Each row is compared with the plain loop's at the same round trip: with the same contact,
// or after a restart with its later one.
func TestRatios(t *testing.T) {
	t.Parallel()
	text := outcome().markdown(time.Now())
	for _, want := range []string{
		"| urgent, first contact   |   1000 |        320 | 50.0 |   3.00 | 0.50 |      40 |           0.50 |          3.00 |",
		"| urgent, after a restart |   1000 |        400 | 20.0 |   1.00 | 0.50 |",
		"|   1000 |        350 |  – |   3.00 |  – |",
		"|                   600 |                 900 | 0.090 in 1m0s |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	width := 0
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(line); !strings.HasPrefix(line, "|") {
			width = 0
		} else if width == 0 {
			width = n
		} else if n != width {
			t.Errorf("not aligned: %q", line)
		}
	}
}

// The picture has a bar for each row, as long as it is fast, and is XML.
func TestPicture(t *testing.T) {
	t.Parallel()
	picture := outcome().svg()
	for _, want := range []string{"Round trip 50 ms:", "Round trip 0 ms:", `width="420" height="18"`, ">320 (×50.0)<", `class="plain" x="190" y="58" width="6"`} {
		if !strings.Contains(picture, want) {
			t.Errorf("no %q in\n%s", want, picture)
		}
	}
	for d := xml.NewDecoder(bytes.NewReader([]byte(picture))); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for _, wrong := range [][]string{{"--round-trips", "0,fast"}, {"--senders", "urgent,pigeon"}, {"--subscribers", "1"}, {"argument"}} {
		if _, err := parse(wrong); err == nil {
			t.Errorf("%v is taken", wrong)
		}
	}
	o, err := parse([]string{"--round-trips", "0,50", "--senders", "urgent", "--subscribers", "40"})
	if err != nil || len(o.roundTrips) != 2 || o.roundTrips[1] != 50*time.Millisecond || len(o.senders) != 1 || o.people[plainSender] != 40 {
		t.Errorf("got %+v, %v", o, err)
	}
}
