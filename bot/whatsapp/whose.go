package whatsapp

import (
	"strings"

	"go.mau.fi/whatsmeow/types"
)

// identityOf tells whom a value of a column names; not ok: nobody, or a place where many read. A name of a form that we do
// not know is somebody's of whom nothing is known.
func identityOf(form columnForm, value string) (_ types.JID, ok bool) {
	user, server := value, types.DefaultUserServer
	switch form {
	case formLID:
		server = types.HiddenUserServer
	case formSignal:
		user, _, _ = strings.Cut(value, ":")
		var agent string
		switch user, agent, _ = strings.Cut(user, "_"); agent {
		case "", "0", "128": // a person, and a hosted device of theirs
		case "1", "129":
			server = types.HiddenUserServer
		default:
			server = agent
		}
	case formJID:
		if user, server, ok = strings.Cut(value, "@"); !ok {
			return types.EmptyJID, false
		}
		user, server, ok = ownerOf(user, server)
		if !ok {
			return types.EmptyJID, false
		}
	}
	return types.NewJID(user, server), user != ""
}

// ownerOf tells whom the two parts of a JID name.
func ownerOf(user, server string) (_, _ string, ok bool) {
	if end := strings.IndexAny(user, ".:/"); end >= 0 {
		user = user[:end]
	}
	switch server {
	case types.DefaultUserServer, types.LegacyUserServer, types.HostedServer:
		return user, types.DefaultUserServer, true
	case types.HiddenUserServer, types.HostedLIDServer:
		return user, types.HiddenUserServer, true
	case types.GroupServer:
		founder, _, old := strings.Cut(user, "-") // old groups are named after the number of who made them
		return founder, types.DefaultUserServer, old
	case types.BroadcastServer, types.NewsletterServer:
		return "", "", false
	}
	return user, server, true
}
