package whatsapp

import (
	"bytes"
	"testing"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waLidMigrationSyncPayload"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// Of the pairs that the phone tells, those of people we know are kept, and the others leave with the notice.
func TestG3_ThePairsOfPeopleWeKnowAreKept(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c, l := hostile(t, &log)
	if _, err := c.db.Exec("INSERT INTO whatsmeow_lid_map (lid, pn) VALUES ('100000000000001', '393990000001')"); err != nil {
		t.Fatal(err)
	}
	pair := func(number, lid uint64) *waLidMigrationSyncPayload.LIDMigrationMapping {
		return &waLidMigrationSyncPayload.LIDMigrationMapping{Pn: &number, AssignedLid: &lid}
	}
	packed, err := proto.Marshal(&waLidMigrationSyncPayload.LIDMigrationMappingSyncPayload{PnToLidMappings: []*waLidMigrationSyncPayload.LIDMigrationMapping{
		pair(393990000001, 100000000000009), pair(393990000002, 100000000000002),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if tell(t, c, l, &waE2E.ProtocolMessage{LidMigrationMappingSyncMessage: &waE2E.LIDMigrationMappingSyncMessage{EncodedMappingPayload: packed}}) {
		t.Error("it is to be read again")
	}
	for number, want := range map[string]string{"393990000001": "100000000000009", "393990000002": ""} {
		if got := c.people.other(t.Context(), types.NewJID(number, types.DefaultUserServer)).User; got != want {
			t.Errorf("got %q for a number, want %q", got, want)
		}
	}
}
