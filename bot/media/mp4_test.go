package media

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"testing"
)

// boxOf builds a box.
func boxOf(name string, bodies ...[]byte) []byte {
	body := slices.Concat(bodies...)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), name...), body...)
}

func words(numbers ...uint32) []byte {
	var out []byte
	for _, n := range numbers {
		out = binary.BigEndian.AppendUint32(out, n)
	}
	return out
}

// film says how the film of a test is to be built; the zero values are a good one.
type film struct {
	brand, codec, sound  string
	profile              byte     // of H.264; 0: not said
	esds                 []byte   // what kind of sound it is; nil: not said
	camera               bool     // a track with the place, beside the pictures
	matrix               []uint32 // nine numbers of the header of the track
	place                uint32   // where the points are said to be, instead of where they are
	count                uint32   // how many samples there are said to be
	inTrack, inMoov, top []byte   // further boxes
}

const pictures = "H264-points-of-the-film"

// build makes an MP4: ftyp, a mdat with pictures and what a camera recorded, moov.
func (f film) build() []byte {
	f.brand, f.codec, f.count = cmp.Or(f.brand, "isom"), cmp.Or(f.codec, "avc1"), cmp.Or(f.count, 1)
	if f.matrix == nil {
		f.matrix = []uint32{1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30}
	}
	head := boxOf("ftyp", []byte(f.brand+"\x00\x00\x02\x00"+f.brand+"\x00\x00\x00\x00"))
	place := uint32(len(head) + 8 + len("secret-place"))
	data := boxOf("mdat", []byte("secret-place"+pictures+"45.6258 from the camera"))
	entry := boxOf(f.codec, make([]byte, 42), []byte("\x13Camera of the mayor            "), words(0x18ffff), boxOf("avcC", []byte{1, f.profile}), boxOf("uuid", []byte("secret-place")))
	traks := f.track("vide", entry, cmp.Or(f.place, place), uint32(len(pictures)))
	if f.camera {
		traks = append(traks, f.track("meta", boxOf("gpmd", []byte("secret-place")), place+uint32(len(pictures)), 20)...)
	}
	if f.sound != "" {
		traks = append(traks, f.track("soun", boxOf(f.sound, make([]byte, 28), boxOf("esds", f.esds)), place, 4)...)
	}
	movie := boxOf("moov", boxOf("mvhd", words(0, 1234, 1234, 1000, 2001), make([]byte, 80)), traks, f.inMoov)
	return slices.Concat(head, data, movie, f.top)
}

func (f film) track(kind string, entry []byte, place, size uint32) []byte {
	stbl := boxOf("stbl", boxOf("stsd", words(0, 1), entry), boxOf("stts", words(0, 1, 1, 1)),
		boxOf("stsz", words(0, size, f.count)), boxOf("stsc", words(0, 1, 1, f.count, 1)), boxOf("stco", words(0, 1, place)))
	minf := boxOf("minf", boxOf("dinf", boxOf("dref", words(0, 1), boxOf("url ", words(1), []byte("secret-place")))), stbl)
	mdia := boxOf("mdia", boxOf("mdhd", words(0, 1234, 1234, 1000, 2001, 0)),
		boxOf("hdlr", words(0, 0), []byte(kind), make([]byte, 12), []byte("Camera of the mayor\x00")), minf, boxOf("udta", []byte("secret-place")))
	tkhd := boxOf("tkhd", words(1, 1234, 1234, 1, 0, 2001, 0, 0, 0, 0), words(f.matrix...), words(320<<16, 180<<16))
	return boxOf("trak", tkhd, mdia, boxOf("tref", []byte("secret-place")), f.inTrack)
}

func TestVideosLoseThePlace(t *testing.T) {
	t.Parallel()
	secret := []byte("secret-place 45.6258")
	dirty := film{
		camera: true, sound: "mp4a",
		inTrack: slices.Concat(boxOf("udta", boxOf("\xa9xyz", secret)), boxOf("meta", secret), boxOf("uuid", secret), boxOf("mdia", secret)),
		inMoov:  slices.Concat(boxOf("udta", boxOf("loci", secret)), boxOf("meta", secret), boxOf("uuid", secret), boxOf("mvhd", secret)),
		top:     slices.Concat(boxOf("uuid", secret), boxOf("meta", secret), boxOf("free", secret), boxOf("udta", secret)),
	}.build()
	f := accepted(t, "festa.mp4", dirty)
	if f.Kind != Video || f.MIME != "video/mp4" || f.Width != 320 || f.Height != 180 || f.Seconds != 3 || f.Pages != 0 {
		t.Errorf("%s %s, %d × %d, %d seconds", f.Kind, f.MIME, f.Width, f.Height, f.Seconds)
	}
	if len(f.Data) != len(dirty) || !bytes.Contains(f.Data, []byte(pictures)) {
		t.Error("the pictures were moved or are gone")
	}
	if bytes.Contains(f.Data, words(1234)) {
		t.Error("the date is still there")
	}
	if again := accepted(t, "festa.mp4", f.Data); again.Changed {
		t.Error("there was more to take away than was taken")
	}
	if accepted(t, "pulita.mp4", f.Data).Seconds != 3 {
		t.Error("what leaves is not read as it was")
	}
}

