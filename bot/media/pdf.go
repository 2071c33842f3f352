package media

import (
	"bytes"
	"strconv"
)

// pdfTail is how far from its last mark a PDF may go on with what a mail program
// hung on. Readers look for the mark in the last 1024 bytes. Scanners and tapes fill
// up the last block with zeros: that is nothing.
const pdfTail = 1024

// readPDF checks that a PDF is whole, can be opened and only shows something, counts
// its pages and takes out who wrote it. Nothing in it moves, but what comes after
// the end goes.
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
	doc := scanPDF(data[:end:end])
	if r := doc.refuse(); r != nil {
		return File{}, r
	}
	clean, left := doc.anonymous()
	if doc.obscure {
		return File{}, obscured()
	}
	return File{Kind: Document, MIME: "application/pdf", Data: clean, Pages: doc.pages(), Carries: left.words(),
		Changed: end < len(data) || !bytes.Equal(clean, data[:end])}, nil
}

// refuse says why a PDF must not be sent: it cannot be opened, or it does more
// than show its pages, or nobody can say.
func (d *pdfDocument) refuse() *Refusal {
	if !d.unlock() {
		return &Refusal{Reason: "il PDF si apre soltanto con una password",
			Advice: "salvalo senza password" + again}
	}
	d.openPacks()
	if runs := d.running(); runs != runsNothing {
		return runs.refusal()
	}
	if d.obscure {
		return obscured()
	}
	return nil
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
