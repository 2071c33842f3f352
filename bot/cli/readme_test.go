package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const source = "../.."

// A stranger understands it in a minute: one screen and a half, what is needed
// before the first command, and nothing linked that is not there.
func TestReadmeIsShortAndTrue(t *testing.T) {
	t.Parallel()
	readme := readFile(t, filepath.Join(source, "README.md"))
	if n := strings.Count(readme, "\n"); n > 95 {
		t.Errorf("%d lines: the rest belongs into a topic of the help", n)
	}
	goVersion := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(readFile(t, filepath.Join(source, "go.mod")))
	from := 0
	for _, next := range []string{"# banditore\n", "bot/page/stato.png", "**In italiano.**", "## Three warnings", "## What you need", "**Go " + goVersion[1] + "**",
		"go.dev/dl", "apt install gcc libc6-dev ca-certificates", "$ go run ./bot/demo", "go build -o banditore .", "./banditore pair", "go doc ./bot", "LICENSE"} {
		at := strings.Index(readme[from:], next)
		if at < 0 {
			t.Fatalf("no %q after\n%s", next, readme[:from])
		}
		from += at + len(next)
	}
	if before, _, _ := strings.Cut(readme, "## What you need"); strings.Contains(before, "\n    ") {
		t.Error("something is to be typed before it is said what is needed")
	}
	for _, file := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md"} {
		for _, link := range regexp.MustCompile(`\]\(([^):]+)\)|src="([^"]+)"`).FindAllStringSubmatch(readFile(t, filepath.Join(source, file)), -1) {
			if _, err := os.Stat(filepath.Join(source, link[1]+link[2])); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

// Whoever looks for something finds its room.
func TestContributingNamesEveryRoom(t *testing.T) {
	t.Parallel()
	text := readFile(t, filepath.Join(source, "CONTRIBUTING.md"))
	rooms, err := filepath.Glob(filepath.Join(source, "bot", "*", "*.go"))
	if err != nil || len(rooms) == 0 {
		t.Fatalf("%d files, %v", len(rooms), err)
	}
	for _, file := range rooms {
		if room := "`bot/" + filepath.Base(filepath.Dir(file)) + "/`"; !strings.Contains(text, room) {
			t.Errorf("%s is not named", room)
		}
	}
}

// The unit file and the help tell the same steps.
func TestInstallationIsTheUnitsOwn(t *testing.T) {
	t.Parallel()
	unit := readFile(t, filepath.Join(source, "systemd", "banditore.service"))
	page, _ := topicNamed("install")
	steps := 0
	for line := range strings.Lines(unit) {
		command, is := strings.CutPrefix(line, "#   ")
		if !is {
			continue
		}
		steps++
		found := false
		for _, b := range page.text {
			found = found || (b.kind == typed && strings.Contains(b.text+"\n", "  "+command))
		}
		if !found {
			t.Errorf("help install does not say: %s", command)
		}
	}
	if steps < 9 {
		t.Errorf("the unit file tells %d steps", steps)
	}
}

// Catalogues refuse a publiccode.yml without these, and show what it names.
func TestPublicCode(t *testing.T) {
	t.Parallel()
	text := readFile(t, filepath.Join(source, "publiccode.yml"))
	for _, key := range []string{"publiccodeYmlVersion:", "name: banditore", "url: https://", "platforms:", "developmentStatus:", "softwareType:", "description:",
		"  en:", "  it:", "legal:", "  license: EUPL-1.2", "maintenance:", "localisation:", "IT:"} {
		if !strings.Contains("\n"+text, "\n"+key) {
			t.Errorf("no %s", key)
		}
	}
	for _, m := range regexp.MustCompile(`shortDescription: (.*)|      - (\S+\.png)`).FindAllStringSubmatch(text, -1) {
		if width(m[1]) > 150 {
			t.Errorf("longer than 150 characters: %s", m[1])
		}
		if _, err := os.Stat(filepath.Join(source, m[2])); err != nil {
			t.Error(err)
		}
	}
}