func TestRealVideos(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][3]int{"video.mp4": {64, 48, 2}, "turned.mp4": {48, 64, 2}, "silent.mp4": {64, 48, 2}} {
		data := fixture(t, name)
		f := accepted(t, name, data)
		if got := [3]int{f.Width, f.Height, f.Seconds}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		onlyTheEncoderIsGone(t, name, data, f.Data)
	}
	for _, secret := range []string{"loci", "segreto"} {
		if data := fixture(t, "video.mp4"); !bytes.Contains(data, []byte(secret)) || bytes.Contains(accepted(t, "video.mp4", data).Data, []byte(secret)) {
			t.Errorf("%q was never in the video, or still is", secret)
		}
	}
}

func TestVideosThatPhonesDoNotPlay(t *testing.T) {
	t.Parallel()
	lying := film{}.build()
	binary.BigEndian.PutUint32(lying[len(lying)-20:], 9) // the size of the last box
	for reason, data := range map[string][]byte{
		"HEVC (H.265)":                 fixture(t, "hevc.mp4"),
		"video a frammenti":            fixture(t, "fragmented.mp4"),
		"un video QuickTime (MOV)":     fixture(t, "film.mov"),
		"AV1":                          film{codec: "av01"}.build(),
		"VP8 o VP9":                    film{codec: "vp09"}.build(),
		"protetto contro la copia":     film{codec: "encv"}.build(),
		"formato vecchio":              film{codec: "mp4v"}.build(),
		`formato raro ("\n<x>")`:       film{codec: "\n<x>"}.build(),
		`non sentono ("Opus")`:         film{sound: "Opus"}.build(),
		"da studio":                    film{profile: 122}.build(),
		"il suono del video non è AAC": film{sound: "mp4a", esds: soundOf(0x6b)}.build(),
		"di un tipo che i telefoni":    film{brand: "mmp4"}.build(),
		"non contiene immagini":        boxesOfSoundOnly(),
		"più di un video":              film{inMoov: film{}.track("vide", boxOf("avc1", make([]byte, 78)), 40, 4)}.build(),
		"manca la fine":                film{place: 90}.build(),
		"danneggiato":                  film{place: 2}.build(),
		"il file è danneggiato":        film{count: 1 << 31}.build(),
		"video non si può aprire: il ": lying,
	} {
		refused(t, "video.mp4", data, reason)
	}
	refused(t, "video.mp4", film{inMoov: boxOf("mvex", words(0))}.build(), "video a frammenti")
	refused(t, "video.mp4", film{top: bytes.Repeat(boxOf("free"), maxBoxes)}.build(), "danneggiato")
	refused(t, "video.mp4", boxOf("ftyp", []byte("isom\x00\x00\x00\x00")), "manca la fine")
}

// soundOf is an esds as programs write it: the lengths of its descriptors may take
// one byte or four.
func soundOf(kind byte) []byte {
	return []byte{0, 0, 0, 0, 3, 0x80, 0x80, 0x80, 25, 0, 1, 0, 4, 17, kind, 0x15}
}

func TestVideosThatPhonesPlay(t *testing.T) {
	t.Parallel()
	for _, profile := range []byte{66, 77, 88, 100} {
		accepted(t, "video.mp4", film{profile: profile}.build())
	}
	for _, esds := range [][]byte{soundOf(0x40), soundOf(0x67), soundOf(0x6b)[:9], soundOf(0x6b)[:14], {0, 0, 0, 0, 3}, {0}} {
		accepted(t, "video.mp4", film{sound: "mp4a", esds: esds}.build())
	}
}

func boxesOfSoundOnly() []byte {
	data := film{sound: "mp4a"}.build()
	return bytes.Replace(data, []byte("vide"), []byte("text"), 1)
}

func TestTurnedVideos(t *testing.T) {
	t.Parallel()
	const minus = 0xffff0000
	for name, c := range map[string]struct {
		matrix []uint32
		lies   bool
	}{
		"upright": {nil, true}, "upside down": {[]uint32{minus, 0, 0, 0, minus, 0, 0, 0, 1 << 30}, true},
		"right": {[]uint32{0, 1 << 16, 0, minus, 0, 0, 0, 0, 1 << 30}, false}, "left": {[]uint32{0, minus, 0, 1 << 16, 0, 0, 0, 0, 1 << 30}, false},
	} {
		if f := accepted(t, "video.mp4", film{matrix: c.matrix}.build()); (f.Width > f.Height) != c.lies {
			t.Errorf("%s: %d × %d", name, f.Width, f.Height)
		}
	}
}
