package whatsapp

import (
	"log/slog"
	"strings"

	"go.mau.fi/whatsmeow/types"
)

// Address is where a citizen is reached. WhatsApp shows a person under a number, under a LID, or under both; one of the
// two may be empty. A LID is a pseudonym that looks like a number and must never be shown or dialled as one.
type Address struct {
	Number string // E.164 with the plus sign ("+393331234567"), or ""
	LID    string // digits only, or ""
}

// LogValue hides the address: a log line may say which kinds are known and nothing else.
func (a Address) LogValue() slog.Value {
	switch {
	case a.Number != "" && a.LID != "":
		return slog.StringValue("[number and lid]")
	case a.Number != "":
		return slog.StringValue("[number]")
	case a.LID != "":
		return slog.StringValue("[lid]")
	}
	return slog.StringValue("[no address]")
}

// String hides the address as LogValue does, so that a stray %v cannot leak it.
func (a Address) String() string { return a.LogValue().String() }

// numberJID is the library's name for the number, or empty when there is no valid number.
func (a Address) numberJID() types.JID {
	return personJID(strings.TrimPrefix(a.Number, "+"), types.DefaultUserServer)
}

// lidJID is the library's name for the LID, or empty when there is no valid LID.
func (a Address) lidJID() types.JID { return personJID(a.LID, types.HiddenUserServer) }

func personJID(user, server string) types.JID {
	if !isDigits(user) {
		return types.EmptyJID
	}
	return types.NewJID(user, server)
}

func isDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// addressOf sorts the identities of one person into an Address; a LID's digits never become a number.
func addressOf(identities ...types.JID) Address {
	var address Address
	for _, jid := range identities {
		switch {
		case !isDigits(jid.User):
		case jid.Server == types.DefaultUserServer && address.Number == "":
			address.Number = "+" + jid.User
		case jid.Server == types.HiddenUserServer && address.LID == "":
			address.LID = jid.User
		}
	}
	return address
}
