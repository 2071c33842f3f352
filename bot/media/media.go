// Package media turns the bytes of a dropped attachment into what is sent, or
// says why not.
//
// It promises two things. What it gives back is safe to hand to a few thousand
// phones: the content is what the name says, it decodes, and nothing of what a
// camera or a program wrote about its owner (the place above all) is left in a
// picture or a video. And whatever the bytes are, it answers: in bounded time,
// under about 400 MB of memory, without a panic.
//
// A picture that phones can show as it is keeps its compressed data byte for
// byte; only one that is too large, lies on its side, is a WebP or in the colours of
// a printing press is encoded again. The text inside a PDF is the author's business: a PDF is checked and
// counted, not rewritten.
package media

import (
	"path"
	"strings"
)

// Kind is how a phone shows a file.
type Kind string

// The three kinds of attachment.
const (
	Image    Kind = "image"
	Video    Kind = "video"
	Document Kind = "document"
)

// MaxBytes is the largest attachment: from 16 MB on WhatsApp's phones do not
// download a picture or a video by themselves, and older ones refuse it.
const MaxBytes = 16 << 20

// File is an attachment as it is sent.
type File struct {
	Kind Kind
	MIME string
	// Data may share memory with what was passed to Read.
	Data          []byte
	Width, Height int    // of a picture or video, as it is seen: 0 when there is no such thing
	Seconds       int    // of a video, rounded up
	Pages         int    // of a PDF; 0: cannot be told
	Thumbnail     []byte // of a picture: a JPEG of at most 100 pixels a side and a few kB
	// Carries says in Italian what a document tells of its author, its title and its
	// programs, where that could not be taken out: in lower case, without a full stop,
	// for staff and for nobody else. Empty: nothing.
	Carries string
	// Changed says that Data is not what was dropped: metadata was removed, or the
	// picture was turned upright, scaled or converted.
	Changed bool
}

// Read checks the content of a file against the end of its name and prepares it
// for phones. It does not change data. The error is a [*Refusal].
func Read(name string, data []byte) (File, error) {
	want, ok := kindOfName(name)
	if !ok {
		return File{}, wrongName(path.Ext(name))
	}
	if len(data) == 0 {
		return File{}, &Refusal{Reason: "il file è vuoto", Advice: "cerca l'originale e metti quello in da_inviare."}
	}
	if len(data) > MaxBytes {
		return File{}, tooManyBytes(len(data))
	}
	if found := sniff(data); found != want {
		return File{}, disguised(want, found)
	}
	f, r := prepare(want, data)
	if r == nil && alsoArchive(f.Data) {
		r = &Refusal{Reason: "il file è anche un archivio ZIP: dentro c'è dell'altro",
			Advice: "apri " + want.noun() + " con un programma di fiducia, salva una copia pulita e metti quella in da_inviare."}
	}
	if r != nil {
		return File{}, r
	}
	return f, nil
}

func prepare(k content, data []byte) (File, *Refusal) {
	switch k {
	case isPDF:
		return readPDF(data)
	case isMP4:
		return readMP4(data)
	default:
		return readPicture(k, data)
	}
}

// kindOfName says what the end of a name promises. JPEG has two ends.
func kindOfName(name string) (content, bool) {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg":
		return isJPEG, true
	case ".png":
		return isPNG, true
	case ".webp":
		return isWebP, true
	case ".pdf":
		return isPDF, true
	case ".mp4":
		return isMP4, true
	}
	return unknown, false
}
