package whatsapptest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/types"
)

// account is a person or an office: a number, a hidden identity, a main phone and perhaps
// other devices.
type account struct {
	number  string // digits only
	lid     string
	phone   *Phone
	devices map[uint16]*device
	highest uint16 // device numbers are never used again
	links   uint32 // the key index of the last link
	gone    bool
	owners  int // how many had the number before
	moves   int // how often the LID changed
	sync    appState
	tokens  map[string][]byte // trust tokens that this account gave, by the other account's number
	privacy map[string]string // what the owner has chosen, by category
	wrote   map[string]bool   // the numbers that its real clients wrote to
}

// device is one of an account's: a simulated handset or a real client, never both.
type device struct {
	acct     *account
	id       uint16
	keyIndex uint32
	phone    *Phone
	linked   *linked
	counters []usedCounter // of the last payloads for it
}

// lidFor derives the hidden identity of a number: fifteen digits, the same in every process.
func lidFor(number string) string {
	sum := sha256.Sum256([]byte("lid/" + number))
	return fmt.Sprintf("%015d", 100_000_000_000_000+binary.BigEndian.Uint64(sum[:8])%900_000_000_000_000)
}

// jid is the address of one of the account's devices in an address space,
// types.DefaultUserServer or types.HiddenUserServer.
func (a *account) jid(space string, device uint16) types.JID {
	user := a.number
	if space == types.HiddenUserServer {
		user = a.lid
	}
	return types.JID{User: user, Device: device, Server: space}
}

// order lists the account's devices by number.
func (a *account) order() []*device {
	ids := slices.Sorted(maps.Keys(a.devices))
	list := make([]*device, len(ids))
	for i, id := range ids {
		list[i] = a.devices[id]
	}
	return list
}

// nextDevice reserves the next device number of the account.
func (a *account) nextDevice() uint16 {
	a.highest++
	return a.highest
}

// find returns the account behind an address of either space, or nil. Numbers may come from
// the old space c.us.
func (s *Server) findLocked(jid types.JID) *account {
	switch jid.Server {
	case types.HiddenUserServer:
		return s.lids[jid.User]
	case types.DefaultUserServer, types.LegacyUserServer:
		return s.accounts[jid.User]
	}
	return nil
}

// participantHash is the "phash" that client and server compare: over all devices of both
// sides, the sending one included.
func participantHash(jids []types.JID) string {
	addresses := make([]string, len(jids))
	for i, jid := range jids {
		addresses[i] = fmt.Sprintf("%s.0:%d@%s", jid.User, jid.Device, jid.Server)
	}
	slices.Sort(addresses)
	sum := sha256.Sum256([]byte(strings.Join(addresses, "")))
	return "2:" + base64.RawStdEncoding.EncodeToString(sum[:6])
}

// deviceJIDs lists the addresses of all devices of the accounts in one space.
func deviceJIDs(space string, accounts ...*account) []types.JID {
	var list []types.JID
	for _, a := range accounts {
		for _, d := range a.order() {
			list = append(list, a.jid(space, d.id))
		}
	}
	return list
}

// digits strips a number in E.164 of its plus sign.
func digits(number string) string { return strings.TrimPrefix(number, "+") }
