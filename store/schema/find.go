package schema

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
)

// Places are where something stands in a database, by table and column, and in how many
// values.
type Places map[string]int

// String lists the places in order.
func (p Places) String() string { return strings.Join(slices.Sorted(maps.Keys(p)), ", ") }

// Find looks at every value of every table, by no index, for digits that are part of no
// longer number. Part tells whether they are part of a longer one somewhere.
func Find(ctx context.Context, db querier, digits string) (found Places, part bool, err error) {
	objects, err := Read(ctx, db)
	if err != nil {
		return nil, false, err
	}
	found = Places{}
	for _, o := range objects {
		if o.Type != "table" || strings.HasPrefix(o.Name, "sqlite_") {
			continue
		}
		err := EachValue(ctx, db, o.Name, func(column string, value any) error {
			whole, longer := holds(value, digits)
			if whole {
				found[o.Name+"."+column]++
			}
			part = part || longer
			return nil
		})
		if err != nil {
			return nil, false, err
		}
	}
	return found, part, nil
}

// holds tells whether a value has digits in it: as a whole, and as part of a longer number.
func holds(value any, digits string) (whole, part bool) {
	var text []byte
	switch v := value.(type) {
	case string:
		text = []byte(v)
	case []byte:
		text = v
	}
	for {
		at := bytes.Index(text, []byte(digits))
		if at < 0 {
			return whole, part
		}
		end := at + len(digits)
		if at > 0 && isDigit(text[at-1]) || end < len(text) && isDigit(text[end]) {
			part = true
		} else {
			whole = true
		}
		text = text[at+1:]
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
