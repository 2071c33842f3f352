package media

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"io"
)

// pdfKey undoes the encryption of a PDF that opens with the empty password. Its
// methods are unknown when there is no lock, or one that is none of ours.
type pdfKey struct {
	key              []byte
	streams, strings pdfMethod
}

// pdfMethod is how streams or strings are encrypted.
type pdfMethod int

const (
	methodUnknown pdfMethod = iota
	methodNone
	methodRC4
	methodAES    // of 128 bits, each object with its own key
	methodAES256 // all with the same
)

// method reads which of the filters of a lock is used for what.
func (d *pdfDocument) method(l pdfLock, what string) pdfMethod {
	name := nameOf(value(l.words, what))
	if name == "" || name == "Identity" {
		return methodNone
	}
	filter := d.follow(value(d.follow(value(l.words, "CF")), name))
	switch nameOf(value(filter, "CFM")) {
	case "None":
		return methodNone
	case "V2":
		return methodRC4
	case "AESV2":
		return methodAES
	case "AESV3":
		return methodAES256
	}
	return methodUnknown
}

// unlocked gives the bytes of a stream as it stands, and also decrypted when there
// is a key: a stream may be left out of the encryption.
func (d *pdfDocument) unlocked(o pdfObject) (ways []io.Reader) {
	data := d.data[o.stream:]
	if !d.locks {
		return []io.Reader{d.paid(bytes.NewReader(data))}
	}
	if from := d.key.reader(d.key.streams, o, data); from != nil {
		ways = append(ways, d.paid(from))
	}
	return append(ways, d.paid(bytes.NewReader(data)))
}

// paid charges what is read.
func (d *pdfDocument) paid(from io.Reader) io.Reader { return &paidReader{d, from} }

type paidReader struct {
	d    *pdfDocument
	from io.Reader
}

func (p *paidReader) Read(b []byte) (int, error) {
	n, err := p.from.Read(b[:min(len(b), 4096)])
	if !p.d.charge(n) {
		return 0, io.EOF
	}
	return n, err
}

// reader decrypts on the way; nil when it cannot be done.
func (k pdfKey) reader(m pdfMethod, o pdfObject, data []byte) io.Reader {
	key := k.key
	switch m {
	case methodNone:
		return bytes.NewReader(data)
	case methodRC4, methodAES:
		if o.number < 0 || o.generation < 0 || len(key) == 0 {
			return nil
		}
		seed := binary.LittleEndian.AppendUint32(bytes.Clone(key), uint32(o.number))[:len(key)+3]
		seed = append(seed, byte(o.generation), byte(o.generation>>8))
		if m == methodAES {
			seed = append(seed, "sAlT"...)
		}
		sum := md5.Sum(seed)
		key = sum[:min(16, len(key)+5)]
		if m == methodRC4 {
			c, err := rc4.NewCipher(key)
			if err != nil {
				return nil
			}
			return cipher.StreamReader{S: c, R: bytes.NewReader(data)}
		}
	case methodAES256:
		if len(key) != 32 {
			return nil
		}
	default:
		return nil
	}
	block, err := aes.NewCipher(key)
	if err != nil || len(data) < 2*aes.BlockSize {
		return nil
	}
	return &blockReader{mode: cipher.NewCBCDecrypter(block, data[:aes.BlockSize]), data: data[aes.BlockSize:]}
}

// text decrypts a string of an object.
func (k pdfKey) text(o pdfObject, text []byte) []byte {
	if o.packed || k.strings == methodUnknown {
		return text
	}
	from := k.reader(k.strings, o, text)
	if from == nil {
		return nil
	}
	plain, _ := io.ReadAll(from)
	if n := len(plain); k.strings >= methodAES && n > 0 && int(plain[n-1]) <= min(n, aes.BlockSize) {
		plain = plain[:n-int(plain[n-1])]
	}
	return plain
}

// blockReader decrypts AES block by block: what comes after the end of a stream is
// decrypted too, to nonsense, if anybody reads as far.
type blockReader struct {
	mode  cipher.BlockMode
	data  []byte
	ready []byte
}

func (b *blockReader) Read(p []byte) (int, error) {
	if len(b.ready) == 0 {
		n := min(len(b.data), 256*aes.BlockSize) / aes.BlockSize * aes.BlockSize
		if n == 0 {
			return 0, io.EOF
		}
		b.ready = make([]byte, n)
		b.mode.CryptBlocks(b.ready, b.data[:n])
		b.data = b.data[n:]
	}
	n := copy(p, b.ready)
	b.ready = b.ready[n:]
	return n, nil
}

// unwrap decrypts the key of a PDF 2.0 with the one that the password gives.
func unwrap(with, wrapped []byte) []byte {
	block, err := aes.NewCipher(with)
	if err != nil || len(wrapped) < 32 {
		return nil
	}
	key := make([]byte, 32)
	cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(key, wrapped[:32])
	return key
}
