package whatsapp

import (
	"context"
	"slices"

	"go.mau.fi/whatsmeow/types"
)

// mostKin bounds how many identities of one person are followed.
const mostKin = 8

// kin lists what session.db tells to be the same person's as an identity, itself included.
func (c *census) kin(ctx context.Context, jid types.JID) ([]types.JID, error) {
	all := []types.JID{jid}
	for i := 0; i < len(all) && len(all) < mostKin; i++ {
		for _, l := range c.links(all[i].Server) {
			users, err := readColumn(ctx, c.db, l.query, all[i].User)
			if err != nil {
				return nil, err
			}
			for _, user := range users {
				if next := personJID(user, l.server); !next.IsEmpty() && !slices.Contains(all, next) {
					all = append(all, next)
				}
			}
		}
	}
	return all, nil
}

// kinship leads from one identity to others of the same person.
type kinship struct{ query, server string }

func (c *census) links(from string) (list []kinship) {
	const number, lid = types.DefaultUserServer, types.HiddenUserServer
	has := func(table string) bool {
		return slices.ContainsFunc(c.columns, func(p personColumn) bool { return p.table == table })
	}
	if has("whatsmeow_lid_map") {
		switch from {
		case number:
			list = append(list, kinship{`SELECT lid FROM whatsmeow_lid_map WHERE pn = ?`, lid})
		case lid:
			list = append(list, kinship{`SELECT pn FROM whatsmeow_lid_map WHERE lid = ?`, number})
		}
	}
	if has("banditore_stale_lids") {
		switch from {
		case number:
			list = append(list, kinship{`SELECT lid FROM banditore_stale_lids WHERE number = ?`, lid})
		case lid:
			list = append(list, kinship{`SELECT fresh FROM banditore_stale_lids WHERE lid = ?1 UNION ALL SELECT lid FROM banditore_stale_lids WHERE fresh = ?1`, lid},
				kinship{`SELECT number FROM banditore_stale_lids WHERE ?1 IN (lid, fresh)`, number})
		}
	}
	return list
}
