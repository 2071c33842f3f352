package whatsapptest

import (
	"fmt"
	"slices"
	"time"
)

// Phone is a person's handset: the main phone of an account, or another device of it
// ([Phone.LinkDevice]). It decrypts what arrives, sends receipts and keeps what it showed. All
// methods may be called from any goroutine.
type Phone struct {
	s    *Server
	acct *account
	id   uint16 // 0 is the main phone
	adv  []byte // the identity that the main phone vouched for; nil for the main phone
	hand handset

	// guarded by the server's lock
	style     addressing
	name      string
	offline   bool
	quiet     bool // see KeepQuiet
	noKeys    bool
	backlog   []func() // what arrived while it was offline
	unsent    []func() // what was written while it was offline
	shown     []Message
	copies    []Message
	seen      map[string]int          // by sender and message ID: its place in shown or copies, from 1; -1: it is in neither
	missed    map[string]time.Time    // by sender and message ID: what came and could not be read, and when
	orphans   map[string][]*amendment // edits and deletions of what has still to come
	repeats   int
	retries   map[string]int    // retry receipts by sender device and message ID
	written   map[string]resend // what it sent, by message ID
	delivered map[string]bool   // what it wrote and a recipient has, by message ID
	ticks     []string          // what it wrote and a recipient has read
	marked    []string          // what linked devices have marked as read
	chats     chats
	history   History
	held      []func()            // pieces of history that wait for Release
	garbled   map[string]*garbled // what it wrote so that no client can read it, by message ID
	silent    bool                // see Tell
	asked     map[string]int      // how often linked devices asked for a message
	changed   chan struct{}       // closed at the next message, when somebody waits
	counter   int
}

// Message is what a phone shows.
type Message struct {
	ID       string
	From     string // number in E.164
	FromLID  string
	To       string // number in E.164, of a copy of what the own account sent; else empty
	Text     string // the body or a caption, as last edited, or the new words of another simulated handset's edit
	Kind     string // "text", "image", "document", "video", "audio", "contact", "edit", or "other"
	CardName string // the name on a contact card
	Card     string // the contact card itself, a vCard
	At       time.Time
	Edited   bool // a real client has changed the text since
	Deleted  bool // a real client has taken it back: the text and the file are gone

	// Of a message with a file: the file, decrypted and verified, and what the message says of it. All phones share the
	// bytes.
	Media         []byte // nil if it could not be had
	Sum           string // the hexadecimal SHA-256 of Media
	MIME          string
	FileName      string // of a document
	Width, Height int
	Pages         int
	Seconds       int
	Thumbnail     []byte // a JPEG

	form      form      // what an edit must not change
	editedAt  int64     // by the author's clock, in milliseconds
	deletedAt time.Time // by the server's clock
}

// addressing is how a person's messages are addressed.
type addressing int

const (
	byLID addressing = iota
	byNumber
	lidOnly
	numberOnly
)

// NewPhone makes an account with a main phone, online. The number is in E.164 ("+39..."); the
// LID is derived from it and the same in every process. Messages come from the LID with the
// number beside it. A number that has a phone already, or none but digits after the plus sign,
// is a mistake of the test and panics.
func (s *Server) NewPhone(number string) *Phone {
	plain := digits(number)
	if len(number) != len(plain)+1 || len(plain) < 5 || slices.ContainsFunc([]byte(plain), func(b byte) bool { return b < '0' || b > '9' }) {
		panic("whatsapptest: not a number in E.164")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.accounts[plain] != nil {
		panic("whatsapptest: the number has a phone already")
	}
	return s.openAccountLocked(plain, 0)
}

// openAccountLocked makes an account; earlier counts those that had its number before.
func (s *Server) openAccountLocked(plain string, earlier int) *Phone {
	name := plain
	if earlier > 0 {
		name += "#" + number(earlier)
	}
	acct := &account{number: plain, lid: lidFor(name), owners: earlier, devices: map[uint16]*device{}}
	acct.phone = &Phone{s: s, acct: acct, hand: newHandset(name), name: "Citizen " + plain[len(plain)-4:]}
	acct.devices[0] = &device{acct: acct, phone: acct.phone}
	s.accounts[plain], s.lids[acct.lid] = acct, acct
	return acct.phone
}

// Phone returns the main phone of a number in E.164, or nil.
func (s *Server) Phone(number string) *Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	if acct := s.accounts[digits(number)]; acct != nil {
		return acct.phone
	}
	return nil
}

// Number is the account's number in E.164.
func (p *Phone) Number() string { return "+" + p.acct.number }

