package media

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// Every place of a picture in which a camera, a telephone or a program leaves words.
func TestEveryPlaceOfAPictureIsLeftBehind(t *testing.T) {
	t.Parallel()
	secret := "secret-place 45.6258 Camera of the mayor"
	small := string(asJPEG(t, drawing(8, 8), 60)) + secret
	jpg, png, web := asJPEG(t, drawing(30, 30), 80), asPNG(t, drawing(30, 30)), fixture(t, "plain.webp")
	for name, segments := range map[string][]byte{
		"EXIF":                    segment(0xe1, "Exif\x00\x00"+string(exif(1, binary.LittleEndian))),
		"XMP":                     segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+secret),
		"XMP, further":            segment(0xe1, "http://ns.adobe.com/xmp/extension/\x00"+secret),
		"a small picture":         slices.Concat(segment(0xe0, "JFIF\x00\x01\x02\x01\x00\x48\x00\x48\x01\x01"+secret), segment(0xe0, "JFXX\x00\x10"+small)),
		"another picture":         segment(0xe2, "MPF\x00"+secret),
		"a profile of FlashPix":   segment(0xe2, "FPXR\x00"+secret),
		"a profile of no colours": segment(0xe2, profileName+"\x01\x01"+secret),
		"IPTC":                    segment(0xed, "Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x28"+secret),
		"C2PA":                    segment(0xeb, "JP\x00\x01\x00\x00\x00\x01"+secret),
		"Ducky":                   segment(0xec, "Ducky"+secret),
		"Adobe, longer":           segment(0xee, "Adobe\x00\x64\x00\x00\x00\x00\x01"+secret),
		"a maker's own":           segment(0xe5, "SAMSUNG"+secret),
		"a comment":               segment(0xfe, secret),
		"of no kind":              segment(0xf7, secret),
	} {
		accepted(t, name+".jpg", withSegments(jpg, segments))
	}
	for name, tail := range map[string]string{
		"a moving photo": "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00" + secret,
		"Samsung":        secret + "SEFH\x6b\x00\x00\x00\x01\x00\x00\x00SEFT",
		"what was cut":   small,
		"an archive":     smallZIP + secret,
	} {
		accepted(t, name+".jpg", append(bytes.Clone(jpg), tail...))
		accepted(t, name+".png", append(bytes.Clone(png), tail...))
		accepted(t, name+".webp", append(bytes.Clone(web), tail...))
	}
	for _, name := range []string{"tEXt", "zTXt", "iTXt", "eXIf", "tIME", "caBX", "iDOT", "vpAg", "orNT", "prVW", "sPLT", "hIST", "bKGD", "gIFx", "meTa", "zxIf"} {
		accepted(t, name+".png", withChunks(png, chunk(name, secret)))
		late := bytes.Replace(png, chunk("IEND", ""), slices.Concat(chunk(name, secret), chunk("IEND", "")), 1)
		accepted(t, name+".png", late)
	}
	accepted(t, "behind the points.png", slices.Concat(png, chunk("IDAT", secret), chunk("IEND", "")))
	for _, name := range []string{"EXIF", "XMP ", "ICCP", "ZZZZ"} {
		accepted(t, strings.TrimSpace(name)+".webp", webpOf(web, 40, 24, 0x20|0x08|0x04, riffChunk(name, []byte(secret))))
	}
}

// Every place of a video in which a camera, a telephone or a program leaves words.
func TestEveryPlaceOfAVideoIsLeftBehind(t *testing.T) {
	t.Parallel()
	secret := []byte("secret-place 45.6258 Camera of the mayor")
	for _, name := range []string{"udta", "meta", "uuid", "free", "skip", "wide", "pnot", "PICT", "ilst", "keys", "Xtra", "GPMF", "gpmd", "CNTH", "iods", "bloc", "pdin"} {
		for place, f := range map[string]film{
			"outermost": {top: boxOf(name, secret)}, "in the table of contents": {inMoov: boxOf(name, secret)}, "in a track": {inTrack: boxOf(name, secret)},
		} {
			if got := accepted(t, "video.mp4", f.build()); !bytes.Contains(got.Data, []byte(pictures)) {
				t.Errorf("%s %s: the pictures are gone", name, place)
			}
		}
	}
	for _, kind := range []string{"meta", "text", "sbtl", "subt", "tmcd", "camm", "mett", "data", "hint"} {
		data := film{camera: true}.build()
		at := bytes.LastIndex(data, []byte("meta\x00\x00"))
		copy(data[at:], kind)
		accepted(t, kind+".mp4", data)
	}
}
