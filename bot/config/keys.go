package config

import (
	"strings"
	"time"
)

// key is one setting: its name, its default as the file would hold it, an example that is right, and its bounds. check gets the decoded
// settings and returns what is wrong, or "".
type key struct {
	name    string
	value   any
	example string
	check   func(*Config) string
}

// env is the name of the variable that overrides the key.
func (k key) env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(k.name, ".", "_"))
}

// allKeys lists every key in the order of config.example.yaml.
func allKeys() []key {
	keys := []key{
		{"service.name", "", `"@infoSaronno7"`, func(c *Config) string { return line(c.Service.Name, 1, 60) }},
		{"service.comune", "", `Saronno`, func(c *Config) string { return line(c.Service.Comune, 1, 60) }},
		{"service.number", "", `"+393343679575"`, func(c *Config) string { return number(c.Service.Number) }},
		{"service.launch", "", `2022-10-15`, func(c *Config) string { return launch(c.Service.Launch) }},
		{"service.channels", "e-mail e canali del Comune", `il telefono 02 1234 5678 o l'e-mail urp@comune.saronno.example`, func(c *Config) string { return line(c.Service.Channels, 1, 300) }},
		{"service.rules_url", "", `https://www.comune.saronno.example/regole`, func(c *Config) string { return webAddress(c.Service.RulesURL) }},
		{"service.privacy_url", "", `https://www.comune.saronno.example/privacy`, func(c *Config) string { return webAddress(c.Service.PrivacyURL) }},
		{"service.rules_version", "", `"2022-10"`, func(c *Config) string { return line(c.Service.RulesVersion, 0, 60) }},
		{"service.double_opt_in", false, `true`, func(*Config) string { return "" }},
		{"data_dir", "/var/lib/banditore", `/var/lib/banditore`, func(c *Config) string { return directory(c.DataDir) }},
		{"spool_dir", "/srv/banditore", `/srv/banditore`, func(c *Config) string { return spoolDirectory(c.SpoolDir, c.DataDir) }},
		{"sending.every", "6s", `6s`, func(c *Config) string { return within(c.Sending.Every, time.Hour) }},
		{"sending.urgent_every", "1s", `1s`, func(c *Config) string { return within(c.Sending.UrgentEvery, time.Hour) }},
		{"sending.window", 32, `32`, func(c *Config) string { return from(1, c.Sending.Window, 128) }},
		{"sending.daily_limit", 0, `2000`, func(c *Config) string { return dailyLimit(c.Sending.DailyLimit) }},
		{"sending.hours", "08:00-20:00", `08:00-20:00`, func(c *Config) string { return hours(c.Sending.Hours) }},
		{"sending.timezone", "Europe/Rome", `Europe/Rome`, func(c *Config) string { return timezone(c.Sending.Timezone) }},
		{"sending.election", "", `2027-04-15/2027-06-13`, func(*Config) string { return "" }}, // nothing that decoding has not found
		{"sending.holdback", "2m", `5m`, func(c *Config) string { return within(c.Sending.Holdback, 24*time.Hour) }},
		{"sending.grace", "10s", `10s`, func(c *Config) string { return within(c.Sending.Grace, time.Hour) }},
		{"sending.preview", []string{}, `["+393331234567"]`, func(c *Config) string { return preview(c.Sending.Preview) }},
		{"spool.settle", "3s", `3s`, func(c *Config) string { return within(c.Spool.Settle, 10*time.Minute) }},
		{"spool.scan", "10s", `10s`, func(c *Config) string { return within(c.Spool.Scan, time.Hour) }},
		{"answers.per_person_hour", 20, `20`, func(c *Config) string { return from(1, c.Answers.PerPersonHour, 1000) }},
		{"answers.per_minute", 600, `600`, func(c *Config) string { return from(1, c.Answers.PerMinute, 100_000) }},
		{"forget.incomplete_hours", 24, `24`, func(c *Config) string { return from(1, c.Forget.IncompleteHours, 720) }},
		{"forget.deliveries_days", 30, `30`, func(c *Config) string { return from(7, c.Forget.DeliveriesDays, 3650) }},
		{"forget.key_file", "", `/etc/banditore/forget.key`, func(c *Config) string { return keyFile(c.Forget.KeyFile, c.DataDir) }},
		{"forget.remember_days", 90, `90`, func(c *Config) string { return from(1, c.Forget.RememberDays, 3650) }},
	}
	keys = append(keys, messageKeys()...)
	return append(keys,
		key{"log.level", "info", `info`, func(*Config) string { return "" }},
		key{"log.format", "text", `text`, func(c *Config) string { return logFormat(c.Log.Format) }},
	)
}

// Default is the default of a key such as "forget.deliveries_days"; nil when there is no such key.
func Default(name string) any {
	for _, k := range allKeys() {
		if k.name == name {
			return k.value
		}
	}
	return nil
}
