package desk

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"time"

	"banditore/bot/page"
	"banditore/bot/spool"
	"banditore/store"
)

// Each page of the minutes holds the hash of the one before, and the database the
// hash of each. [Archive] compares the two, so that who changes, removes or slips in a page
// afterwards must change the database, and all later pages, too.

// Archive compares the pages in the spool folder dir with what the database says of
// them, and says in English what is wrong, one page to a line. It is no error; sound
// is how many pages are there as they were written. It changes nothing, and may run
// beside the daemon: the database is read first, because a page is there before its
// row is.
func Archive(ctx context.Context, db *store.Store, dir string, at *time.Location) (faults []string, sound int, err error) {
	kept, err := db.Chain(ctx)
	if err != nil {
		return nil, 0, err
	}
	c := newChain(kept, at)
	if err := spool.Archive(dir, c.see); err != nil && (len(kept) > 0 || !errors.Is(err, fs.ErrNotExist)) {
		return nil, 0, err
	}
	return c.judge(time.Now()), len(c.found), nil
}

// chain is what the database says of the minutes, and what was seen of them.
type chain struct {
	kept   []store.KeptMinutes
	byHash map[[32]byte]store.KeptMinutes
	hashes map[int][32]byte // by number
	named  map[string]bool  // the names that pages ought to have
	at     *time.Location

	found    map[int]bool                 // by number
	other    map[string]spool.MinutesFile // pages of no known hash, and what is no page, by path
	breaches []string
}

func newChain(kept []store.KeptMinutes, at *time.Location) *chain {
	c := &chain{kept: kept, at: at, byHash: map[[32]byte]store.KeptMinutes{}, hashes: map[int][32]byte{}, named: map[string]bool{}, found: map[int]bool{}, other: map[string]spool.MinutesFile{}}
	for _, k := range kept {
		c.named[spool.MinutesName(k.File)] = true
		if k.Number > 0 {
			c.byHash[k.Hash], c.hashes[k.Number] = k, k.Hash
		}
	}
	return c
}

// see takes a page of the folders.
func (c *chain) see(p spool.MinutesFile) {
	k, known := c.byHash[sha256.Sum256(p.HTML)]
	if p.Trouble != "" || !known {
		if p.Named {
			p.HTML = nil
			c.other[p.Path] = p
		}
		return
	}
	c.found[k.Number] = true
	if base := path.Base(p.Path); base != spool.MinutesName(k.File) && c.named[base] {
		c.breaches = append(c.breaches, fmt.Sprintf("%q holds the page of another announcement: %s", p.Path, c.label(k)))
	}
	if page.PreviousOf(p.HTML) != c.hashes[k.Number-1] {
		c.breaches = append(c.breaches, c.label(k)+": the hash that it holds of the page before is not the database's: the page before was replaced there")
	}
}

// label names a page by its announcement and the day.
func (c *chain) label(k store.KeptMinutes) string {
	name := fmt.Sprintf("%q of %s", k.Name, k.Accepted.In(c.at).Format(time.DateOnly))
	if k.Number == 0 {
		return name
	}
	return fmt.Sprintf("page %d, about %s", k.Number, name)
}

// judge says what is wrong.
func (c *chain) judge(now time.Time) []string {
	faults := c.gaps()
	for _, k := range c.kept {
		switch at, there := c.inPlaceOf(k); {
		case c.found[k.Number] && k.Number > 0:
			continue
		case k.Number == 0:
			faults = append(faults, c.label(k)+": the database has no minutes of it: they were removed there, or never written")
			continue
		case !there:
			faults = append(faults, c.label(k)+": missing: removed, or moved out of inviati and ritirare")
		case c.other[at].Trouble != "":
			faults = append(faults, fmt.Sprintf("%s: %q is not the page: %s", c.label(k), at, c.other[at].Trouble))
			delete(c.other, at)
		default:
			faults = append(faults, fmt.Sprintf("%s: changed: %q is not as it was written", c.label(k), at))
			delete(c.other, at)
		}
	}
	slices.Sort(c.breaches)
	return append(append(faults, c.breaches...), c.strange(now)...)
}

// gaps are numbers that the database ought to have.
func (c *chain) gaps() (faults []string) {
	next := 1
	for _, k := range c.kept {
		if k.Number == 0 {
			break
		}
		if next < k.Number {
			faults = append(faults, fmt.Sprintf("the database has no page %d, but later ones: it was removed there", next))
		}
		next = k.Number + 1
	}
	return faults
}

// inPlaceOf is what has the name of the page, and not what it held.
func (c *chain) inPlaceOf(k store.KeptMinutes) (at string, there bool) {
	for _, at := range slices.Sorted(maps.Keys(c.other)) {
		if path.Base(at) == spool.MinutesName(k.File) {
			return at, true
		}
	}
	return "", false
}

// strange are pages that nobody wrote, as far as the database knows. The newest one
// may be of just now.
func (c *chain) strange(now time.Time) (faults []string) {
	const justNow = time.Minute
	for _, at := range slices.Sorted(maps.Keys(c.other)) {
		p := c.other[at]
		if p.Info != nil {
			if age := now.Sub(p.Info.ModTime()); age >= 0 && age < justNow && p.Trouble == "" {
				continue
			}
		}
		words := "banditore has not written it, or after the backup that was restored"
		if p.Trouble != "" {
			words = p.Trouble
		}
		faults = append(faults, fmt.Sprintf("%q: no page that the database knows: %s", at, words))
	}
	return faults
}
