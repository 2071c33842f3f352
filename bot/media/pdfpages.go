package media

import "bytes"

// pages is the number of pages, 0 when it cannot be told: what an encrypted PDF
// keeps in compressed streams cannot be read.
func (d *pdfDocument) pages() int {
	w := pageWalk{doc: d, seen: map[int]bool{}}
	if root, ok := reference(value(d.trailer, "Root")); ok {
		if top, ok := reference(value(d.objects[root].words, "Pages")); ok {
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
	page, ok := w.doc.objects[node]
	body := page.words
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
		kids = w.doc.objects[n].words
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

// isPage tells a page from a branch of the tree.
func isPage(body []byte) bool { return nameOf(value(body, "Type")) == "Page" }
