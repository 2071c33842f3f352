package bot_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/desk"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// condition reads how the service is as `banditore status` does.
func (w *town) condition() desk.Condition {
	w.t.Helper()
	db, err := store.OpenExisting(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	l, _, err := db.Link(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	lights, err := db.RedLights(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return desk.ConditionOf(l, lights, w.cfg.Sending.Location)
}

// A red light, from its cause to hours after. While it is red nobody is sent
// the announcement, nothing of it fails, and hardly anything is tried; a
// restart changes nothing of that. When the cause is gone it leaves by itself.
type redLight struct {
	name  string
	begin func(*town)
	end   func(*town) // nil: it ends by itself after red

	red                   time.Duration
	state                 string
	code                  int
	connections, attempts int // at most, while it is red, the restart's among them
	back                  time.Duration
	restart               bool
	answers               bool // leave all the same
}

func redLights() []redLight {
	refuseLogins := func(reason int, attributes map[string]string) func(*town) {
		return func(w *town) {
			w.server.FailLogins(reason, attributes)
			w.server.DropConnections()
		}
	}
	allowLogins := func(w *town) { w.server.FailLogins(0, nil) }
	pairAgain := func(w *town) {
		allowLogins(w)
		w.stop()
		w.pair()
		w.start()
	}
	refuse := func(code int) func(*town) {
		return func(w *town) { w.server.SetRefuser(func(*whatsapptest.Phone, string) int { return code }) }
	}
	accept := func(w *town) { w.server.SetRefuser(nil) }
	const hour = time.Hour
	return []redLight{
		{name: "suspended", begin: refuseLogins(402, map[string]string{"code": "101", "expire": "7200"}), end: allowLogins,
			red: 110 * time.Minute, state: "banned", code: 101, connections: 1, back: 11 * time.Minute, restart: true},
		{name: "outdated", begin: refuseLogins(405, nil), end: func(w *town) {
			allowLogins(w)
			w.server.SetOldestRevision(4_000_000_000) // the page names a version to go on with
		}, red: hour / 2, state: "outdated", code: 405, connections: 12, back: 11 * time.Minute, restart: true},
		{name: "refused for another reason", begin: refuseLogins(409, nil), end: allowLogins,
			red: hour / 2, state: "refused", code: 409, connections: 36, back: time.Minute, restart: true},
		{name: "logged out", begin: func(w *town) { w.server.Unlink(comune) }, end: pairAgain,
			red: 6 * hour, state: "logged_out", code: 401, back: time.Minute},
		{name: "account locked", begin: refuseLogins(403, nil), end: pairAgain,
			red: 6 * hour, state: "logged_out", code: 403, connections: 1, back: time.Minute},
		{name: "account banned", begin: refuseLogins(406, nil), end: pairAgain,
			red: 6 * hour, state: "logged_out", code: 406, connections: 1, back: time.Minute},
		{name: "replaced", begin: func(w *town) { w.server.Replace() },
			red: time.Minute, state: "replaced", back: 4 * time.Minute},
		{name: "half open", begin: func(w *town) { w.server.MuteConnections() },
			red: 42 * time.Second, state: "disconnected", attempts: 1, back: 78 * time.Second},
		{name: "too much", begin: refuse(429), end: accept,
			red: hour / 2, state: "limited", code: 429, attempts: 36, back: time.Minute, restart: true},
		{name: "too fast", begin: refuse(420), end: accept,
			red: hour / 2, state: "limited", code: 420, attempts: 36, back: time.Minute, restart: true},
		{name: "every message refused", begin: refuse(400), end: accept,
			red: hour / 2, state: "failing", code: 400, connections: 9, attempts: 41, back: time.Minute, restart: true},
		{name: "no message answered", begin: func(w *town) { w.loseMessages(true) }, end: func(w *town) { w.loseMessages(false) },
			red: hour, state: "failing", connections: 9, attempts: 41, back: 2 * time.Minute, restart: true},
		{name: "three strangers", begin: refuse(463), end: accept,
			red: 50 * time.Minute, state: "locked", code: 463, attempts: 3, back: 11 * time.Minute, restart: true},
		{name: "a lock with its end", begin: func(w *town) {
			w.server.RestrictReachout(comune, true, time.Now().Add(2*hour))
			time.Sleep(time.Second)
		}, red: 2*hour - time.Minute, state: "locked", back: 2 * time.Minute, restart: true, answers: true},
		{name: "a lock that is lifted", begin: func(w *town) {
			w.server.RestrictReachout(comune, true, time.Time{})
			time.Sleep(time.Second)
		}, end: func(w *town) { w.server.RestrictReachout(comune, false, time.Time{}) },
			red: 50 * time.Minute, state: "locked", back: time.Minute, answers: true},
	}
}

// loseMessages makes WhatsApp take messages in silence: nothing is acked, and
// nobody gets anything.
func (w *town) loseMessages(lost bool) {
	w.server.SetAckStaller(nil)
	for _, p := range append(slices.Clone(w.people), w.neighbour) {
		if lost {
			p.GoOffline()
		} else {
			p.GoOnline()
		}
	}
	if lost {
		w.server.SetAckStaller(func(*whatsapptest.Phone, string) bool { return true })
	}
}

func TestG7_RedLights(t *testing.T) {
	slow(t)
	t.Parallel()
	for _, l := range redLights() {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l.run(raise(t))
			})
		})
	}
}

