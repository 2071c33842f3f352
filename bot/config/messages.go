package config

import "strings"

// Messages are the answers citizens get: text/template with {{.Field}}, {{if .Field}}, {{else}} and {{end}} only. Here they are checked
// for being there at all; a [Check] must look at what they say.
type Messages struct {
	Confirmation  string `mapstructure:"confirmation"`
	Privacy       string `mapstructure:"privacy"`
	Already       string `mapstructure:"already"`
	Incomplete    string `mapstructure:"incomplete"`
	OptIn         string `mapstructure:"opt_in"`
	Check         string `mapstructure:"check"`
	Dropped       string `mapstructure:"dropped"`
	Expired       string `mapstructure:"expired"`
	HowToCorrect  string `mapstructure:"how_to_correct"`
	Corrected     string `mapstructure:"corrected"`
	Leaving       string `mapstructure:"leaving"`
	Stays         string `mapstructure:"stays"`
	Goodbye       string `mapstructure:"goodbye"`
	NotRegistered string `mapstructure:"not_registered"`
	OnlyUrgent    string `mapstructure:"only_urgent"`
	AllNews       string `mapstructure:"all_news"`
	Paused        string `mapstructure:"paused"`
	Choice        string `mapstructure:"choice"`
	Help          string `mapstructure:"help"`
	MyData        string `mapstructure:"my_data"`
	Emergency     string `mapstructure:"emergency"`
	Other         string `mapstructure:"other"`
	Again         string `mapstructure:"again"`
	Office        string `mapstructure:"office"`
	Call          string `mapstructure:"call"`
	Unreadable    string `mapstructure:"unreadable"`
}

// messageKeys are the rows of allKeys for the answers. Their defaults are in registration.go and replies.go.
func messageKeys() []key {
	row := func(name, value string, text func(*Config) string) key {
		return key{"messages." + name, value, firstLine(value), func(c *Config) string { return present(text(c)) }}
	}
	return []key{
		row("confirmation", confirmation, func(c *Config) string { return c.Messages.Confirmation }),
		row("privacy", privacy, func(c *Config) string { return c.Messages.Privacy }),
		row("already", already, func(c *Config) string { return c.Messages.Already }),
		row("incomplete", incomplete, func(c *Config) string { return c.Messages.Incomplete }),
		row("opt_in", optIn, func(c *Config) string { return c.Messages.OptIn }),
		row("check", checkDetails, func(c *Config) string { return c.Messages.Check }),
		row("dropped", dropped, func(c *Config) string { return c.Messages.Dropped }),
		row("expired", expired, func(c *Config) string { return c.Messages.Expired }),
		row("how_to_correct", howToCorrect, func(c *Config) string { return c.Messages.HowToCorrect }),
		row("corrected", corrected, func(c *Config) string { return c.Messages.Corrected }),
		row("leaving", leaving, func(c *Config) string { return c.Messages.Leaving }),
		row("stays", stays, func(c *Config) string { return c.Messages.Stays }),
		row("goodbye", goodbye, func(c *Config) string { return c.Messages.Goodbye }),
		row("not_registered", notRegistered, func(c *Config) string { return c.Messages.NotRegistered }),
		row("only_urgent", onlyUrgent, func(c *Config) string { return c.Messages.OnlyUrgent }),
		row("all_news", allNews, func(c *Config) string { return c.Messages.AllNews }),
		row("paused", paused, func(c *Config) string { return c.Messages.Paused }),
		row("choice", choice, func(c *Config) string { return c.Messages.Choice }),
		row("help", help, func(c *Config) string { return c.Messages.Help }),
		row("my_data", myData, func(c *Config) string { return c.Messages.MyData }),
		row("emergency", emergency, func(c *Config) string { return c.Messages.Emergency }),
		row("other", other, func(c *Config) string { return c.Messages.Other }),
		row("again", again, func(c *Config) string { return c.Messages.Again }),
		row("office", office, func(c *Config) string { return c.Messages.Office }),
		row("call", call, func(c *Config) string { return c.Messages.Call }),
		row("unreadable", unreadable, func(c *Config) string { return c.Messages.Unreadable }),
	}
}

func firstLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return first
}

func present(text string) string {
	if strings.TrimSpace(text) == "" {
		return "must not be empty"
	}
	return ""
}
