package whatsapptest

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// maxUpload bounds one file.
const maxUpload = 100 << 20

// serveUpload stores a file under the hash that its URL names.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload))
	if err != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	sum := sha256.Sum256(body)
	token := base64.RawURLEncoding.EncodeToString(sum[:])
	if status, wrong := checkUpload(r, token); wrong != "" {
		s.offend(BadMedia, "an upload %s", wrong)
		http.Error(w, wrong, status)
		return
	}
	file := "/v/t62/" + token
	switch status := s.keepUpload(file, body); status {
	case 0:
	case NoAnswer:
		<-r.Context().Done()
		return
	default:
		http.Error(w, "refused", status)
		return
	}
	direct := file + directQuery
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{
		"url": "https://" + r.Host + direct, "direct_path": direct, "handle": token,
	})
}

// mediaToken is what allows a client to upload.
const mediaToken = "token"

// directQuery ends every direct path: no file is given out without it. Clients append &hash=...
const directQuery = "?ccb=1"

// checkUpload says what is wrong with where an upload goes; "" when nothing is.
func checkUpload(r *http.Request, token string) (status int, wrong string) {
	place, last := path.Split(r.URL.Path)
	query := r.URL.Query()
	switch {
	case !isMediaHost(r.Host):
		return http.StatusNotFound, "to another host than the one for files"
	case !slices.Contains([]string{"/mms/image/", "/mms/video/", "/mms/audio/", "/mms/document/"}, place):
		return http.StatusNotFound, "to a place for no kind of file"
	case strings.TrimRight(last, "=") != token: // some clients pad it
		return http.StatusBadRequest, "whose hash is not the one in its URL"
	case query.Get("auth") != mediaToken:
		return http.StatusUnauthorized, "without the token that the server gave"
	case strings.TrimRight(query.Get("token"), "=") != token:
		return http.StatusBadRequest, "whose hash is not the one in its query"
	}
	return 0, ""
}

// mediaHost is where files are; who came by an address of this machine finds them there.
const mediaHost = "mmg.whatsapp.net"

func isMediaHost(host string) bool {
	return host == mediaHost || strings.HasPrefix(host, "127.0.0.1:") || strings.HasPrefix(host, "localhost:")
}

// storedFile is an encrypted file, and when it came.
type storedFile struct {
	sealed []byte
	at     time.Time
}

// keepUpload stores a file, unless a test wants it to be refused; then it returns the status.
func (s *Server) keepUpload(file string, body []byte) (refused int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults.uploads != 0 && len(body) > s.faults.smallUpload {
		return s.faults.uploads
	}
	s.media[file] = storedFile{body, time.Now()}
	delete(s.expired, file)
	s.stats.Uploads++
	return 0
}

// ExpireMedia drops all files of messages, as WhatsApp does with each after some days. A download then answers 404. A phone
// that was off and comes too late for a file shows the message without it; a message that is sent from now on with such a
// file is an offence. Uploading the file again, or another, is in order.
func (s *Server) ExpireMedia() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	for name := range s.media {
		if !strings.HasPrefix(name, historyPath) {
			s.expired[name] = s.epoch
			delete(s.media, name)
		}
	}
	clear(s.opened)
}

// sealedFile is an encrypted file, and what one has to know to read it.
type sealedFile struct {
	content, key, sum, sealedSum []byte
	directPath                   string
}

// sealFile encrypts a file as clients do.
func sealFile(info string, plain, key []byte) sealedFile {
	keys, err := hkdf.Key(sha256.New, key, nil, info, 112)
	if err != nil {
		panic(err) // the length is fixed
	}
	block, err := aes.NewCipher(keys[16:48])
	if err != nil {
		panic(err)
	}
	padding := aes.BlockSize - len(plain)%aes.BlockSize
	content := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(padding)}, padding)...)
	cipher.NewCBCEncrypter(block, keys[:16]).CryptBlocks(content, content)
	mac := hmac.New(sha256.New, keys[48:80])
	mac.Write(keys[:16])
	mac.Write(content)
	content = append(content, mac.Sum(nil)[:10]...)
	sum, sealedSum := sha256.Sum256(plain), sha256.Sum256(content)
	return sealedFile{content: content, key: key, sum: sum[:], sealedSum: sealedSum[:],
		directPath: historyPath + base64.RawURLEncoding.EncodeToString(sealedSum[:]) + directQuery}
}

// historyPath is where the files of histories are, which a client deletes when it has read them.
const historyPath = "/v/t62/history/"

