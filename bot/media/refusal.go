package media

import "fmt"

// Refusal says in Italian why an attachment is not sent and what staff can do.
type Refusal struct {
	Reason string // lower case, no full stop: "il file è vuoto"
	Advice string // one sentence with its full stop, lower case: it follows "Che cosa fare:"
}

// Error is for a log; staff read Reason and Advice.
func (r *Refusal) Error() string { return "attachment refused: " + r.Reason }

// again ends most pieces of advice: the whole announcement was set aside.
const again = " e rimetti in da_inviare tutti i file dell'avviso."

// damaged says that a file of this kind does not hold together. The detail may
// be empty.
func damaged(k content, detail string) *Refusal {
	reason := k.noun() + " non si può aprire: il file è danneggiato"
	if detail != "" {
		reason += " (" + detail + ")"
	}
	return &Refusal{Reason: reason,
		Advice: "prova ad aprirlo sul computer: se si vede bene salvalo di nuovo, altrimenti cerca l'originale," + again}
}

// incomplete says that the end is missing, as after a copy that was cut short.
func incomplete(k content) *Refusal { return damaged(k, "manca la fine") }

// disguised says that the content is not what the name promises.
func disguised(want, found content) *Refusal {
	switch found {
	case unknown:
		return damaged(want, "il contenuto non è "+want.what())
	case isJPEG, isPNG, isWebP, isPDF, isMP4:
		return &Refusal{Reason: fmt.Sprintf("il nome dice che è %s, ma il contenuto è %s", want.what(), found.what()),
			Advice: fmt.Sprintf("cambia la fine del nome in %s%s", found.ending(), again)}
	}
	return &Refusal{Reason: fmt.Sprintf("il nome dice che è %s, ma il contenuto è %s", want.what(), found.what()),
		Advice: found.remedy() + again}
}

// wrongName refuses the end of a name.
func wrongName(ending string) *Refusal {
	reason := "il nome non dice che tipo di file è"
	if ending != "" {
		reason = fmt.Sprintf("i file di tipo %.20q non si possono inviare", ending)
	}
	return &Refusal{Reason: reason,
		Advice: "gli allegati possono essere immagini .jpg, .png o .webp, documenti .pdf e video .mp4."}
}

func tooManyBytes(n int) *Refusal {
	return &Refusal{Reason: fmt.Sprintf("il file ha %d MB e il massimo è %d", (n+1<<20-1)>>20, MaxBytes>>20),
		Advice: "riducilo (un video più corto o con meno risoluzione, un PDF con immagini più leggere)" + again}
}

func tooManyPoints(w, h, most int) *Refusal {
	millions := (w*h + 1e6 - 1) / 1e6
	return &Refusal{Reason: fmt.Sprintf("l'immagine ha %d milioni di punti e il massimo è %d", millions, most/1e6),
		Advice: "aprila con un programma di fotografia, riducila (bastano 2560 punti per lato)" + again}
}

func animated() *Refusal {
	return &Refusal{Reason: "è un'immagine animata",
		Advice: "salva come JPEG una sola delle sue immagini, oppure fanne un video MP4," + again}
}
