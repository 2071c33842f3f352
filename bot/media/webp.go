package media

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/image/webp"
)

// webpPointCost is what a point of a WebP may cost to decode: two pictures of
// four bytes, and tables that a hostile file can make large.
const webpPointCost = 14

// openWebP looks through a WebP for what must survive its conversion. The bytes
// themselves never leave.
func openWebP(data []byte) (picture, *Refusal) {
	p := picture{is: isWebP, data: data, orientation: 1, pointCost: webpPointCost}
	size := int(binary.LittleEndian.Uint32(data[4:])) + 8
	if size > len(data) {
		return picture{}, incomplete(isWebP)
	}
	for rest := data[12:max(12, size)]; len(rest) >= 8; {
		n := int(binary.LittleEndian.Uint32(rest[4:]))
		if n > len(rest)-8 {
			return picture{}, incomplete(isWebP)
		}
		body := rest[8 : 8+n]
		switch string(rest[:4]) {
		case "ANIM", "ANMF":
			return picture{}, animated()
		case "EXIF":
			p.orientation = exifOrientation(bytes.TrimPrefix(body, []byte("Exif\x00\x00")))
		case "ICCP":
			if n <= maxProfile {
				p.profile = plainProfile(body, 3)
			}
		}
		rest = rest[min(len(rest), 8+n+n&1):]
	}
	cfg, err := webp.DecodeConfig(bytes.NewReader(data))
	if err != nil || cfg.Width == 0 || cfg.Height == 0 {
		return picture{}, damaged(isWebP, "")
	}
	p.width, p.height = cfg.Width, cfg.Height
	return p, nil
}
