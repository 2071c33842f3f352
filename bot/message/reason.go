package message

import (
	"context"
	"slices"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// Reasons tells whom the store and the configuration give a reason to hold.
func Reasons(db *store.Store, previews []store.Number) whatsapp.Reasons {
	return func(ctx context.Context, addresses []whatsapp.Address) ([]bool, error) {
		people := make([]store.Person, len(addresses))
		for i, a := range addresses {
			people[i] = PersonOf(a)
		}
		has, err := db.Reasons(ctx, people)
		for i, p := range people {
			if err == nil && p.Number != "" && slices.Contains(previews, p.Number) {
				has[i] = true
			}
		}
		return has, err
	}
}
