package whatsapptest

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"
)

// A PDF is read here as far as it takes to count its pages: every object wherever it stands, the last of each number, and
// then the tree of pages from its root. What is encrypted or stranger than that is not counted.
var (
	pdfObject = regexp.MustCompile(`(?:^|[\s>])(\d{1,9})\s+\d{1,5}\s+obj\b`)
	pdfRoot   = regexp.MustCompile(`/Root\s+(\d{1,9})\s+\d{1,5}\s+R`)
	pdfPages  = regexp.MustCompile(`/Pages\s+(\d{1,9})\s+\d{1,5}\s+R`)
	pdfKids   = regexp.MustCompile(`/Kids\s*\[([^\]]*)\]`)
	pdfKid    = regexp.MustCompile(`(\d{1,9})\s+\d{1,5}\s+R`)
	pdfLeaf   = regexp.MustCompile(`/Type\s*/Page\b`)
	pdfPacked = regexp.MustCompile(`/Type\s*/ObjStm\b`)
	pdfFirst  = regexp.MustCompile(`/First\s+(\d{1,9})`)
	pdfStream = regexp.MustCompile(`stream\r?\n`)
)

// maxPacked bounds what one stream of a PDF may unpack to.
const maxPacked = 32 << 20

// countPages returns 0 when it is not sure.
func countPages(file []byte) int {
	objects := pdfObjects(file)
	roots := pdfRoot.FindAllSubmatch(file, -1)
	if len(roots) == 0 || bytes.Contains(file, []byte("/Encrypt")) {
		return 0
	}
	pages := pdfPages.FindSubmatch(objects[string(roots[len(roots)-1][1])])
	if pages == nil {
		return 0
	}
	count, sure := countKids(objects, string(pages[1]), map[string]bool{})
	if !sure {
		return 0
	}
	return count
}

// countKids counts the pages below a node of the tree.
func countKids(objects map[string][]byte, node string, seen map[string]bool) (count int, sure bool) {
	object, ok := objects[node]
	if !ok || seen[node] {
		return 0, false
	}
	seen[node] = true
	if pdfLeaf.Match(object) {
		return 1, true
	}
	kids := pdfKids.FindSubmatch(object)
	if kids == nil {
		return 0, false
	}
	for _, kid := range pdfKid.FindAllSubmatch(kids[1], -1) {
		below, ok := countKids(objects, string(kid[1]), seen)
		if !ok {
			return 0, false
		}
		count += below
	}
	return count, true
}

// pdfObjects finds the objects of a PDF by number, without their streams.
func pdfObjects(file []byte) map[string][]byte {
	objects := map[string][]byte{}
	starts := pdfObject.FindAllSubmatchIndex(file, -1)
	for i, at := range starts {
		end := len(file)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		body := file[at[1]:end]
		dict, stream := body, []byte(nil)
		if begin := pdfStream.FindIndex(body); begin != nil {
			dict, stream = body[:begin[0]], body[begin[1]:]
		}
		objects[string(file[at[2]:at[3]])] = dict
		if pdfPacked.Match(dict) {
			unpackObjects(objects, dict, stream)
		}
	}
	return objects
}

// unpackObjects adds the objects that a stream holds.
func unpackObjects(objects map[string][]byte, dict, stream []byte) {
	first := pdfFirst.FindSubmatch(dict)
	unpacked, err := zlib.NewReader(bytes.NewReader(stream))
	if first == nil || err != nil {
		return
	}
	plain, _ := io.ReadAll(io.LimitReader(unpacked, maxPacked)) // as far as it goes: what is missing is not counted
	begin, err := strconv.Atoi(string(first[1]))
	if err != nil || begin > len(plain) {
		return
	}
	index := bytes.Fields(plain[:begin])
	for i := 0; i+1 < len(index); i += 2 {
		from, err := strconv.Atoi(string(index[i+1]))
		to := len(plain) - begin
		if i+3 < len(index) {
			to, _ = strconv.Atoi(string(index[i+3]))
		}
		if err == nil && from <= to && begin+to <= len(plain) {
			objects[string(index[i])] = plain[begin+from : begin+to]
		}
	}
}
