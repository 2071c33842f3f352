package whatsapp

import (
	"context"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// readable checks after the acknowledgement that the message was encrypted for somebody: whoever has no keys has no
// Signal session either, and the library has only logged that.
func (a *attempt) readable(ctx context.Context, devices []types.JID) error {
	for _, device := range devices {
		found, err := a.link.sessions.HasSession(context.WithoutCancel(ctx), device.SignalAddress().String())
		if err != nil {
			return &SendError{Outcome: Uncertain, Fault: blame(err), Err: clean(err)}
		}
		if found {
			return nil
		}
	}
	if a.haveKeys(ctx, devices) {
		return &SendError{Outcome: Uncertain, Fault: FaultSession, Err: errNotAsked}
	}
	return &SendError{Outcome: Refused, Fault: FaultRecipient, Err: errNoKeys}
}

// haveKeys asks for keys once more. When the line breaks at that question, or WhatsApp does not answer it, the library
// goes on without the keys and tells nobody: only a plain answer without keys says that there are none.
func (a *attempt) haveKeys(ctx context.Context, devices []types.JID) bool {
	//lint:ignore SA1019 nothing else in the library asks this question
	inside := a.link.lib.DangerousInternals()
	for _, bundle := range inside.FetchPreKeysNoError(ctx, devices) {
		if bundle != nil {
			return true
		}
	}
	_, err := inside.FetchPreKeys(ctx, devices)
	return err != nil
}

// include repeats a message, under its ID, for a device that the recipient has linked since we asked: the acknowledgement
// tells the library that the list is old, and it forgets the list, but the new device would never get what it missed. The
// others show an ID once. As everything that leaves it waits for its turn. Nothing here undoes that the server took the
// message.
func (a *attempt) include(ctx context.Context, recipient types.JID, reached []types.JID) {
	devices, err := a.link.lib.GetUserDevices(ctx, []types.JID{recipient}) // asks nobody as long as the list is good
	if err != nil || !slices.ContainsFunc(devices, func(device types.JID) bool { return !slices.Contains(reached, device) }) {
		return
	}
	if a.client.options.OnRepeat != nil {
		a.client.noteRepeat(Repeat{ID: a.id, Device: AnyDevice, Space: recipient.Server, Count: 1, Stamped: time.Now()}, recipient)
		return
	}
	if _, err := a.hand(ctx, recipient); err != nil {
		a.client.log.Warn("a recipient's new device has missed a message", "error", clean(err))
	}
	if a.moved.Swap(false) {
		a.client.noteMoved(recipient)
	}
}
