package spool

import (
	"fmt"
	"io/fs"
	"iter"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestName is what Linux file systems allow, in bytes.
const longestName = 255

const reportSuffix = ".esito.txt"

// ignored tells what is passed over in silence: the traces that Windows, macOS,
// office programs and half-done downloads leave in a folder, and our own files.
func ignored(p place) bool {
	name := strings.ToLower(p.name)
	if p.folder == rootFolder && (name == strings.ToLower(readmeName) || name == statusName || name == "lost+found") {
		return true
	}
	switch name {
	case "thumbs.db", "desktop.ini":
		return true
	}
	for _, prefix := range []string{".", "~$"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	for _, suffix := range []string{".part", ".crdownload", ".swp", ".bak"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return strings.HasPrefix(name, "~") && strings.HasSuffix(name, ".tmp") || isReport(name)
}

// isReport recognises NAME.EXT.esito.txt and NAME.EXT.verbale.html, which staff may
// well move back together with the file they belong to. Without an EXT, or with one of
// digits ("delibera 24.11.2026.esito.txt"), it may be a clerk's own file and is
// refused, not ignored.
func isReport(lowerName string) bool {
	for _, suffix := range []string{reportSuffix, minutesSuffix} {
		if of, ok := strings.CutSuffix(lowerName, suffix); ok {
			return strings.ContainsFunc(path.Ext(of), unicode.IsLetter)
		}
	}
	return false
}

// reportName is the name of the report beside the file.
func reportName(file string) string { return companion(file, reportSuffix) }

// companion is the name of what we write beside a file: printable, and shortened in
// the middle when the file system could not hold it.
func companion(file, suffix string) string {
	name := []rune(printable(file))
	const ellipsis = "..."
	tail := name[max(0, len(name)-20):]
	head := name[:len(name)-len(tail)]
	room := longestName - len(suffix)
	if len(string(name)) <= room {
		return string(name) + suffix
	}
	for len(string(head))+len(ellipsis)+len(string(tail)) > room {
		head = head[:len(head)-1]
	}
	return string(head) + ellipsis + string(tail) + suffix
}

// printable shows a name on one line as it is written: control characters, marks
// that turn the writing direction, and broken UTF-8 become "_".
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp) || r == utf8.RuneError {
			return '_'
		}
		return r
	}, name)
}

// candidates are the names a file may get, the best first: "x.txt", "x (2).txt",
// "x (3).txt" and so on, never longer than the file system allows.
func candidates(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for n := 1; ; n++ {
			if !yield(renamed([]string{name}, n)[0]) {
				return
			}
		}
	}
}

// single refuses a name that would lead out of its folder. The names come back to
// us from the caller's memory, and a rename in the kernel follows "..".
func single(name string) error {
	if name == "" || name == "." || name == ".." || strings.Contains(name, "/") || len(name) > longestName {
		return fmt.Errorf("%w: %q is not the name of a file in the spool", fs.ErrInvalid, name)
	}
	return nil
}

// cut shortens to at most n bytes without breaking a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// isText tells whether a file of this name may hold the text of an announcement.
func isText(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".txt", ".md":
		return true
	}
	return false
}

// attachable tells whether a file of this name may be sent with an announcement.
func attachable(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".pdf", ".mp4":
		return true
	}
	return false
}

// known tells whether a file of this name may be part of an announcement.
func known(name string) bool { return isText(name) || attachable(name) }

// wrongKind says why a file of this name is not taken, or nil when it may be part
// of an announcement.
func wrongKind(name string) *Refusal {
	lower := strings.ToLower(name)
	if strings.HasSuffix(lower, reportSuffix) || lower == strings.ToLower(readmeName) {
		return &Refusal{Reason: "il nome è riservato ai file scritti dal servizio",
			Advice: "se è un avviso, dagli un altro nome e rimettilo in da_inviare."}
	}
	if known(lower) {
		return nil
	}
	if known(strings.TrimRight(lower, " .\u00a0")) {
		return &Refusal{Reason: "il nome finisce con uno spazio oppure con un punto", Advice: "toglilo dal nome e rimetti il file in da_inviare."}
	}
	const paste = "copia il testo nel Blocco note, salvalo come file .txt e metti quello in da_inviare."
	ext := path.Ext(lower)
	switch ext {
	case ".doc", ".docx", ".docm", ".odt", ".rtf", ".pages", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp", ".htm", ".html", ".eml", ".msg":
		return &Refusal{Reason: "è un documento (" + printable(ext) + "), non un testo semplice",
			Advice: "copia il testo nel Blocco note e salvalo come file .txt, oppure salva il documento come PDF; poi metti quello in da_inviare."}
	case ".gif", ".heic", ".heif", ".avif", ".bmp", ".tif", ".tiff", ".svg":
		return &Refusal{Reason: "è un'immagine di un tipo che non si può inviare (" + printable(ext) + ")",
			Advice: "aprila, salvala come .jpg oppure .png e metti quella in da_inviare."}
	case ".mov", ".avi", ".3gp", ".mkv", ".webm", ".wmv", ".m4v":
		return &Refusal{Reason: "è un video di un tipo che non si può inviare (" + printable(ext) + ")",
			Advice: "salvalo come .mp4 e metti quello in da_inviare."}
	case ".mp3", ".ogg", ".opus", ".m4a", ".wav":
		return &Refusal{Reason: "è un audio, e gli audio non si possono inviare", Advice: "scrivi l'avviso in un file .txt e metti quello in da_inviare."}
	case ".lnk", ".url":
		return &Refusal{Reason: "è un collegamento, non il file stesso", Advice: "copia in da_inviare il file a cui porta."}
	case "":
		return &Refusal{Reason: "il nome non finisce in .txt", Advice: "se è un testo semplice, aggiungi .txt al nome e rimettilo in da_inviare."}
	}
	return &Refusal{Reason: "i file di tipo " + printable(cut(ext, 40)) + " non si possono inviare", Advice: paste}
}
