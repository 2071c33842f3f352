package cli

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
)

// topicFiles are the pages of `banditore help TOPIC`: in it for who uses the folder
// and the phone, in en for the Comune's IT. The first line holds the names, a dash
// and the title; the first name is the file's. The rest is a [manual].
//
//go:embed help/*/*.txt
var topicFiles embed.FS

// topic is one page of the manual.
type topic struct {
	names   []string
	title   string
	italian bool
	text    manual
}

func (t topic) name() string { return t.names[0] }

// topics are all pages, by language and name.
func topics() []topic {
	files, err := fs.Glob(topicFiles, "help/*/*.txt")
	if err != nil {
		return nil // the pattern is a good one
	}
	var pages []topic
	for _, file := range files {
		content, err := topicFiles.ReadFile(file)
		if err != nil {
			continue // it is in the binary
		}
		first, rest, _ := strings.Cut(string(content), "\n")
		names, title, _ := strings.Cut(first, " - ")
		pages = append(pages, topic{
			names: strings.Split(names, ", "), title: title,
			italian: strings.HasPrefix(file, "help/it/"), text: withTable(parseManual(rest)),
		})
	}
	return pages
}

// topicNamed finds a page under any of its names.
func topicNamed(name string) (topic, bool) {
	pages := topics()
	i := slices.IndexFunc(pages, func(t topic) bool { return slices.Contains(t.names, name) })
	if i < 0 {
		return topic{}, false
	}
	return pages[i], true
}

// topicList lists the pages of one language.
func topicList(italian bool) manual {
	var m manual
	for _, t := range topics() {
		if t.italian == italian {
			m = append(m, block{kind: explanation, mark: t.name(), text: t.title})
		}
	}
	return m
}
