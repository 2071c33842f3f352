package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"banditore/store/datadir"
	"banditore/store/schema"
)

// digits are a person's identities as they stand in a file, whatever stands around
// them.
func (p Person) digits() (list []string) {
	for _, d := range []string{strings.TrimPrefix(string(p.Number), "+"), string(p.LID)} {
		if d != "" {
			list = append(list, d)
		}
	}
	return list
}

// Traces looks at every value of every table, by no index, for p's number and LID, and
// names the columns that hold one of them. Part tells whether some value holds them as
// part of a longer number, so that to find them in the file says nothing.
func (s *Store) Traces(ctx context.Context, p Person) (places []string, part bool, err error) {
	found := schema.Places{}
	err = s.reading(ctx, func(db querier) error {
		for _, digits := range p.digits() {
			places, longer, err := schema.Find(ctx, db, digits)
			if err != nil {
				return err
			}
			maps.Copy(found, places)
			part = part || longer
		}
		return nil
	})
	return slices.Sorted(maps.Keys(found)), part, err
}

// FileHolds tells whether the bytes of a file of the data directory hold p's number or
// LID. One that does not exist holds nothing.
func FileHolds(path string, p Person) (bool, error) {
	f, err := datadir.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	const piece, overlap = 1 << 20, 64 // no identity is as long
	buffer := make([]byte, 0, piece+overlap)
	for {
		n, err := f.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		for _, digits := range p.digits() {
			if bytes.Contains(buffer, []byte(digits)) {
				return true, nil
			}
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, fault(path, err)
		}
		kept := copy(buffer, buffer[max(0, len(buffer)-overlap):])
		buffer = buffer[:kept]
	}
}

// mustBeGone looks, by no index, for rows of people that were just deleted: something in
// the file may have kept them.
func (s *Store) mustBeGone(ctx context.Context, tx *sql.Tx, people []Person) error {
	if len(people) == 0 {
		return nil
	}
	for _, table := range []string{"answers", "handled", "questions", "erasures"} {
		var number string
		err := schema.EachValue(ctx, tx, table, func(column string, value any) error {
			text, _ := value.(string)
			switch column {
			case "number":
				number = text
			case "lid":
				if slices.ContainsFunc(people, func(p Person) bool {
					return text != "" && text == string(p.LID) || number != "" && number == string(p.Number) && (text == "" || p.LID == "")
				}) {
					return &Fault{Path: s.path, Problem: fmt.Sprintf("the table %s still holds somebody who was just deleted from it", table), Remedy: remedyForeign}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
