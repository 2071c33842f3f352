package pace

import (
	"strings"
	"testing"
)

func TestParseHours(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"08:00-20:00":   "08:00-20:00",
		"8:00-20:00":    "",
		"08:00 - 20:00": "08:00-20:00",
		"20:00-06:00":   "20:00-06:00",
		"00:00-24:00":   "00:00-24:00",
		"18:30-24:00":   "18:30-24:00",
		"18:30-00:00":   "18:30-24:00",
		"23:59-00:01":   "23:59-00:01",
		"24:00-08:00":   "",
		"08:00-08:00":   "",
		"00:00-00:00":   "",
		"08:00-24:01":   "",
		"08:60-20:00":   "",
		"25:00-20:00":   "",
		"08:00":         "",
		"":              "",
		"-":             "",
		"08.00-20.00":   "",
		"+8:00-20:00":   "",
		"-1:00-20:00":   "",
		"08:00-20:00-":  "",
	} {
		h, err := ParseHours(text)
		if want == "" {
			if err == nil || h != (Hours{}) {
				t.Errorf("%q: got %v, %v, want an error", text, h, err)
			}
			continue
		}
		if err != nil || h.String() != want {
			t.Errorf("%q: got %v, %v, want %s", text, h, err, want)
		}
	}
}

func TestParseHoursSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"always":      "08:00-20:00",
		"08:00-25:00": `"25:00"`,
		"08:00-08:00": "00:00-24:00",
		"24:00-08:00": "00:00",
	} {
		_, err := ParseHours(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s in it", text, err, want)
		}
	}
}

func FuzzParseHours(f *testing.F) {
	for _, s := range []string{"08:00-20:00", "00:00-24:00", "20:00-06:00", "24:00-24:00", "18:30-00:00", "--", "１0:00-20:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseHours(s)
		if err != nil {
			if len(err.Error()) > 200 {
				t.Fatalf("%q: an error of %d bytes", s, len(err.Error()))
			}
			return
		}
		again, err := ParseHours(h.String())
		if err != nil || again != h {
			t.Fatalf("%q: read as %v, which is read as %v, %v", s, h, again, err)
		}
	})
}