func (l redLight) run(w *town) {
	people := w.subscribe(4)
	w.neighbour = w.citizen(77)
	time.Sleep(time.Minute)
	before, news := w.server.Stats(), "Una notizia."
	l.begin(w)
	w.drop("da_inviare", "a.txt", news)
	time.Sleep(l.red / 4)
	if l.state == string(store.LightLimited) || l.state == string(store.LightFailing) {
		for range 20 { // answers wait like everything else
			w.write(w.neighbour, "Aiuto")
		}
	}
	time.Sleep(l.red / 4)
	if l.restart {
		w.stop()
		w.start()
	}
	time.Sleep(l.red - l.red/2)

	c, restarts := w.condition(), 0
	if l.restart && l.state != "banned" && l.state != "outdated" && l.state != "refused" {
		restarts = 1 // a login that succeeds
	}
	if c.State != l.state || c.Code != l.code || c.Healthy {
		w.t.Errorf("condition %+v, want %s with code %d", c, l.state, l.code)
	}
	got := w.server.Stats()
	if n := got.Connections - before.Connections; n > l.connections+restarts {
		w.t.Errorf("%d connections while red, want at most %d", n, l.connections+restarts)
	}
	if n := got.Messages - before.Messages; n > l.attempts {
		w.t.Errorf("%d messages tried while red, want at most %d", n, l.attempts)
	}
	if list := w.announcements(); len(list) != 1 || list[0].Waiting != 4 || list[0].Failed != 0 {
		w.t.Errorf("announcements %+v, want one that waits for all four", list)
	}
	if l.answers {
		w.write(people[0], "A che ora apre la biblioteca?")
		time.Sleep(10 * time.Second)
		if m := people[0].Messages(); !strings.Contains(m[len(m)-1].Text, "112") {
			w.t.Error("somebody who wrote got no answer")
		}
	}
	if l.end != nil {
		l.end(w)
	}
	time.Sleep(l.back)
	for i, p := range people {
		if n := count(p, news); n != 1 {
			w.t.Errorf("phone %d shows it %d times %v after the cause was gone", i, n, l.back)
		}
	}
	if c := w.condition(); c.State != "connected" || !c.Healthy {
		w.t.Errorf("condition %+v afterwards", c)
	}
	time.Sleep(3 * time.Hour)
	if n := len(w.neighbour.Messages()); (n == 20) != (l.state == string(store.LightLimited) || l.state == string(store.LightFailing)) {
		w.t.Errorf("the neighbour got %d answers", n)
	}
	for i, p := range people {
		if n := count(p, news); n != 1 {
			w.t.Errorf("phone %d shows it %d times hours later", i, n)
		}
	}
}
