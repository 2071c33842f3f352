package cli_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"banditore/store"
)

// publish puts an announcement with two pictures on the list, and sends some of it:
// the first picture to the first person, who is returned. The second fails.
func (o *office) publish(a store.NewAnnouncement) (reached store.Person) {
	o.t.Helper()
	now := time.Now()
	a.File, a.AcceptedAt, a.NotBefore, a.Messages = a.Name, now, now, 2
	for i := range 2 {
		name := fmt.Sprint(a.Name, "-", i, ".jpg")
		a.Attachments = append(a.Attachments, store.NewAttachment{AttachedFile: store.AttachedFile{Name: name, File: name, Kind: "image", MIME: "image/jpeg"}, Data: []byte{1}})
	}
	o.onList(func(db *store.Store) {
		published, err := db.Publish(o.t.Context(), a, "OUT")
		if err != nil {
			o.t.Fatal(err)
		}
		list, err := db.Attachments(o.t.Context(), published.ID)
		for _, x := range list {
			if err := db.Uploaded(o.t.Context(), x.ID, []byte("{}"), now); err != nil {
				o.t.Fatal(err)
			}
		}
		if err != nil {
			o.t.Fatal(err)
		}
		for part := range 2 {
			m, ok, err := db.ClaimDelivery(o.t.Context(), now, store.Ordinary, time.Minute)
			if err != nil || !ok || m.Part != part {
				o.t.Fatalf("claimed part %d, %v, %v", m.Part, ok, err)
			}
			if part == 0 {
				reached, err = m.To, db.Sent(o.t.Context(), m, now)
			} else {
				err = db.Fail(o.t.Context(), m, now, store.Rejected)
			}
			if err != nil {
				o.t.Fatal(err)
			}
		}
	})
	return reached
}

// show is what `announcements show` says of one, and what it tells a machine.
func (o *office) show(name string) (words string, machine map[string]any) {
	o.t.Helper()
	words, _ = o.banditore(0, "announcements", "show", name)
	text, _ := o.banditore(0, "announcements", "show", name, "--json")
	if err := json.Unmarshal([]byte(text), &machine); err != nil {
		o.t.Fatal(err)
	}
	return words, machine
}

// Which residents get an announcement, and that attachments have failed, is told where
// its figures are.
func TestG8_ShowSaysForWhomAndWhatFailed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.publish(store.NewAnnouncement{Content: store.Content{Name: "mercato.txt", Text: "Il mercato.", Comuni: []string{"Saronno", "Gerenzano"}}})
	words, machine := o.show("mercato")
	must(t, words, "only for residents of: Saronno, Gerenzano\n", "attachments that failed, to people who got the first message: 1\n")
	if got := fmt.Sprint(machine["comuni"], machine["attachments_failed"], machine["recipients"]); got != "[Saronno Gerenzano] 1 1" {
		t.Errorf("for a machine: %s in %v", got, machine)
	}
	o.publish(store.NewAnnouncement{Content: store.Content{Name: "fiera.txt", Text: "La fiera."}})
	if words, machine := o.show("fiera"); strings.Contains(words, "only for") || machine["comuni"] != nil {
		t.Errorf("an announcement for everybody: %s%v", words, machine)
	}
}

// The names of the release before stand beside the new ones: what has not left is
// waiting, who left the list is unsubscribed, and what is over is finished.
func TestShow_NamesOfBefore(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	other := []string{mariaNumber}
	if o.publish(store.NewAnnouncement{Content: store.Content{Name: "fiera.txt", Text: "La fiera."}}).LID == mariaLID {
		other = []string{"--lid", hiddenLID}
	}
	expect := func(want string) {
		t.Helper()
		words, m := o.show("fiera")
		got := fmt.Sprint(m["stage"], m["state"], " waiting ", m["waiting"], m["left"], " cancelled ", m["cancelled"], " unsubscribed ", m["unsubscribed"])
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if stage := fmt.Sprint(m["stage"]); !strings.Contains(words, "fiera.txt     "+stage+" ") {
			t.Errorf("no %s in %q", stage, words)
		}
	}
	expect("runningrunning waiting 1 1 cancelled 0 unsubscribed 0")
	o.banditore(0, append([]string{"subscribers", "erase"}, other...)...)
	expect("finishedsent waiting 0 0 cancelled 1 unsubscribed 1")
	words, _ := o.show("fiera")
	must(t, words, "unsubscribed before it reached them: 1\n")
	if strings.Contains(words, "cancelled") {
		t.Errorf("nothing was cancelled: %s", words)
	}
}
