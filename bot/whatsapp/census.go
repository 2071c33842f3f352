package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"go.mau.fi/whatsmeow/types"
)

// Reasons tells of each of some people, in their order, whether there is a reason to hold anything on them. Each has one
// identity only: a number or a LID.
type Reasons func(ctx context.Context, people []Address) ([]bool, error)

// Holding is how many identities session.db holds, of other people than ourselves: numbers and LIDs, each counted once,
// however many rows it has. Who is known by both counts twice.
type Holding struct {
	Identities int
	Unreasoned int // those for which there is no reason
}

// HeldIn reads from the session.db in dir how many identities it holds, also while a daemon runs there. Like [PairedNumber]
// it creates nothing. Own is the service's number (E.164).
func HeldIn(ctx context.Context, dir, own string, reasons Reasons) (h Holding, err error) {
	path := filepath.Join(dir, sessionFile)
	db, err := openBeside(path)
	if errors.Is(err, os.ErrNotExist) {
		return h, nil
	}
	if err != nil {
		return h, faultOf(path, err)
	}
	defer db.Close()
	c, err := newCensus(ctx, db, own, reasons)
	if err == nil {
		err = c.judge(ctx)
	}
	if err != nil {
		return h, faultOf(path, fmt.Errorf("count who is held: %w", err))
	}
	return Holding{Identities: c.held, Unreasoned: len(c.without)}, nil
}

// census looks at every identity in session.db, over a connection of its own that only reads: nobody waits for it.
type census struct {
	db      *sql.DB
	columns []personColumn // whose tables are there
	own     map[types.JID]bool
	reasons Reasons

	known   map[identityKey]bool      // those that have been looked at
	held    int                       // how many there are
	without map[types.JID][]types.JID // those without a reason, and what is known to be the same person's, themselves included
}

// censusBatch is how many identities are asked about at once.
const censusBatch = 1000

func newCensus(ctx context.Context, db *sql.DB, number string, reasons Reasons) (*census, error) {
	c := &census{db: db, reasons: reasons, known: make(map[identityKey]bool), without: make(map[types.JID][]types.JID)}
	c.own = map[types.JID]bool{Address{Number: number}.numberJID(): true}
	tables, err := readColumn(ctx, db, `SELECT name FROM sqlite_schema WHERE type = 'table'`)
	if err != nil {
		return nil, err
	}
	for _, column := range personColumns() {
		if slices.Contains(tables, column.table) {
			c.columns = append(c.columns, column)
		}
	}
	if !slices.Contains(tables, "whatsmeow_device") {
		return c, nil
	}
	lids, err := readColumn(ctx, db, `SELECT lid FROM whatsmeow_device WHERE lid IS NOT NULL`)
	for _, lid := range lids {
		if jid, ok := identityOf(formJID, lid); ok {
			c.own[jid] = true
		}
	}
	return c, err
}

func readColumn(ctx context.Context, db *sql.DB, query string, args ...any) (list []string, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, rows.Err()
}

// judge fills in held and without.
func (c *census) judge(ctx context.Context) error {
	var batch []types.JID
	look := func() error {
		has, err := c.ask(ctx, batch)
		for i, jid := range batch {
			if err == nil && !has[i] {
				c.without[jid] = nil
			}
		}
		batch = batch[:0]
		return err
	}
	for _, column := range c.columns {
		err := c.each(ctx, column, func(_ int64, _ string, jid types.JID) error {
			if !c.isNew(jid) {
				return nil
			}
			c.held++
			if batch = append(batch, jid); len(batch) < censusBatch {
				return nil
			}
			return look()
		})
		if err != nil {
			return err
		}
	}
	if err := look(); err != nil {
		return err
	}
	return c.judgeKin(ctx)
}

// judgeKin leaves out those of whom another identity has a reason: the list may know somebody by their number, and the
// session is under their LID.
func (c *census) judgeKin(ctx context.Context) error {
	for jid := range c.without {
		kin, err := c.kin(ctx, jid)
		if err != nil {
			return err
		}
		c.without[jid] = kin
	}
	for some := range slices.Chunk(slices.Collect(maps.Keys(c.without)), censusBatch) {
		reasoned, err := c.reasoned(ctx, some)
		if err != nil {
			return err
		}
		for _, jid := range reasoned {
			delete(c.without, jid)
		}
	}
	return nil
}

// reasoned lists those of some without a reason for whom there is one after all, under any identity.
func (c *census) reasoned(ctx context.Context, some []types.JID) (list []types.JID, err error) {
	var kin []types.JID
	for _, jid := range some {
		kin = append(kin, c.without[jid]...)
	}
	has, err := c.ask(ctx, kin)
	if err != nil {
		return nil, err
	}
	for _, jid := range some {
		n := len(c.without[jid])
		if slices.Contains(has[:n], true) {
			list = append(list, jid)
		}
		has = has[n:]
	}
	return list, nil
}

func (c *census) ask(ctx context.Context, people []types.JID) ([]bool, error) {
	if len(people) == 0 {
		return nil, nil
	}
	addresses := make([]Address, len(people))
	for i, jid := range people {
		addresses[i] = addressOf(jid)
	}
	has, err := c.reasons(ctx, addresses)
	if err != nil {
		return nil, fmt.Errorf("whether there is a reason: %w", err)
	}
	for i, jid := range people {
		has[i] = has[i] || c.own[jid]
	}
	return has, nil
}

// each calls do with every value of a column that names somebody.
func (c *census) each(ctx context.Context, column personColumn, do func(row int64, value string, jid types.JID) error) error {
	row := "rowid"
	if column.keyed {
		row = "0"
	}
	rows, err := c.db.QueryContext(ctx, fmt.Sprintf("SELECT %s, %s FROM %s", row, column.column, column.table))
	if err != nil {
		return fmt.Errorf("%s: %w", column.table, err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var value string
		if err := rows.Scan(&id, &value); err != nil {
			return fmt.Errorf("%s: %w", column.table, err)
		}
		if jid, ok := identityOf(column.form, value); ok {
			if err := do(id, value, jid); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

// identityKey is an identity in few bytes: there are tens of thousands.
type identityKey struct {
	server string
	user   uint64
}

// isNew tells whether an identity is seen for the first time and is to be asked about: it is not ours, and can be somebody's.
func (c *census) isNew(jid types.JID) bool {
	if c.own[jid] {
		return false
	}
	user, err := strconv.ParseUint(jid.User, 10, 64)
	if err != nil || jid.User[0] == '0' { // no reason is ever found for it
		if _, seen := c.without[jid]; !seen {
			c.without[jid] = nil
			c.held++
		}
		return false
	}
	key := identityKey{jid.Server, user}
	if c.known[key] {
		return false
	}
	c.known[key] = true
	return true
}