// LID is the user part of the account's hidden identity: digits, which are not a number.
func (p *Phone) LID() string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.acct.lid
}

func (p *Phone) device() *device { return p.acct.devices[p.id] }

func (p *Phone) setStyle(style addressing) *Phone {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.style = style
	return p
}

// ByNumber lets this phone's messages come from its number from now on, with the LID beside
// it. It returns the phone.
func (p *Phone) ByNumber() *Phone { return p.setStyle(byNumber) }

// ByLID lets this phone's messages come from its LID from now on, with the number beside it,
// as they do at first.
func (p *Phone) ByLID() *Phone { return p.setStyle(byLID) }

// HideNumber lets this phone's messages come from its LID alone.
func (p *Phone) HideNumber() *Phone { return p.setStyle(lidOnly) }

// HideLID lets this phone's messages come from its number alone.
func (p *Phone) HideLID() *Phone { return p.setStyle(numberOnly) }

// Named sets the name that the phone shows to others; empty shows none.
func (p *Phone) Named(name string) *Phone {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.name = name
	return p
}

// Messages returns what the phone showed, in the order of arrival, each ID of a sender once.
func (p *Phone) Messages() []Message {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return slices.Clone(p.shown)
}

// Repeats counts how often a message arrived again after it had been shown.
func (p *Phone) Repeats() int {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.repeats
}

// SentCopies returns the copies of what the account's other devices sent, verified against
// what the recipients got.
func (p *Phone) SentCopies() []Message {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return slices.Clone(p.copies)
}

func (p *Phone) noteReceipt(ids []string, read bool) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	for _, id := range ids {
		if _, ours := p.written[id]; !ours {
			continue
		}
		if read && !slices.Contains(p.ticks, id) {
			p.ticks = append(p.ticks, id)
		}
		if p.delivered == nil {
			p.delivered = map[string]bool{}
		}
		p.delivered[id] = true
	}
	p.changedLocked()
}

// GoOffline switches the phone off: what is sent to it waits at the server, what it writes
// waits in it.
func (p *Phone) GoOffline() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.offline = true
}

// GoOnline switches the phone on: it receives what waited, in order, and sends what it had
// written.
func (p *Phone) GoOnline() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.offline = false
	for _, task := range append(p.backlog, p.unsent...) {
		p.s.enqueueLocked(task)
	}
	p.backlog, p.unsent = nil, nil
}

// Read sends a read receipt for a message that was shown. Phones do not read by themselves. An
// unknown ID is ignored.
func (p *Phone) Read(id string) { p.Confirm(true, id) }

// LinkDevice adds a device of the same person, as WhatsApp Web: with its own identity and
// sessions, listed by usync from now on. It gets every message of the account, sends receipts
// from its own address, and writes like any phone.
func (p *Phone) LinkDevice() *Phone {
	owner := p.acct.phone.hand.identityKey()
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	a := p.acct
	a.links++
	web := &Phone{s: p.s, acct: a, id: a.nextDevice(), style: p.style, name: p.name}
	web.hand = newHandset(a.number + ":" + number(web.id))
	own := web.hand.identityKey()
	identity, err := vouch(owner, *own.Pub, a.links, time.Now())
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err))
	}
	identity.DeviceSignature = sign(own, []byte(devicePrefix), identity.Details, own.Pub[:], owner.Pub[:])
	web.adv = marshalIdentity(identity)
	d := &device{acct: a, id: web.id, keyIndex: a.links, phone: web}
	a.devices[web.id] = d
	p.s.announceLocked(d, "add", owner)
	return web
}

// UnlinkDevice removes this device from its account. The main phone cannot be removed.
func (p *Phone) UnlinkDevice() {
	owner := p.acct.phone.hand.identityKey()
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	d := p.device()
	if p.id == 0 || d == nil {
		return
	}
	delete(p.acct.devices, p.id)
	p.s.announceLocked(d, "remove", owner)
}

// WithoutKeys makes the phone one that usync knows but that has no prekeys: nobody new can
// write to it. Sessions go on.
func (p *Phone) WithoutKeys() *Phone {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.noKeys = true
	return p
}

// Gone deletes the account as far as others can see: usync leaves it out and there are no
// keys. Its messages stay readable to the test.
func (p *Phone) Gone() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.acct.gone = true
}

// ForgetSessions makes the phone unable to decrypt what comes in a session; it asks for it
// again, with new keys.
func (p *Phone) ForgetSessions() { p.hand.forget() }
