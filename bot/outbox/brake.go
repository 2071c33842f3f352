package outbox

import (
	"slices"
	"sync"
	"time"

	"banditore/bot/loop"
	"banditore/store"
)

const (
	failuresInARow = 5  // of two people at least: then it is not their fault
	failuresOfMany = 6  // of the last
	many           = 50 // results
	lostInARow     = 10 // people whom WhatsApp does not know: then it is WhatsApp that has forgotten
	strangers      = 3  // people to whom we may not write first, within
	strangersTime  = 10 * time.Minute
	chargePause    = time.Hour // how often a message that alone keeps a light red is charged an attempt

	probePause     = 55 * time.Second // so that a cause which is gone is noticed within a minute
	probesQuick    = 60               // probes, about an hour, after which we try less often
	probePauseLong = 10 * time.Minute
	lockPause      = time.Hour // doubles up to lockPauseLong: trying makes a lock last longer
	lockPauseLong  = 6 * time.Hour
	idlePause      = time.Hour // after a probe that nobody could make
)

// nextProbe is how long after the given number of probes in vain the next one
// message is sent to see whether a light is still red.
func nextProbe(l store.Light, tries int) time.Duration {
	switch {
	case l == store.LightLocked:
		return min(lockPause<<min(tries, 10), lockPauseLong)
	case tries >= probesQuick:
		return probePauseLong
	}
	return probePause
}

// brake watches the results of what is sent, not the link, and says what may
// be tried. Its lights are what the store remembers of it; the rest is
// forgotten at the end of the process. The zero value is green.
type brake struct {
	mu     sync.Mutex // guards everything: WhatsApp's word comes from its goroutine
	lights map[store.Light]store.RedLight

	turned  map[store.Light]time.Time // when each red light was turned, or tried in vain, last
	hand    map[string]bool           // IDs of the messages that are being sent, and whether a phone says that it has them
	row     []store.Outgoing          // failures since the last success
	lost    int                       // people unknown to WhatsApp since the last success
	results []store.Person            // the last ones: nobody for a success, else whose failure
	refused []refusal                 // people to whom we may not write first
	charged time.Time                 // when a message was charged last for keeping a light red alone
}

type refusal struct {
	at time.Time
	o  store.Outgoing
}

// resume takes up the lights of the process before.
func (b *brake) resume(lights []store.RedLight) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lights = make(map[store.Light]store.RedLight)
	for _, r := range lights {
		b.lights[r.Light] = r
	}
}

// red lists the lights that are red.
func (b *brake) red() []store.RedLight {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []store.RedLight
	for _, l := range []store.Light{store.LightFailing, store.LightLimited, store.LightLocked} {
		if r, is := b.lights[l]; is {
			list = append(list, r)
		}
	}
	return list
}

// opens says from when on an answer, and a message of an announcement, may be
// tried. The zero time means: at once.
func (b *brake) opens() (answers, announcements time.Time) {
	for _, r := range b.red() {
		announcements = loop.Latest(announcements, r.Until)
		if r.Light != store.LightLocked {
			answers = loop.Latest(answers, r.Until)
		}
	}
	return answers, announcements
}

// sending notes a message in hand, until ended.
func (b *brake) sending(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hand == nil {
		b.hand = make(map[string]bool)
	}
	b.hand[id] = false
}

func (b *brake) ended(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.hand, id)
}

// proved takes a phone's word that it has messages, and returns the lights that
// turned green by it: one of those that failed had got through.
func (b *brake) proved(ids []string, now time.Time) (green []store.Light) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range ids {
		if _, is := b.hand[id]; is {
			b.hand[id] = true
		}
		i := slices.IndexFunc(b.row, func(o store.Outgoing) bool { return o.MessageID == id })
		if i >= 0 {
			green = append(green, b.passedLocked(b.row[i], now, now)...)
		}
	}
	return green
}

// passed notes a message that got through, and returns the lights it turned
// green. An answer proves nothing about a lock, nor does anything that left
// before WhatsApp's own end of it, nor about any light what left before it turned.
func (b *brake) passed(o store.Outgoing, left, now time.Time) (green []store.Light) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.passedLocked(o, left, now)
}

func (b *brake) passedLocked(o store.Outgoing, left, now time.Time) (green []store.Light) {
	b.row, b.lost, b.charged = nil, 0, time.Time{}
	for l, r := range b.lights {
		if l == store.LightLocked && (o.Announcement == 0 || now.Before(r.Until)) || left.Before(b.turned[l]) {
			continue
		}
		delete(b.lights, l)
		green = append(green, l)
	}
	if len(green) > 0 {
		b.results = nil
	}
	b.result(store.Person{})
	return green
}

// heard tells whether a phone has a message in hand, though WhatsApp's server
// says nothing.
func (b *brake) heard(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.hand[id]
}

// turn makes a light red, or counts one more try while it is. What left before the
// light was turned, or tried last, is no try: it was under way.
func (b *brake) turn(l store.Light, code int, left, now time.Time, uncharge []store.Outgoing) verdict {
	r, red := b.lights[l]
	if red && left.Before(b.turned[l]) {
		return verdict{waits: l, spared: true}
	}
	if red {
		r.Tries++
	} else {
		r = store.RedLight{Light: l, Since: now}
	}
	r.Code = code
	if !r.Told || r.Until.Before(now) { // WhatsApp's own word is better than our guess
		r.Told, r.Until = false, now.Add(nextProbe(l, r.Tries))
	}
	b.set(r)
	if b.turned == nil {
		b.turned = make(map[store.Light]time.Time)
	}
	b.turned[l] = now
	b.row = b.row[max(0, len(b.row)-failuresInARow):] // enough to tell whether it is one person's fault
	return verdict{changed: l, waits: l, spared: true, uncharge: slices.Clone(uncharge)}
}

func (b *brake) set(r store.RedLight) {
	if b.lights == nil {
		b.lights = make(map[store.Light]store.RedLight)
	}
	b.lights[r.Light] = r
}

// told takes WhatsApp's own word about first messages: until when we are
// locked (zero: it does not say), or that we are not. It returns the light.
func (b *brake) told(active bool, until, now time.Time) (r store.RedLight, red bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !active {
		delete(b.lights, store.LightLocked)
		return store.RedLight{}, false
	}
	r, red = b.lights[store.LightLocked]
	if !red {
		r = store.RedLight{Light: store.LightLocked, Since: now}
	}
	r.Told, r.Until = !until.IsZero(), until
	if !r.Told {
		r.Until = now.Add(nextProbe(store.LightLocked, r.Tries))
	}
	b.set(r)
	return r, true
}

// light is what is known of one light.
func (b *brake) light(l store.Light) store.RedLight {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lights[l]
}

// idle takes away the lights that nothing could try for long: who waits for
// nobody need not alarm anybody. The next message tells again. An end that
// WhatsApp named stands.
func (b *brake) idle(now time.Time) (green []store.Light) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for l, r := range b.lights {
		if !r.Told && now.Sub(r.Until) >= idlePause {
			delete(b.lights, l)
			green = append(green, l)
		}
	}
	return green
}

// over takes away a lock whose end WhatsApp had named and which has come.
func (b *brake) over(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, red := b.lights[store.LightLocked]
	if !red || !r.Told || now.Before(r.Until) {
		return false
	}
	delete(b.lights, store.LightLocked)
	return true
}
