package whatsapp

import (
	"testing"

	"go.mau.fi/whatsmeow/types"
)

// Whoever got a message is known again by their number, their LID and those that it replaced, on any device, also a hosted
// one; and nobody else is.
func TestG1_WhoeverGotAMessageIsKnownAgain(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	const number, lid, former = "393331234567", "117540327481234", "117540327480000"
	c.people.learn(t.Context(), Address{Number: "+" + number, LID: lid})
	if _, err := c.db.Exec(`INSERT INTO banditore_stale_lids (lid, number, fresh, since) VALUES (?, ?, ?, 0)`, former, number, lid); err != nil {
		t.Fatal(err)
	}
	addresses := []Address{{Number: "+" + number}, {LID: lid}, {Number: "+" + number, LID: lid}, {LID: former}, {Number: "+" + number, LID: former}}
	jid := func(user, server string, device uint16) types.JID {
		return types.JID{User: user, Server: server, Device: device}
	}
	for _, from := range []types.JID{
		jid(number, types.DefaultUserServer, 0), jid(number, types.DefaultUserServer, 99), jid(number, types.HostedServer, 99),
		jid(lid, types.HiddenUserServer, 0), jid(lid, types.HiddenUserServer, 12), jid(lid, types.HostedLIDServer, 99), jid(former, types.HiddenUserServer, 1),
	} {
		s, err := c.senderOf(t.Context(), from)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range addresses {
			if !s.Is(a) {
				t.Errorf("%s, device %d: not known under address %d", from.Server, from.Device, i)
			}
		}
	}
	for _, from := range []types.JID{jid("222222", types.HiddenUserServer, 0), jid("393339999999", types.DefaultUserServer, 0), jid(lid, types.DefaultUserServer, 0), jid(number, types.HiddenUserServer, 0)} {
		s, err := c.senderOf(t.Context(), from)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range addresses {
			if s.Is(a) {
				t.Errorf("%s: taken for the recipient at address %d", from.Server, i)
			}
		}
	}
	// A number that has passed to somebody else is no proof against their LID.
	if (Sender{Numbers: []string{"+" + number}, LIDs: []string{"222222"}}).Is(Address{Number: "+" + number, LID: lid}) {
		t.Error("the next owner of the number is taken for the recipient")
	}
}

// Who is forgotten leaves no receipt in memory that waits to be answered.
func TestG5_WishesOfTheForgottenAreDropped(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	for _, lid := range []string{"111111", "222222"} {
		device := types.JID{User: lid, Server: types.HiddenUserServer, Device: 3}
		keep(c.repeats, c.repeats.heard, repeatKeyOf("3EB0", device), nil)
		keep(c.repeats, c.repeats.kept, repeatKeyOf("3EB0", device), nil)
	}
	if err := c.Forget(t.Context(), []Address{{LID: "111111"}}); err != nil {
		t.Fatal(err)
	}
	if len(c.repeats.heard) != 1 || len(c.repeats.kept) != 1 {
		t.Errorf("%d and %d are kept, want those of the other", len(c.repeats.heard), len(c.repeats.kept))
	}
}
