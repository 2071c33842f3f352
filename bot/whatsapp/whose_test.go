package whatsapp

import (
	"testing"

	"go.mau.fi/whatsmeow/types"
)

// However the library writes a person's name, it is read as theirs; a place is nobody.
func TestG5_WhoseNameItIs(t *testing.T) {
	t.Parallel()
	const number, lid = types.DefaultUserServer, types.HiddenUserServer
	for server, as := range map[string]string{
		number: number, types.HostedServer: number, types.LegacyUserServer: number, lid: lid, types.HostedLIDServer: lid,
	} {
		want := types.NewJID("393331234567", as)
		for _, device := range []uint16{0, 1, 12, 99} {
			jid := types.JID{User: "393331234567", Server: server, Device: device}
			for form, value := range map[columnForm]string{formJID: jid.String(), formSignal: jid.SignalAddress().String()} {
				if got, ok := identityOf(form, value); !ok || got != want {
					t.Errorf("%s is read as %s, want %s", value, got, want)
				}
			}
		}
	}
	for value, want := range map[string]string{
		"status@broadcast": "", "1700000000@broadcast": "", "120363000000000001@g.us": "", "120363000000000002@newsletter": "", "g.us": "", "": "",
		"393331234567-1589@g.us": "393331234567@s.whatsapp.net", "100@msgr": "100@msgr", "200@bot": "200@bot",
	} {
		if got, ok := identityOf(formJID, value); ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q is read as %s, want %q", value, got, want)
		}
	}
	for _, form := range []columnForm{formLID, formNumber, formSignal} {
		if got, ok := identityOf(form, ""); ok {
			t.Errorf("nothing is read as %s", got)
		}
	}
}
