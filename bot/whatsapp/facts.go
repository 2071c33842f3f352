package whatsapp

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// ownTables are what session.db holds of ours beside the library's tables. Nothing in banditore_facts is about a citizen.
const ownTables = `CREATE TABLE IF NOT EXISTS banditore_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
` + noticesTable + staleTable

// remember keeps a fact about the link or about WhatsApp itself, as JSON, until it is replaced.
func (c *Client) remember(ctx context.Context, name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("remember %s: %w", name, err)
	}
	const put = `INSERT INTO banditore_facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	if _, err := c.db.ExecContext(ctx, put, name, string(text)); err != nil {
		return faultOf(c.path, fmt.Errorf("remember %s: %w", name, err))
	}
	return nil
}

// keptVersion is what the last process remembered of the version; zero when it remembered nothing that can be read.
func (c *Client) keptVersion(ctx context.Context) Version {
	var text string
	var kept Version
	err := c.db.QueryRowContext(ctx, `SELECT value FROM banditore_facts WHERE name = ?`, versionFact).Scan(&text)
	if err == nil {
		err = json.Unmarshal([]byte(text), &kept)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		c.log.Warn("what is remembered of the version cannot be read", "error", err)
		return Version{}
	}
	return kept
}

// fact reads from the session.db in dir what was remembered under a name, also while a daemon runs there. ok is false when
// nothing was. Like [PairedNumber] it creates nothing.
func fact(ctx context.Context, dir, name string, into any) (ok bool, err error) {
	var text string
	ok, err = lookUp(ctx, dir, "banditore_facts", &text, `SELECT value FROM banditore_facts WHERE name = ?`, name)
	if err != nil || !ok {
		return false, err
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return false, fmt.Errorf("what is remembered of %s: %w", name, err)
	}
	return true, nil
}
