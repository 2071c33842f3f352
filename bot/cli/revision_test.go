package cli

import (
	"runtime/debug"
	"testing"
)

func TestRevision(t *testing.T) {
	t.Parallel()
	for want, settings := range map[string][]debug.BuildSetting{
		"unknown: it was built without git, or outside of its repository": {{Key: "CGO_ENABLED", Value: "1"}},
		"abc of 2027-01-02 03:04 UTC":                                     {{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2027-01-02T03:04:05Z"}, {Key: "vcs.modified", Value: "false"}},
		"abc of 2027-01-02 02:04 UTC, with changes that are not in it":    {{Key: "vcs.modified", Value: "true"}, {Key: "vcs.time", Value: "2027-01-02T03:04:05+01:00"}, {Key: "vcs.revision", Value: "abc"}},
		"abc": {{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "yesterday"}},
	} {
		if got := revision(settings); got != want {
			t.Errorf("%v is %q, want %q", settings, got, want)
		}
	}
}
