package schema

import (
	"context"
	"fmt"
	"strings"
)

// EachValue gives every value of a table to look, row by row, and ends with its first
// error.
func EachValue(ctx context.Context, db querier, table string, look func(column string, value any) error) error {
	rows, err := db.QueryContext(ctx, `SELECT * FROM "`+strings.ReplaceAll(table, `"`, `""`)+`"`)
	if err != nil {
		return fmt.Errorf("read the table %s: %w", table, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return fmt.Errorf("read the table %s: %w", table, err)
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for n := range values {
		into[n] = &values[n]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read the table %s: %w", table, err)
		}
		for n, column := range columns {
			if err := look(column, values[n]); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the table %s: %w", table, err)
	}
	return nil
}
