package media

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// span is a part of a file.
type span struct{ from, to uint64 }

// maxChunks bounds what a hostile table can make us hold; a video of 16 MB has a
// few thousand chunks.
const maxChunks = 500_000

// samples says which parts of the file a track uses, chunk by chunk, from its
// tables: the sizes of the samples (stsz), how many are in a chunk (stsc), where
// the chunks are (stco, co64). Not ok: the tables do not fit together.
func samples(tables []box) (used []span, ok bool) {
	places, okPlaces := chunkPlaces(tables)
	size, count, okSizes := sampleSizes(tables)
	stsc, _ := find(tables, "stsc")
	runs, okRuns := rows(stsc.body, 4, 12)
	if !okPlaces || !okSizes || !okRuns || places.count() > maxChunks {
		return nil, false
	}
	next, run, perChunk := uint64(0), 0, uint64(0)
	for i := range places.count() {
		for run < runs.count() && runs.number(run, 0) <= uint64(i)+1 {
			perChunk = runs.number(run, 4)
			run++
		}
		if perChunk > count-next {
			return nil, false
		}
		at := places.place(i)
		if n := size(next, next+perChunk); n > 0 {
			used = append(used, span{at, at + n})
		}
		next += perChunk
	}
	return used, next == count
}

// table is the rows of a box that has nothing else, each so many bytes wide.
type table struct {
	data []byte
	wide int
}

// rows reads a table: a version and what follows it, skip bytes in all, then the
// number of rows and the rows.
func rows(body []byte, skip, wide int) (t table, ok bool) {
	if len(body) < skip+4 {
		return table{nil, wide}, false
	}
	n := int(binary.BigEndian.Uint32(body[skip:]))
	if body = body[skip+4:]; n > len(body)/wide {
		return table{nil, wide}, false
	}
	return table{body[:n*wide], wide}, true
}

func (t table) count() int { return len(t.data) / t.wide }

// number is the one that begins so many bytes into a row.
func (t table) number(row, at int) uint64 {
	return uint64(binary.BigEndian.Uint32(t.data[row*t.wide+at:]))
}

// place is a row that is one number of four or eight bytes.
func (t table) place(row int) uint64 {
	if t.wide == 8 {
		return binary.BigEndian.Uint64(t.data[row*8:])
	}
	return t.number(row, 0)
}

func chunkPlaces(tables []box) (table, bool) {
	if short, ok := find(tables, "stco"); ok {
		return rows(short.body, 4, 4)
	}
	long, _ := find(tables, "co64")
	return rows(long.body, 4, 8)
}

// sampleSizes gives the number of samples and a function that says how many bytes
// those from one to another take. All may have one size, and then a hostile
// number of them costs nothing.
func sampleSizes(tables []box) (size func(from, to uint64) uint64, count uint64, ok bool) {
	stsz, _ := find(tables, "stsz")
	if len(stsz.body) < 12 {
		return nil, 0, false
	}
	count = uint64(binary.BigEndian.Uint32(stsz.body[8:]))
	if same := uint64(binary.BigEndian.Uint32(stsz.body[4:])); same != 0 {
		return func(from, to uint64) uint64 { return (to - from) * same }, count, true
	}
	sizes, ok := rows(stsz.body, 8, 4)
	return func(from, to uint64) (sum uint64) {
		for i := from; i < to; i++ {
			sum += sizes.number(int(i), 0)
		}
		return sum
	}, count, ok
}

// blankUnused fills with zeros what no track refers to, and refuses a video of
// which a part is missing.
func (m *movie) blankUnused() *Refusal {
	slices.SortFunc(m.used, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	next := 0
	for _, mdat := range m.points {
		from, to := uint64(mdat.start), uint64(mdat.start+len(mdat.body))
		for ; next < len(m.used) && m.used[next].to <= to; next++ {
			u := m.used[next]
			if u.from < uint64(mdat.start) || u.to < u.from {
				return damaged(isMP4, "")
			}
			if u.from > from {
				clear(m.out[from:u.from])
			}
			from = max(from, u.to)
		}
		clear(m.out[from:to])
	}
	if next < len(m.used) {
		return incomplete(isMP4)
	}
	return nil
}

// eachSample calls for every sample of a track, until the answer is no; the tables
// are ones that fit together.
func eachSample(tables []box, call func(span) bool) {
	places, _ := chunkPlaces(tables)
	size, _, _ := sampleSizes(tables)
	stsc, _ := find(tables, "stsc")
	runs, _ := rows(stsc.body, 4, 12)
	next, run, perChunk := uint64(0), 0, uint64(0)
	for i := range places.count() {
		for run < runs.count() && runs.number(run, 0) <= uint64(i)+1 {
			perChunk = runs.number(run, 4)
			run++
		}
		at := places.place(i)
		for range perChunk {
			n := size(next, next+1)
			if !call(span{at, at + n}) {
				return
			}
			at += n
			next++
		}
	}
}
