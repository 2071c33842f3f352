package whatsapptest_test

import (
	"bytes"
	"cmp"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp/whatsapptest"
)

// handmade is a picture that is encrypted and uploaded without the library. Zero is as it should be.
type handmade struct {
	place  string       // before the hash in the address
	query  string       // behind it, before the hash
	size   int          // of the key
	keys   string       // what the keys are derived for
	padded func([]byte) // spoils what is encrypted
	sealed func([]byte) // spoils what is uploaded
}

// send uploads the picture and makes a message of it that fits in everything.
func (h handmade) send(c *culprit) {
	c.t.Helper()
	plain, key := photo(40, 30), bytes.Repeat([]byte{7}, cmp.Or(h.size, 32))
	keys, err := hkdf.Key(sha256.New, key, nil, "WhatsApp "+cmp.Or(h.keys, "Image")+" Keys", 112)
	if err != nil {
		c.t.Fatal(err)
	}
	fill := aes.BlockSize - len(plain)%aes.BlockSize
	content := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(fill)}, fill)...)
	if h.padded != nil {
		h.padded(content)
	}
	block, _ := aes.NewCipher(keys[16:48]) // a key of 32 bytes
	cipher.NewCBCEncrypter(block, keys[:16]).CryptBlocks(content, content)
	mac := hmac.New(sha256.New, keys[48:80])
	mac.Write(keys[:16])
	mac.Write(content)
	content = append(content, mac.Sum(nil)[:10]...)
	if h.sealed != nil {
		h.sealed(content)
	}
	sum, sealedSum := sha256.Sum256(plain), sha256.Sum256(content)
	if up, ok := h.upload(c, content, base64.URLEncoding.EncodeToString(sealedSum[:])); ok {
		c.put(&waE2E.Message{ImageMessage: &waE2E.ImageMessage{URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: key,
			Mimetype: proto.String("image/jpeg"), FileEncSHA256: sealedSum[:], FileSHA256: sum[:], FileLength: proto.Uint64(uint64(len(plain)))}})
	}
}

func (h handmade) upload(c *culprit, content []byte, token string) (up whatsmeow.UploadResponse, ok bool) {
	c.t.Helper()
	address := cmp.Or(h.place, "https://mmg.whatsapp.net/mms/image/") + token + cmp.Or(h.query, "?auth=token&token=") + token
	response, err := c.http.Post(address, "", bytes.NewReader(content))
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return up, false
	}
	if err = json.NewDecoder(response.Body).Decode(&up); err != nil {
		c.t.Fatal(err)
	}
	return up, true
}

