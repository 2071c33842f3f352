package whatsapptest

import (
	"context"
	"fmt"

	"go.mau.fi/whatsmeow/appstate"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waServerSync"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/util/keys"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"
)

// appState is what the devices of an account share, as patches by collection. Guarded by the
// server's lock.
type appState struct {
	patches map[string][][]byte
}

// syncKeyID names the account's one app state key; the key itself is derived like a phone's
// other keys.
const syncKeyID = "\x00\x00\x00\x00\x00\x01"

func (a *account) syncKey() *keys.KeyPair { return seededKey("appstate/" + a.number) }

// answerSync serves and takes the patches of the collections that a client asks about.
func (c *conn) answerSync(query *waBinary.Node) answer {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	sync := query.GetChildByTag("sync")
	var collections []waBinary.Node
	for _, asked := range sync.GetChildren() {
		collections = append(collections, c.syncLocked(&asked))
	}
	return result(waBinary.Node{Tag: "sync", Content: collections})
}

// syncLocked answers for one collection. A client whose patch is not based on the newest
// version gets error 409 and what it lacks.
func (c *conn) syncLocked(asked *waBinary.Node) waBinary.Node {
	name, version := attrString(asked, "name"), attrInt(asked, "version")
	state := &c.device.acct.sync
	if state.patches == nil {
		state.patches = map[string][][]byte{}
	}
	if name == string(appstate.WAPatchCriticalBlock) && len(state.patches[name]) == 0 {
		state.patches[name] = append(state.patches[name], c.device.acct.namePatch(c.s.ctx))
	}
	attrs := waBinary.Attrs{"name": name, "has_more_patches": "false"}
	node := waBinary.Node{Tag: "collection", Attrs: attrs}
	var children []waBinary.Node
	if patch, pushed := asked.GetOptionalChildByTag("patch"); pushed {
		if version == len(state.patches[name]) {
			state.patches[name] = append(state.patches[name], numbered(contentBytes(patch), version+1))
			version++
		} else {
			attrs["type"] = "error"
			children = append(children, waBinary.Node{Tag: "error", Attrs: waBinary.Attrs{"code": "409", "text": "conflict"}})
		}
	}
	known := state.patches[name]
	attrs["version"] = len(known)
	if version < len(known) && version >= 0 {
		var patches []waBinary.Node
		for _, patch := range known[version:] {
			patches = append(patches, waBinary.Node{Tag: "patch", Content: patch})
		}
		children = append(children, waBinary.Node{Tag: "patches", Content: patches})
	}
	if children != nil {
		node.Content = children
	}
	return node
}

// numbered writes the version into a patch, as the server does when it takes one.
func numbered(content []byte, version int) []byte {
	var patch waServerSync.SyncdPatch
	if proto.Unmarshal(content, &patch) != nil {
		return content
	}
	patch.Version = &waServerSync.SyncdVersion{Version: proto.Uint64(uint64(version))}
	stored, err := proto.Marshal(&patch)
	if err != nil {
		return content
	}
	return stored
}

// namePatch is the first patch of an account: its push name, without which a client cannot say
// that it is available.
func (a *account) namePatch(ctx context.Context) []byte {
	maker := appstate.NewProcessor(&store.Device{AppStateKeys: syncKeys{acct: a}, AppState: noMACs{}}, waLog.Noop)
	patch, err := maker.EncodePatch(ctx, []byte(syncKeyID), appstate.HashState{}, appstate.BuildSettingPushName(a.phone.name))
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err)) // the key is there and the content is fixed
	}
	return numbered(patch, 1)
}

// syncKeys shows the account's key to the library's encoder. What is not implemented is not
// called.
type syncKeys struct {
	store.AppStateSyncKeyStore
	acct *account
}

// GetAppStateSyncKey returns the one key.
func (k syncKeys) GetAppStateSyncKey(context.Context, []byte) (*store.AppStateSyncKey, error) {
	return &store.AppStateSyncKey{Data: k.acct.syncKey().Priv[:]}, nil
}

// noMACs says that nothing was stored before; the encoder asks for nothing else.
type noMACs struct{ store.AppStateStore }

// GetAppStateMutationMAC finds nothing.
func (noMACs) GetAppStateMutationMAC(context.Context, string, []byte) ([]byte, error) {
	return nil, nil
}
