package whatsapp

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

func openForTest(t testing.TB, dir string) *Client {
	t.Helper()
	c, err := Open(t.Context(), Options{Dir: dir, Number: "+393343679575"})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// sessionBytes are all bytes of all files of session.db.
func sessionBytes(t *testing.T, dir string) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, sessionFile+"*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no session.db in the directory: %v", err)
	}
	var all []byte
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, content...)
	}
	return all
}

// A new version of the library with a new table or column must be looked at before it is used: does it hold people?
func TestG5_EveryColumnIsKnown(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	rows, err := c.db.Query(`SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND upper(c.type) NOT IN ('BIGINT', 'INTEGER', 'BOOLEAN')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	impersonal := []string{ // ours, random, or erased with the row that a person column finds
		"whatsmeow_version.compat", "whatsmeow_device.*", "whatsmeow_identity_keys.our_jid", "whatsmeow_identity_keys.identity",
		"whatsmeow_pre_keys.*", "whatsmeow_sessions.our_jid", "whatsmeow_sessions.session", "whatsmeow_sender_keys.our_jid",
		"whatsmeow_sender_keys.sender_key", "whatsmeow_app_state_sync_keys.*", "whatsmeow_app_state_version.*",
		"whatsmeow_app_state_mutation_macs.*", "whatsmeow_contacts.our_jid", "whatsmeow_contacts.first_name", "whatsmeow_contacts.full_name",
		"whatsmeow_contacts.push_name", "whatsmeow_contacts.business_name", "whatsmeow_contacts.redacted_phone",
		"whatsmeow_chat_settings.our_jid", "whatsmeow_message_secrets.our_jid", "whatsmeow_message_secrets.message_id",
		"whatsmeow_message_secrets.key", "whatsmeow_privacy_tokens.our_jid", "whatsmeow_privacy_tokens.token", "whatsmeow_nct_salt.*",
		"whatsmeow_event_buffer.*", "whatsmeow_retry_buffer.our_jid", "whatsmeow_retry_buffer.message_id", "whatsmeow_retry_buffer.format",
		"whatsmeow_retry_buffer.plaintext", "banditore_facts.*", "banditore_stale_lids.since",
		"banditore_notices.*", // Forget refuses while one is there that can (clearNotices)
	}
	columns := 0
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		columns++
		known := slices.Contains(impersonal, table+"."+column) || slices.Contains(impersonal, table+".*") ||
			slices.ContainsFunc(personColumns(), func(p personColumn) bool { return p.table == table && p.column == column })
		if !known {
			t.Errorf("%s.%s: nobody has decided whether it can hold a person", table, column)
		}
	}
	if columns < 50 {
		t.Fatalf("got %d columns, want the whole schema", columns)
	}
}

func TestG5_ForgetErasesEveryFormAndNobodyElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := openForTest(t, dir)
	const our = "393343679575:1@s.whatsapp.net"
	insertDevice(t, c.db, our)
	// The neighbours' digits begin or end with the person's; one has the digits as the other kind of identity.
	gone := person{"393331234567", "117540327481234"}
	kept := []person{{"3933312345671", "1175403274812341"}, {"1393331234567", "2117540327481234"}, {"117540327481234", "393331234567"}}
	insertPerson(t, c.db, our, gone)
	for _, neighbour := range kept {
		insertPerson(t, c.db, our, neighbour)
	}
	before := countRows(t, c.db)

	if err := c.Forget(t.Context(), []Address{{LID: gone.lid}}); err != nil { // the map knows the number
		t.Fatalf("forget: %v", err)
	}
	if got, want := countRows(t, c.db), before*3/4; got != want {
		t.Errorf("got %d rows after forgetting one of four, want %d", got, want)
	}
	if lid := c.people.other(t.Context(), Address{Number: "+" + gone.number}.numberJID()); !lid.IsEmpty() {
		t.Errorf("the map of LIDs still knows the person")
	}
	if err := c.Forget(t.Context(), []Address{{Number: "+" + gone.number, LID: gone.lid}}); err != nil {
		t.Fatalf("forget again: %v", err)
	}

	// Bytes: the neighbours' names are different, so erase them and look for what remains.
	for _, neighbour := range kept {
		if err := c.Forget(t.Context(), []Address{{Number: "+" + neighbour.number}}); err != nil {
			t.Fatalf("forget a neighbour: %v", err)
		}
	}
	all := sessionBytes(t, dir)
	for _, trace := range []string{"333123", "3274812"} {
		if bytes.Contains(all, []byte(trace)) {
			t.Errorf("session.db still holds %q", trace)
		}
	}
}

func TestForgetSparesOurselves(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	insertDevice(t, c.db, "393343679575:1@s.whatsapp.net")
	insertPerson(t, c.db, "393343679575:1@s.whatsapp.net", person{"393343679575", "5555555555"})
	before := countRows(t, c.db)
	if err := c.Forget(t.Context(), []Address{{Number: "+393343679575"}, {}, {Number: "+39*"}, {LID: "%"}}); err != nil {
		t.Fatalf("forget: %v", err)
	}
	// The LID is the counterpart of our number, so without a link only its own rows may go.
	if got := countRows(t, c.db); got < before/2 {
		t.Errorf("got %d rows of %d, want ours kept", got, before)
	}
}

func TestG5_ForgetSaysWhenTheJournalIsHeld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := openForTest(t, dir)
	insertDevice(t, c.db, "393343679575:1@s.whatsapp.net")
	insertPerson(t, c.db, "393343679575:1@s.whatsapp.net", person{"393331234567", "117540327481234"})
	if _, err := c.db.Exec("PRAGMA busy_timeout = 50"); err != nil {
		t.Fatal(err)
	}
	reader, err := sql.Open("sqlite3", dsn(filepath.Join(dir, sessionFile), "mode=ro"))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	tx, err := reader.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow("SELECT count(*) FROM whatsmeow_sessions").Scan(&n); err != nil || n == 0 {
		t.Fatalf("got %d sessions, %v, want some", n, err)
	}
	address := []Address{{Number: "+393331234567"}}
	if err := c.Forget(t.Context(), address); err != ErrBusy {
		t.Fatalf("got %v, want ErrBusy", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := c.Forget(t.Context(), []Address{{Number: "+393331234567", LID: "117540327481234"}}); err != nil {
		t.Fatalf("forget with nobody reading: %v", err)
	}
	if bytes.Contains(sessionBytes(t, dir), []byte("33312345")) {
		t.Error("session.db still holds the number")
	}
}

// tokenShelf is a store of tokens that counts what it is given.
type tokenShelf struct {
	store.NoopStore
	put int
}

func (s *tokenShelf) PutPrivacyTokens(_ context.Context, tokens ...store.PrivacyToken) error {
	s.put += len(tokens)
	return nil
}

func TestG5_LateTokensAreTurnedAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shelf := &tokenShelf{}
		p := &people{kept: func() {}, forgotten: make(map[types.JID]time.Time), tokens: shelf}
		gone, here := types.NewJID("111111", types.HiddenUserServer), types.NewJID("222222", types.HiddenUserServer)
		put := func(want int) {
			t.Helper()
			shelf.put = 0
			if err := p.PutPrivacyTokens(t.Context(), store.PrivacyToken{User: gone}, store.PrivacyToken{User: here}); err != nil {
				t.Fatal(err)
			}
			if shelf.put != want {
				t.Errorf("got %d tokens stored, want %d", shelf.put, want)
			}
		}
		nothing := func() error { return nil }
		put(2)
		p.forget([]types.JID{gone}, nothing)
		put(1)
		p.learn(t.Context(), addressOf(gone))
		put(2) // who writes again is known again
		p.forget([]types.JID{gone}, nothing)
		time.Sleep(lateToken)
		put(2)
		p.forget([]types.JID{here}, nothing)
		if len(p.forgotten) != 1 {
			t.Errorf("got %d people on the list of the forgotten, want the last one only", len(p.forgotten))
		}
	})
}

// The phone's history pairs the identities of everybody it has ever met. Who has just left is not brought back by it, by
// whichever of the two they were forgotten.
func TestG5_TheHistoryBringsNobodyBack(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	pairs := []store.LIDMapping{
		{LID: types.NewJID("111111", types.HiddenUserServer), PN: types.NewJID("393331111111", types.DefaultUserServer)},
		{LID: types.NewJID("222222", types.HiddenUserServer), PN: types.NewJID("393332222222", types.DefaultUserServer)},
		{LID: types.NewJID("333333", types.HiddenUserServer), PN: types.NewJID("393333333333", types.DefaultUserServer)},
	}
	if err := c.Forget(t.Context(), []Address{{LID: "111111"}, {Number: "+393332222222"}}); err != nil {
		t.Fatal(err)
	}
	if err := c.people.PutManyLIDMappings(asked(t.Context()), pairs); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{false, false, true} {
		if known := !c.people.other(t.Context(), pairs[i].PN).IsEmpty(); known != want {
			t.Errorf("person %d: known is %v, want %v", i, known, want)
		}
	}
}

type person struct{ number, lid string }

func insertDevice(t *testing.T, db *sql.DB, our string) {
	t.Helper()
	_, err := db.Exec(`INSERT INTO whatsmeow_device (jid, registration_id, noise_key, identity_key, signed_pre_key, signed_pre_key_id,
		signed_pre_key_sig, adv_key, adv_details, adv_account_sig, adv_account_sig_key, adv_device_sig)
		VALUES (?, 1, zeroblob(32), zeroblob(32), zeroblob(32), 1, zeroblob(64), x'00', x'00', zeroblob(64), zeroblob(32), zeroblob(64))`, our)
	if err != nil {
		t.Fatal(err)
	}
}

// insertPerson writes a row of every form a person can have.
func insertPerson(t *testing.T, db *sql.DB, our string, p person) {
	t.Helper()
	for _, column := range personColumns() {
		var values []string
		switch column.form {
		case formLID, formNumber:
			continue // one row, below
		case formSignal:
			values = []string{p.number + ":0", p.number + ":12", p.lid + "_1:0", p.lid + "_1:33"}
		case formJID:
			values = []string{p.number + "@s.whatsapp.net", p.number + ":5@s.whatsapp.net", p.lid + "@lid", p.lid + ":5@lid"}
		}
		for _, value := range values {
			insertRow(t, db, our, column, value)
		}
	}
	if _, err := db.Exec("INSERT INTO whatsmeow_lid_map (lid, pn) VALUES (?, ?)", p.lid, p.number); err != nil {
		t.Fatal(err)
	}
}

func insertRow(t *testing.T, db *sql.DB, our string, column personColumn, value string) {
	t.Helper()
	rest := map[string]string{
		"whatsmeow_sessions": "session) VALUES (?, ?, x'00'", "whatsmeow_identity_keys": "identity) VALUES (?, ?, zeroblob(32)",
		"whatsmeow_contacts": "push_name) VALUES (?, ?, 'x'", "whatsmeow_chat_settings": "pinned) VALUES (?, ?, true",
		"whatsmeow_privacy_tokens":        "token, timestamp) VALUES (?, ?, x'00', 0",
		"whatsmeow_retry_buffer":          "message_id, format, plaintext, timestamp) VALUES (?, ?, 'id', 'wa', x'00', 0",
		"sender_id":                       "chat_id, sender_key) VALUES (?, ?, 'g@g.us', x'00'",
		"chat_id":                         "sender_id, sender_key) VALUES (?, ?, 'x:0', x'00'",
		"whatsmeow_message_secretschat":   "sender_jid, message_id, key) VALUES (?, ?, 'x@lid', 'id', x'00'",
		"whatsmeow_message_secretssender": "chat_jid, message_id, key) VALUES (?, ?, 'x@lid', 'id', x'00'",
	}
	key := column.table
	switch column.table {
	case "whatsmeow_sender_keys":
		key = column.column
	case "whatsmeow_message_secrets":
		key += strings.TrimSuffix(column.column, "_jid")
	}
	if _, err := db.Exec(fmt.Sprintf("INSERT INTO %s (our_jid, %s, %s)", column.table, column.column, rest[key]), our, value); err != nil {
		t.Fatalf("%s.%s: %v", column.table, column.column, err)
	}
}

func countRows(t *testing.T, db *sql.DB) int {
	t.Helper()
	tables := make(map[string]bool)
	for _, column := range personColumns() {
		tables[column.table] = true
	}
	sum := 0
	for table := range tables {
		var n int
		if err := db.QueryRowContext(context.WithoutCancel(t.Context()), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	return sum
}
