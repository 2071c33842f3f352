package media

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"crypto/sha512"
)

// hash2B is the hash of the empty password in a PDF 2.0 (ISO 32000-2, algorithm
// 2.B): at least 64 rounds of AES and SHA-2, until the last byte says stop.
func hash2B(salt []byte) []byte {
	first := sha256.Sum256(salt)
	k := first[:]
	// A byte is at most 255, so that round 288 is the last in any case.
	for round := 0; ; round++ {
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		e := bytes.Repeat(k, 64)
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(e, e)
		rest := 0 // the first 16 bytes as a number, modulo 3: 256 is 1 modulo 3
		for _, b := range e[:16] {
			rest += int(b)
		}
		switch rest % 3 {
		case 0:
			sum := sha256.Sum256(e)
			k = sum[:]
		case 1:
			sum := sha512.Sum384(e)
			k = sum[:]
		default:
			sum := sha512.Sum512(e)
			k = sum[:]
		}
		if round >= 63 && int(e[len(e)-1]) <= round-31 {
			return k[:32]
		}
	}
}