// TestSpoiledFiles breaks each rule about how a file is encrypted, where it goes, and how a message points to it.
func TestSpoiledFiles(t *testing.T) {
	t.Parallel()
	pointing := func(change func(*waE2E.ImageMessage)) func(*culprit) {
		return func(c *culprit) {
			m := c.picture(40, 30)
			change(m.ImageMessage)
			c.put(m)
		}
	}
	flip := func(at int) func([]byte) { return func(b []byte) { b[(at+len(b))%len(b)] ^= 1 } }
	for name, test := range map[string]struct {
		kind    whatsapptest.OffenceKind
		provoke func(*culprit)
	}{
		"nothing":               {"", handmade{}.send},
		"keys of documents":     {whatsapptest.BadMedia, handmade{keys: "Document"}.send},
		"a short key":           {whatsapptest.BadMedia, handmade{size: 31}.send},
		"authentication":        {whatsapptest.BadMedia, handmade{sealed: flip(-1)}.send},
		"content":               {whatsapptest.BadMedia, handmade{sealed: flip(0)}.send},
		"padding":               {whatsapptest.BadMedia, handmade{padded: flip(-2)}.send},
		"length of the padding": {whatsapptest.BadMedia, handmade{padded: func(b []byte) { b[len(b)-1] = 17 }}.send},
		"host":                  {whatsapptest.BadMedia, handmade{place: "https://web.whatsapp.com/mms/image/"}.send},
		"kind of file":          {whatsapptest.BadMedia, handmade{place: "https://mmg.whatsapp.net/mms/horoscope/"}.send},
		"place":                 {whatsapptest.BadMedia, handmade{place: "https://mmg.whatsapp.net/mms/image/image/"}.send},
		"hash in the query":     {whatsapptest.BadMedia, handmade{query: "?auth=token&token=x"}.send},
		"key":                   {whatsapptest.BadMedia, pointing(func(m *waE2E.ImageMessage) { m.MediaKey = make([]byte, 32) })},
		"size of the key":       {whatsapptest.BadMedia, pointing(func(m *waE2E.ImageMessage) { m.MediaKey = m.MediaKey[1:] })},
		"hash":                  {whatsapptest.BadMedia, pointing(func(m *waE2E.ImageMessage) { m.FileSHA256 = make([]byte, 32) })},
		"no hash":               {whatsapptest.BadMedia, pointing(func(m *waE2E.ImageMessage) { m.FileSHA256 = nil })},
		"encrypted hash":        {whatsapptest.BadMedia, pointing(func(m *waE2E.ImageMessage) { m.FileEncSHA256 = m.FileSHA256 })},
		"length":                {whatsapptest.BadMedia, pointing(func(m *waE2E.ImageMessage) { *m.FileLength++ })},
		"no length":             {whatsapptest.BadMedia, pointing(func(m *waE2E.ImageMessage) { m.FileLength = nil })},
		"no path":               {whatsapptest.BadMedia, pointing(func(m *waE2E.ImageMessage) { m.DirectPath = nil })},
		"another path":          {whatsapptest.BadMedia, pointing(func(m *waE2E.ImageMessage) { m.DirectPath, m.URL = proto.String("/v/t62/x?ccb=1"), nil })},
		"path without query": {whatsapptest.BadMedia, pointing(func(m *waE2E.ImageMessage) {
			m.DirectPath, m.URL = proto.String((*m.DirectPath)[:len(*m.DirectPath)-len("?ccb=1")]), nil
		})},
		"path with another query": {whatsapptest.BadMedia, pointing(func(m *waE2E.ImageMessage) { *m.DirectPath += "0"; m.URL = nil })},
		"host of the URL": {whatsapptest.FalseMedia, pointing(func(m *waE2E.ImageMessage) {
			m.URL = proto.String("https://example.com" + *m.DirectPath)
		})},
		"query of the URL":  {whatsapptest.FalseMedia, pointing(func(m *waE2E.ImageMessage) { *m.URL += "0" })},
		"scheme of the URL": {whatsapptest.FalseMedia, pointing(func(m *waE2E.ImageMessage) { m.URL = proto.String("http" + (*m.URL)[len("https"):]) })},
		"time in milliseconds": {whatsapptest.FalseMedia, pointing(func(m *waE2E.ImageMessage) {
			m.MediaKeyTimestamp = proto.Int64(time.Now().UnixMilli())
		})},
		"time of yesterday": {whatsapptest.FalseMedia, pointing(func(m *waE2E.ImageMessage) {
			m.MediaKeyTimestamp = proto.Int64(time.Now().AddDate(0, 0, -1).Unix())
		})},
		"deletion without token": {whatsapptest.BadMedia, func(c *culprit) {
			path := base64.RawURLEncoding.EncodeToString([]byte("/v/t62/history/x"))
			request, err := http.NewRequestWithContext(c.t.Context(), http.MethodDelete, "https://mmg.whatsapp.net/mms/md-msg-hist/x?d_md="+path, nil)
			if err != nil {
				c.t.Fatal(err)
			}
			if response, err := c.http.Do(request); err != nil || response.StatusCode != http.StatusUnauthorized {
				c.t.Errorf("got %v, %v, want a refusal", response, err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCulprit(t)
			test.provoke(c)
			if test.kind != "" {
				c.expect(test.kind)
			} else if settle(t, c.s); len(c.s.Offences()) != 0 || c.anna.Messages()[0].Sum == "" {
				t.Errorf("got %v: the other tests rest on this file", c.s.Offences())
			}
		})
	}
}

// TestDownloadByDirectPath asks for a file that is there, under what is not its whole direct path.
func TestDownloadByDirectPath(t *testing.T) {
	t.Parallel()
	c := newCulprit(t)
	whole := c.picture(40, 30).GetImageMessage().GetDirectPath()
	bare := whole[:len(whole)-len("?ccb=1")]
	for path, want := range map[string]int{
		whole: http.StatusOK, whole + "&hash=x": http.StatusOK, bare: http.StatusForbidden, bare + "?hash=x": http.StatusForbidden,
		whole + "0": http.StatusForbidden, "/v/t62/x?ccb=1": http.StatusNotFound,
	} {
		if response, err := c.http.Get("https://mmg.whatsapp.net" + path); err != nil || response.StatusCode != want {
			t.Errorf("%s: got %v, %v, want %d", path, response, err, want)
		}
	}
}
