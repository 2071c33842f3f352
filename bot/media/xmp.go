package media

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
)

// xmpBegin and xmpEnd stand around a packet of XMP that says nothing.
const (
	xmpBegin = "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\">" +
		"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\""
	xmpEnd     = "/></rdf:RDF></x:xmpmeta>"
	xmpTrailer = "<?xpacket end=\"w\"?>"
)

// archive is what a packet of XMP says about the standards that a PDF keeps to:
// for archives (PDF/A), for people who do not see (PDF/UA). It is not about anybody.
type archive struct{ part, conformance, accessible string }

// packet is a packet of XMP with nothing else in it, of exactly so many bytes. Where
// it does not fit there are blanks.
func (a archive) packet(size int) []byte {
	out := bytes.Repeat([]byte(" "), size)
	if words := a.words(); len(words)+len(xmpTrailer) <= size {
		copy(out, words)
		copy(out[size-len(xmpTrailer):], xmpTrailer)
	}
	return out
}

// size is the length of the shortest packet.
func (a archive) size() int { return len(a.words()) + len(xmpTrailer) }

func (a archive) words() string {
	words := xmpBegin
	if a.part != "" {
		words += ` xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="` + a.part + `"`
		if a.conformance != "" {
			words += ` pdfaid:conformance="` + a.conformance + `"`
		}
	}
	if a.accessible != "" {
		words += ` xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="` + a.accessible + `"`
	}
	return words + xmpEnd
}

// readXMP reads who and what is named in a packet, as far as it can be read.
func readXMP(plain []byte) (p imprint, a archive) {
	const most = 1 << 20
	if bytes.HasPrefix(plain, []byte("\xfe\xff")) || bytes.HasPrefix(plain, []byte("\xff\xfe")) {
		plain = []byte(textOf(plain[:min(len(plain), most)]))
	}
	x := xml.NewDecoder(bytes.NewReader(plain[:min(len(plain), most)]))
	x.Strict = false
	x.CharsetReader = func(_ string, from io.Reader) (io.Reader, error) { return from, nil }
	var word xml.Name // the element that is read, of those that say something
	depth, at := 0, 0
	for {
		token, err := x.RawToken()
		if err != nil {
			return p, a
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			for _, attribute := range t.Attr {
				takeXMP(&p, &a, attribute.Name, attribute.Value)
			}
			if tellsXMP(t.Name) && at == 0 {
				word, at = t.Name, depth
			}
		case xml.EndElement:
			if depth == at {
				at = 0
			}
			depth--
		case xml.CharData:
			if at > 0 {
				takeXMP(&p, &a, word, string(t))
			}
		}
	}
}

func tellsXMP(name xml.Name) bool {
	var p imprint
	var a archive
	takeXMP(&p, &a, name, "1")
	return a != (archive{}) || len(p.people)+len(p.titles)+len(p.programs) > 0
}

// takeXMP notes a property. The names before the colon are those that everybody
// uses; RawToken leaves them.
func takeXMP(p *imprint, a *archive, name xml.Name, text string) {
	text = strings.TrimSpace(text)
	switch strings.ToLower(name.Local) {
	case "creator", "contributor", "publisher", "author", "authors", "manager", "company", "lastmodifiedby", "owner",
		"authorsposition", "captionwriter", "credit", "rights", "ciemailwork", "citelwork":
		note(&p.people, text)
	case "title", "subject", "description", "keywords", "headline":
		if name.Space != "rdf" {
			note(&p.titles, text)
		}
	case "creatortool", "producer", "softwareagent":
		note(&p.programs, text)
	case "part":
		if len(text) == 1 && text >= "1" && text <= "9" && name.Space == "pdfaid" {
			a.part = text
		} else if len(text) == 1 && text >= "1" && text <= "9" && name.Space == "pdfuaid" {
			a.accessible = text
		}
	case "conformance":
		if len(text) == 1 && strings.Contains("ABUEF", text) && name.Space == "pdfaid" {
			a.conformance = text
		}
	}
}
