package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"banditore/store/schema"
)

// The rows of a backup are somebody's words too: a table's CHECKs say what a column
// may hold as far as SQLite can tell, and the rest of the program trusts it. What is
// below is looked at once, when a backup is put in the place of the list.

const (
	// lastMoment is the end of the year 9999, beyond which no time can be shown.
	lastMoment = 253402300799999
	// longestText and longestName are in bytes, and more than we ever write.
	longestText = 1 << 20
	longestName = 1000
)

// judgeRows looks for values that none of ours can have: a file name that leads out
// of the spool, a number that is none, a time that cannot be told. It is for a
// database that [Store.mustBeOurs] has passed.
func (s *Store) judgeRows(ctx context.Context) error {
	return s.reading(ctx, func(db querier) error {
		objects, err := schema.Read(ctx, db)
		if err != nil {
			return err
		}
		for _, o := range objects {
			if o.Type != "table" || strings.HasPrefix(o.Name, "sqlite_") {
				continue
			}
			err := schema.EachValue(ctx, db, o.Name, func(column string, value any) error {
				if err := judgeValue(column, value); err != nil {
					return s.foreign(fmt.Sprintf("the column %s of the table %s in it holds %s", column, o.Name, err))
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return s.judgeReferences(ctx, db)
	})
}

func (s *Store) judgeReferences(ctx context.Context, db querier) error {
	var lost int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&lost); err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	if lost > 0 {
		return s.foreign(fmt.Sprintf("%d rows in it belong to rows that it does not hold", lost))
	}
	return nil
}

var (
	errFigure = errors.New("a figure that none of ours can be")
	errText   = errors.New("a text that none of ours can be")
	errPath   = errors.New("a file name that leads elsewhere")
	errPerson = errors.New("a number or a LID that is none")
)

// judgeValue tells what is wrong with a value; it does not repeat it.
func judgeValue(column string, value any) error {
	switch v := value.(type) {
	case int64:
		if v < 0 || v > lastMoment && v != math.MaxInt64 && !slices.Contains([]string{"news_from", "link_until"}, column) {
			return errFigure
		}
	case string:
		return judgeText(column, v)
	}
	return nil
}

func judgeText(column, text string) error {
	switch column {
	case "number", "preview_number", "list_number":
		if n, err := ParseNumber(text); text != "" && (err != nil || string(n) != text) {
			return errPerson
		}
	case "lid":
		if len(text) > longestLID || strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
			return errPerson
		}
	case "code":
		if c, ok := ParseCode(text); text != "" && (!ok || string(c) != text) {
			return errText
		}
	case "file":
		if text != "" && (text != filepath.Base(text) || !filepath.IsLocal(text) || strings.ContainsFunc(text, unicode.IsControl)) || len(text) > longestName {
			return errPath
		}
	case "folder":
		if text != "" && text != FolderWithdrawn {
			return errPath
		}
	case "comuni":
		if text != "" && json.Unmarshal([]byte(text), new([]string)) != nil {
			return errText
		}
	case "given_name", "family_name", "comune", "name", "day", "kind", "state", "sentence", "advice":
		if strings.ContainsFunc(text, unicode.IsControl) || len(text) > longestName {
			return errText
		}
	}
	if len(text) > longestText {
		return errText
	}
	return nil
}

// longestLID is in digits, and more than WhatsApp gives.
const longestLID = 20
