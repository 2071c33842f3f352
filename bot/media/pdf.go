package media

import (
	"bytes"
	"strconv"
)

// pdfTail is how far from its last mark a PDF may go on with what a mail program
// hung on. Readers look for the mark in the last 1024 bytes. Scanners and tapes fill
// up the last block with zeros: that is nothing.
const pdfTail = 1024

// readPDF checks that a PDF is whole and can be opened, and counts its pages. Its
// bytes stay, but for what comes after the end.
func readPDF(data []byte) (File, *Refusal) {
	mark := []byte("%%EOF")
	end := bytes.LastIndex(data, mark)
	if end < 0 || truncatedPDF(data[:end]) {
		return File{}, incomplete(isPDF)
	}
	end += len(mark)
	if rest := bytes.TrimRight(data[end:], pdfBlanks); len(rest) > pdfTail {
		return File{}, &Refusal{Reason: "dopo la fine del PDF ci sono altri dati",
			Advice: "aprilo e salvalo (o stampalo) di nuovo in formato PDF," + again}
	}
	for end < len(data) && (data[end] == '\r' || data[end] == '\n') {
		end++
	}
	doc := scanPDF(data[:end])
	if doc.locked() {
		return File{}, &Refusal{Reason: "il PDF si apre soltanto con una password",
			Advice: "salvalo senza password" + again}
	}
	return File{Kind: Document, MIME: "application/pdf", Data: data[:end:end],
		Pages: doc.pages(), Changed: end < len(data)}, nil
}

// truncatedPDF sees the mark that stands near the beginning of a PDF made for the
// web: there the table is said to be at 0. When it is the last one, the rest of
// the file is missing.
func truncatedPDF(before []byte) bool {
	const word = "startxref"
	at := bytes.LastIndex(before, []byte(word))
	if at < 0 {
		return true
	}
	offset, err := strconv.Atoi(string(bytes.TrimSpace(before[at+len(word):])))
	return err != nil || offset <= 0 || offset >= len(before)
}

// pages is the number of pages, 0 when it cannot be told: what an encrypted PDF
// keeps in compressed streams cannot be read.
func (d *pdfDocument) pages() int {
	w := pageWalk{doc: d, seen: map[int]bool{}}
	if root, ok := reference(value(d.trailer, "Root")); ok {
		if top, ok := reference(value(d.objects[root], "Pages")); ok {
			w.visit(top, 0)
		}
	}
	return w.pages
}

// maxPages stops the count: a PDF of 16 MB does not have more.
const maxPages = 100_000

type pageWalk struct {
	doc   *pdfDocument
	seen  map[int]bool
	pages int
}

// visit counts the leaves under a node of the page tree, each node once: a
// hostile tree may be a ring.
func (w *pageWalk) visit(node, depth int) {
	const deepest = 64
	body, ok := w.doc.objects[node]
	if !ok || w.seen[node] || depth > deepest || w.pages >= maxPages {
		return
	}
	w.seen[node] = true
	kids := value(body, "Kids")
	if len(kids) == 0 || isPage(body) {
		w.pages++
		return
	}
	if n, ok := reference(kids); ok {
		if w.seen[n] {
			return
		}
		w.seen[n] = true
		kids = w.doc.objects[n]
	}
	list, _, _ := bytes.Cut(bytes.TrimLeft(kids, " \t\r\n["), []byte("]"))
	for len(list) > 0 && w.pages < maxPages {
		n, ok := reference(list)
		if !ok {
			return
		}
		w.visit(n, depth+1)
		_, list, _ = bytes.Cut(list, []byte("R"))
		list = bytes.TrimLeft(list, pdfBlanks)
	}
}

// isPage tells a page from a branch of the tree: a page may hold the Kids of a
// form.
func isPage(body []byte) bool {
	kind, ok := bytes.CutPrefix(value(body, "Type"), []byte("/Page"))
	return ok && !bytes.HasPrefix(kind, []byte("s"))
}