// storeHistory puts a piece of a history where a client can fetch it; a lost one is not there.
func (s *Server) storeHistory(f sealedFile, lost bool) {
	name, _, _ := strings.Cut(f.directPath, "?")
	s.mu.Lock()
	defer s.mu.Unlock()
	if !lost {
		s.media[name] = storedFile{f.content, time.Now()}
	}
}

// serveDelete forgets a piece of a history. Of other files only their owner disposes.
func (s *Server) serveDelete(w http.ResponseWriter, r *http.Request) {
	name, err := base64.RawURLEncoding.DecodeString(r.URL.Query().Get("d_md"))
	token := strings.TrimRight(path.Base(r.URL.Path), "=")
	s.mu.Lock()
	defer s.mu.Unlock()
	if !isMediaHost(r.Host) || r.URL.Query().Get("auth") != mediaToken {
		s.offendLocked(BadMedia, "the deletion of a file at another host, or without the token that the server gave")
		http.Error(w, "no token", http.StatusUnauthorized)
		return
	}
	if err != nil || !strings.HasPrefix(r.URL.Path, "/mms/md-msg-hist/") || string(name) != historyPath+token {
		s.offendLocked(BadMedia, "the deletion of what is no piece of a history")
		http.Error(w, "no such file", http.StatusBadRequest)
		return
	}
	delete(s.media, string(name))
}

// serveDownload gives a file out. To ask for what is not there is no offence: the path may be somebody else's invention.
func (s *Server) serveDownload(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	file, ok := s.media[r.URL.Path]
	s.mu.Unlock()
	switch {
	case !ok:
		http.NotFound(w, r)
	case !strings.HasPrefix("?"+r.URL.RawQuery+"&", directQuery+"&"):
		http.Error(w, "not a direct path", http.StatusForbidden)
	default:
		_, _ = w.Write(file.sealed)
	}
}

// mediaFile is what the messages with a file have in common.
type mediaFile interface {
	GetDirectPath() string
	GetMediaKey() []byte
	GetFileSHA256() []byte
	GetFileEncSHA256() []byte
	GetFileLength() uint64
}

// downloadLocked returns the encrypted file of a message, or says why there is none.
func (s *Server) downloadLocked(file mediaFile) (storedFile, *fault) {
	name, given := strings.CutSuffix(file.GetDirectPath(), directQuery)
	kept, ok := s.media[name]
	switch {
	case !given:
		return storedFile{}, &fault{kind: BadMedia, detail: "a direct path that the server never gave"}
	case ok:
		return kept, nil
	case s.expired[name] > 0:
		return storedFile{}, &fault{kind: ExpiredMedia, detail: "a file that was dropped before", since: s.expired[name]}
	}
	return storedFile{}, &fault{kind: BadMedia, detail: "a file that was never uploaded"}
}

// openFile verifies the hashes of a file and decrypts it.
func openFile(info string, sealed []byte, file mediaFile) ([]byte, error) {
	outer := sha256.Sum256(sealed)
	if !hmac.Equal(outer[:], file.GetFileEncSHA256()) || len(sealed) < 10+aes.BlockSize || (len(sealed)-10)%aes.BlockSize != 0 {
		return nil, errors.New("the file does not fit its message: hash or size of the encrypted file")
	}
	if len(file.GetMediaKey()) != 32 {
		return nil, errors.New("the file does not fit its message: size of the key")
	}
	keys, err := hkdf.Key(sha256.New, file.GetMediaKey(), nil, info, 112)
	if err != nil {
		return nil, err
	}
	iv, content, tag := keys[:16], sealed[:len(sealed)-10], sealed[len(sealed)-10:]
	mac := hmac.New(sha256.New, keys[48:80])
	mac.Write(iv)
	mac.Write(content)
	if !hmac.Equal(mac.Sum(nil)[:10], tag) {
		return nil, errors.New("the file does not fit its message: authentication")
	}
	block, err := aes.NewCipher(keys[16:48])
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(content))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, content)
	padding := int(plain[len(plain)-1])
	if padding < 1 || padding > aes.BlockSize || !bytes.HasSuffix(plain, bytes.Repeat([]byte{byte(padding)}, padding)) {
		return nil, errors.New("the file does not fit its message: padding")
	}
	plain = plain[:len(plain)-padding]
	inner := sha256.Sum256(plain)
	if !hmac.Equal(inner[:], file.GetFileSHA256()) || uint64(len(plain)) != file.GetFileLength() {
		return nil, errors.New("the file does not fit its message: hash or size of the plain file")
	}
	return plain, nil
}
