package message

import (
	"errors"
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// What was never uploaded can be shown to nobody: tried again and again, it would
// keep everything else from leaving.
func TestG3_WhatWasNeverUploadedIsNoMessage(t *testing.T) {
	t.Parallel()
	_, err := mediaOf(store.Attachment{AttachedFile: store.AttachedFile{Kind: "image", MIME: "image/jpeg"}})
	if e := (*whatsapp.ContentError)(nil); !errors.As(err, &e) {
		t.Errorf("got %v, want a content error", err)
	}
	at := time.Now()
	m, err := mediaOf(store.Attachment{AttachedFile: store.AttachedFile{Kind: "image", MIME: "image/jpeg"}, Upload: []byte("{}"), UploadedAt: at})
	if err != nil || !m.Uploaded.Equal(at) {
		t.Errorf("got %v, %v", m, err)
	}
}
