package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Asked says what an unfinished sign-up waits for.
type Asked string

// What a sign-up can wait for.
const (
	AskedDetails Asked = "details" // what is missing of name and Comune
	AskedConsent Asked = "consent" // a yes
)

// Signup is a registration that waits for the sender's next message.
type Signup struct {
	Asked Asked
	Details
	Words string // what he has written so far, letter by letter
}

const selectSignup = `SELECT asked, given_name, family_name, comune, words FROM signups`

// Signup is the sender's unfinished sign-up, if he has one that is still good.
func (i *Inbox) Signup() (Signup, bool, error) {
	return oneSignup(i.ctx, i.tx, isPerson+` AND due > @now`, i.in.From, i.now)
}

// Ask keeps an unfinished sign-up of the sender, who is not on the list, until
// keep has passed; then he is forgotten. It takes the place of an earlier one.
func (i *Inbox) Ask(s Signup, keep time.Duration) error {
	if err := i.change(`DELETE FROM signups WHERE ` + isPerson); err != nil {
		return err
	}
	err := i.change(`INSERT INTO signups (number, lid, asked, given_name, family_name, comune, words, due)
		VALUES (nullif(@number, ''), nullif(@lid, ''), @asked, @given, @family, @comune, @words, @due)`,
		sql.Named("asked", s.Asked), sql.Named("given", s.GivenName), sql.Named("family", s.FamilyName), sql.Named("comune", s.Comune),
		sql.Named("words", s.Words), sql.Named("due", stamp{i.now.Add(keep)}))
	if err != nil {
		return err
	}
	return i.ForgetAfter(keep)
}

// DropSignup ends the sender's sign-up, if he has one.
func (i *Inbox) DropSignup() error { return i.change(`DELETE FROM signups WHERE ` + isPerson) }

func oneSignup(ctx context.Context, db querier, where string, p Person, now time.Time) (s Signup, ok bool, err error) {
	err = db.QueryRowContext(ctx, selectSignup+` WHERE `+where+` LIMIT 1`, p.args(sql.Named("now", stamp{now}))...).
		Scan(&s.Asked, &s.GivenName, &s.FamilyName, &s.Comune, &s.Words)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return s, false, nil
	case err != nil:
		return s, false, fmt.Errorf("look up a sign-up: %w", err)
	}
	return s, true, nil
}
