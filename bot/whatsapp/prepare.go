package whatsapp

import (
	"context"
	"errors"
	"time"

	"github.com/mattn/go-sqlite3"
	"go.mau.fi/libsignal/session"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// PrepareLimit is how many people are asked about in one question.
const PrepareLimit = 128

// Prepare asks WhatsApp, for many people at once, what a send would ask for each: which LID a number has, which devices they
// have, and the keys of those we have no session with. Who is prepared costs a send no question. It is for people who are
// about to be written to; more than PrepareLimit are cut off. It fails for nobody: what it could not find out, the send asks
// again, and judges. It delays nobody's message but by the question for devices: the library lets no other go on meanwhile.
//
// LIDs and sessions are kept in session.db. Lists of devices are not: a list of before a restart may lack a device that was
// linked since, and the library takes none from us. While we are connected WhatsApp tells it of every change; a list that is
// wrong all the same is noticed by the acknowledgement of the next message (phash), which is then repeated for the new device.
func (c *Client) Prepare(ctx context.Context, people []Address) {
	l := c.current()
	if l == nil || c.State().State != StateConnected || !c.enter() {
		return
	}
	defer c.hands.Done()
	ctx, cancel := context.WithTimeout(ctx, SendDeadline)
	defer cancel()
	defer context.AfterFunc(c.stopping, cancel)()
	err := c.guarded(func() error {
		_, err := c.prepare(ctx, l, people[:min(len(people), PrepareLimit)])
		return err
	})
	if err != nil {
		c.log.Debug("the next recipients could not be prepared", "error", clean(err))
	}
}

// prepared is what sealing needs to know of many people.
type prepared struct {
	lids    map[Address]types.JID     // of those who are known, and not stale
	devices map[types.JID][]types.JID // by LID; our own too
}

func (c *Client) prepare(ctx context.Context, l *link, people []Address) (prepared, error) {
	p := prepared{devices: make(map[types.JID][]types.JID)}
	var err error
	if p.lids, err = c.lidsOf(ctx, l, people); err != nil {
		return p, err
	}
	ask := []types.JID{l.ownLID}
	for _, lid := range p.lids {
		ask = append(ask, lid)
	}
	var devices []types.JID
	err = c.inTurn(ctx, func() (err error) {
		devices, err = l.lib.GetUserDevices(ctx, ask)
		return err
	})
	if err != nil {
		return p, err
	}
	for _, device := range devices {
		lid := device.ToNonAD()
		p.devices[lid] = append(p.devices[lid], device)
	}
	return p, c.openSessions(ctx, l, devices)
}

// lidsOf finds the LIDs of people, and asks for those it does not know in one question.
func (c *Client) lidsOf(ctx context.Context, l *link, people []Address) (map[Address]types.JID, error) {
	lids := make(map[Address]types.JID, len(people))
	var unknown []types.JID
	for _, to := range people {
		lid := to.lidJID()
		if lid.IsEmpty() {
			lid = c.people.other(asked(ctx), to.numberJID())
			if !lid.IsEmpty() && !c.people.doubts.isSure(to.numberJID(), time.Now()) {
				continue // the number may have another by now: it goes by Send, which sees to that
			}
		}
		if lid.IsEmpty() {
			unknown = append(unknown, to.numberJID())
		}
		lids[to] = lid
	}
	if len(unknown) > 0 {
		found, err := l.lib.GetUserInfo(asked(ctx), unknown)
		if err != nil {
			return nil, err
		}
		for to, lid := range lids {
			if lid.IsEmpty() {
				lids[to] = found[to.numberJID()].LID.ToNonAD()
				if !lids[to].IsEmpty() {
					c.people.doubts.dispel(to.numberJID(), time.Now())
				}
			}
		}
	}
	for to, lid := range lids {
		if _, stale, err := c.staleLID(ctx, lid); err != nil {
			return nil, err
		} else if stale || lid.IsEmpty() {
			delete(lids, to)
		}
	}
	return lids, nil
}

// openSessions begins a session with each of the devices that has none.
func (c *Client) openSessions(ctx context.Context, l *link, devices []types.JID) error {
	missing, err := l.withoutSession(ctx, devices)
	if err != nil || len(missing) == 0 {
		return err
	}
	//lint:ignore SA1019 nothing else in the library asks this question
	bundles := l.lib.DangerousInternals().FetchPreKeysNoError(ctx, missing)
	if len(bundles) == 0 {
		return nil
	}
	ctx, release := c.people.hold(ctx)
	defer release()
	return l.sessions.together(ctx, nil, func(ctx context.Context, b *batch) error {
		for device, bundle := range bundles {
			address := device.SignalAddress()
			known, err := b.load(ctx, l.sessions.SessionStore, []string{address.String()})
			if err != nil {
				return err
			}
			if bundle == nil || known[address.String()] != nil || c.people.isForgotten(device) {
				continue // they have written, or left, meanwhile
			}
			err = session.NewBuilderFromSignal(l.lib.Store, address, store.SignalProtobufSerializer).ProcessBundle(ctx, bundle)
			if _, disk := errors.AsType[sqlite3.Error](err); disk {
				return err
			} // a phone with a new identity is left to the send, which knows what to do
		}
		return nil
	})
}

// withoutSession picks the devices, this one apart, with which there is no session.
func (l *link) withoutSession(ctx context.Context, devices []types.JID) (missing []types.JID, err error) {
	found, err := l.sessions.SessionStore.GetManySessions(ctx, l.addresses(devices))
	for _, device := range devices {
		if session, asked := found[device.SignalAddress().String()]; asked && session == nil {
			missing = append(missing, device)
		}
	}
	return missing, err
}

// addresses names the sessions with devices; with this one there is none.
func (l *link) addresses(devices []types.JID) []string {
	all := make([]string, 0, len(devices))
	for _, device := range devices {
		if device != l.lib.Store.GetLID() && device != l.lib.Store.GetJID() {
			all = append(all, device.SignalAddress().String())
		}
	}
	return all
}
