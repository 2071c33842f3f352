package whatsapp

import (
	"fmt"
	"strconv"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waLidMigrationSyncPayload"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// resent hands over what citizens wrote and our phone has decrypted for us.
func (c *Client) resent(l *link, answer *waE2E.PeerDataOperationRequestResponseMessage) error {
	for _, part := range answer.GetPeerDataOperationResult() {
		packed := part.GetPlaceholderMessageResendResponse().GetWebMessageInfoBytes()
		web := new(waWeb.WebMessageInfo)
		if len(packed) == 0 || proto.Unmarshal(packed, web) != nil {
			continue
		}
		event, err := l.lib.ParseWebMessage(types.EmptyJID, web)
		if err != nil {
			continue // about nobody's message that we could have asked for
		}
		text, ok := c.textOf(l, event)
		if !ok {
			continue
		}
		if c.options.OnText == nil {
			return nil
		}
		if err := c.handText(text); err != nil {
			return handError{err}
		}
	}
	return nil
}

// learnKeys stores what the library may have lost: it stores keys from a goroutine of its own, after it has confirmed them.
func (c *Client) learnKeys(l *link, n notice, share *waE2E.AppStateSyncKeyShare) error {
	if n.link != l.name {
		return nil // a new link is given keys of its own
	}
	keys, missing := l.lib.Store.AppStateKeys, false
	for _, key := range share.GetKeys() {
		id := key.GetKeyID().GetKeyID()
		known, err := keys.GetAppStateSyncKey(c.stopping, id)
		if err != nil {
			return handError{fmt.Errorf("key share: %w", err)}
		}
		if known != nil || len(id) == 0 {
			continue
		}
		missing = true
		fingerprint, err := proto.Marshal(key.GetKeyData().GetFingerprint())
		if err != nil {
			return errDamaged
		}
		err = keys.PutAppStateSyncKey(c.stopping, id, store.AppStateSyncKey{
			Data: key.GetKeyData().GetKeyData(), Fingerprint: fingerprint, Timestamp: key.GetKeyData().GetTimestamp(),
		})
		if err != nil {
			return handError{fmt.Errorf("key share: %w", err)}
		}
	}
	if !missing {
		return nil
	}
	for _, name := range appstate.AllPatchNames {
		if err := l.lib.FetchAppState(c.stopping, name, false, true); err != nil {
			c.log.Warn("settings of the account could not be read", "error", clean(err))
		}
	}
	return nil
}

// learnLIDs stores which identities belong together, as far as they are people we know.
func (c *Client) learnLIDs(told *waE2E.LIDMigrationMappingSyncMessage) error {
	payload := new(waLidMigrationSyncPayload.LIDMigrationMappingSyncPayload)
	if err := proto.Unmarshal(told.GetEncodedMappingPayload(), payload); err != nil {
		return errDamaged
	}
	pairs := make([]store.LIDMapping, len(payload.GetPnToLidMappings()))
	for i, pair := range payload.GetPnToLidMappings() {
		pairs[i] = store.LIDMapping{
			LID: types.NewJID(strconv.FormatUint(pair.GetAssignedLid(), 10), types.HiddenUserServer),
			PN:  types.NewJID(strconv.FormatUint(pair.GetPn(), 10), types.DefaultUserServer),
		}
	}
	if err := c.people.PutManyLIDMappings(c.stopping, pairs); err != nil {
		return handError{fmt.Errorf("identities: %w", err)}
	}
	return nil
}
