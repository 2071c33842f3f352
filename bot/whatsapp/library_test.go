package whatsapp

import (
	"runtime/debug"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"
)

func TestLibraryMade(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 9, 21, 12, 11, 26, 0, time.UTC)
	for version, want := range map[string]time.Time{
		"v0.0.0-20260921121126-35ae40906e74":       day,
		"v1.2.4-0.20260921121126-35ae40906e74":     day,
		"v1.2.3-pre.0.20260921121126-35ae40906e74": day,
		"v1.2.3": {}, "": {}, "(devel)": {}, "v0.0.0-2026-35ae40906e74": {},
	} {
		module := &debug.Module{Path: "go.mau.fi/whatsmeow", Version: version}
		if got := libraryMade([]*debug.Module{{Path: "other", Version: "v0.0.0-20200101000000-000000000000"}, module}); !got.Equal(want) {
			t.Errorf("%q: got %v, want %v", version, got, want)
		}
		fork := &debug.Module{Path: "go.mau.fi/whatsmeow", Version: "v0.0.0-20200101000000-000000000000", Replace: module}
		if got := libraryMade([]*debug.Module{fork}); !got.Equal(want) {
			t.Errorf("%q in place of another: got %v, want %v", version, got, want)
		}
	}
	if got := libraryMade(nil); !got.IsZero() {
		t.Errorf("got %v from nothing", got)
	}
}

func TestVersionAge(t *testing.T) {
	t.Parallel()
	now := time.Now()
	if got := (Version{Library: now.Add(-LibraryLimit)}).Age(now); got != LibraryLimit {
		t.Errorf("got %v", got)
	}
	if got := (Version{}).Age(now); got != 0 {
		t.Errorf("got %v of an unknown library", got)
	}
}

// A library that is newer than what was found makes that worthless, and damage is no reason to stop.
func TestKeptVersion(t *testing.T) {
	t.Parallel()
	own, found := ownVersion(), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for number, want := range map[string]string{
		"2.3000.4000000000": "2.3000.4000000000", "2.3000.1": own.Number, "": own.Number, "x.y": own.Number, own.Number: own.Number,
	} {
		got := Version{Number: number, Found: found, LookedUp: found}.beside(own)
		if got.Number != want || got.Found.IsZero() != (want == own.Number) || !got.LookedUp.Equal(found) {
			t.Errorf("%q: got %+v, want %s", number, got, want)
		}
	}
	dir := t.TempDir()
	c := openForTest(t, dir)
	if err := c.remember(t.Context(), versionFact, "no version"); err != nil {
		t.Fatal(err)
	}
	c.Close()
	if got := openForTest(t, dir).Version(); got.Number != own.Number {
		t.Errorf("got %+v from a damaged memory", got)
	}
}

// The line of the library by which a registration and a login are introduced.
func TestPayloadCarriesTheVersion(t *testing.T) {
	t.Parallel()
	number := store.WAVersionContainer{2, 3000, 4_000_000_000}
	hash := number.Hash()
	v := newVersions(Version{Number: number.String(), Found: time.Now()})
	device := openForTest(t, t.TempDir()).container.NewDevice()
	payload := v.payload(device)
	if got := payload.GetUserAgent().GetAppVersion(); got.GetTertiary() != number[2] || got.GetSecondary() != 3000 || got.GetPrimary() != 2 {
		t.Errorf("got version %v", got)
	}
	if got := payload.GetDevicePairingData().GetBuildHash(); string(got) != string(hash[:]) {
		t.Errorf("got hash %x, want that of the version", got)
	}
	if store.BaseClientPayload.GetUserAgent().GetAppVersion().GetTertiary() != store.GetWAVersion()[2] {
		t.Error("the library's own version was changed")
	}
}
