package link

import (
	"context"
	"fmt"

	"banditore/bot/config"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// OtherNumberError says that the list, or the link, belongs to another number of
// the Comune than service.number. People know a number: who changes it by mistake
// must not end the service, and who means it must say so.
type OtherNumberError struct {
	Configured, List string
	Linked           string // empty: no phone is linked
	People           int    // on the list
}

// Error says what is the case, and what to type.
func (e *OtherNumberError) Error() string {
	if e.List == e.Configured || e.List == "" {
		return fmt.Sprintf("service.number is %s, but the phone that is linked is %s: correct service.number, or end that link with "+
			"`banditore unpair` and link the right phone with `banditore pair`", e.Configured, e.Linked)
	}
	end := ""
	if e.Linked != "" {
		end = "end the old link with `banditore unpair`, "
	}
	return fmt.Sprintf("service.number is %s, but the list of %d people belongs to %s: if that is a mistake, correct service.number; "+
		"if the Comune has changed its number, %shand the list over with `banditore subscribers handover`, and link the phone with `banditore pair`",
		e.Configured, e.People, e.List, end)
}

// Numbers tells whether the list and the link belong to service.number. If not, the
// error is an [*OtherNumberError]. It changes nothing.
func Numbers(ctx context.Context, cfg config.Config, db *store.Store) error {
	e := &OtherNumberError{Configured: cfg.Service.Number}
	var err error
	if e.Linked, _, err = whatsapp.PairedNumber(ctx, cfg.DataDir); err != nil {
		return nil // a session.db that cannot be read has no number; what is wrong with it is told by others
	}
	if e.List, err = db.ListNumber(ctx); err != nil {
		return err
	}
	if e.List == "" {
		e.List = e.Linked
	}
	if e.People, err = db.Count(ctx); err != nil {
		return err
	}
	wrongList := e.List != "" && e.List != e.Configured && e.People > 0
	if wrongList || e.Linked != "" && e.Linked != e.Configured {
		return e
	}
	return nil
}

// Settle refuses a list or a link of another number, with an [*OtherNumberError], and
// notes whose the list is where that was never noted, or where there is nobody on it.
func Settle(ctx context.Context, cfg config.Config, db *store.Store) error {
	linked, paired, err := whatsapp.PairedNumber(ctx, cfg.DataDir)
	if err == nil && paired {
		if err := db.BelongTo(ctx, linked); err != nil {
			return err
		}
	}
	if err := Numbers(ctx, cfg, db); err != nil {
		return err
	}
	list, err := db.ListNumber(ctx)
	if err != nil || list == "" || list == cfg.Service.Number {
		return err
	}
	return db.HandOver(ctx, cfg.Service.Number) // a list of nobody
}

// Words says the same in Italian, to who links a phone.
func (e *OtherNumberError) Words() (sentence, advice string) {
	if e.List == e.Configured || e.List == "" {
		return fmt.Sprintf("La configurazione dice %s (service.number), ma il telefono collegato è %s.", e.Configured, e.Linked),
			"Correggi service.number; oppure esegui «banditore unpair» e poi «banditore pair» con il telefono giusto."
	}
	steps := "«banditore subscribers handover» e «banditore pair»"
	if e.Linked != "" {
		steps = "«banditore unpair», " + steps
	}
	return fmt.Sprintf("La configurazione dice %s (service.number), ma l'elenco degli iscritti (%d) è del numero %s.", e.Configured, e.People, e.List),
		"Se è uno sbaglio, correggi service.number. Se il Comune ha cambiato numero, esegui nell'ordine: " + steps + "."
}
