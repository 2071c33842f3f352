// Package config reads banditore's settings and hands out a plain [Config].
//
// The promise: [Load] either returns settings that are all within their bounds, or one [*Error] that lists everything that is
// wrong at once, each with the key, what is wrong and an example. What only another room can judge, such as the wording of the
// answers, it asks of the [Check] it is given. Nothing is guessed, nothing unknown is ignored: a misspelt
// key is an error, and so is a bare number where a duration belongs. It reads one file and the environment, writes nothing, and
// may be called as often as wanted.
//
// Every key has a default and an environment variable: sending.every is BANDITORE_SENDING_EVERY, lists are separated by commas.
// The environment wins over the file; an empty variable counts as not set.
package config

import (
	"log/slog"
	"time"
)

// Config holds every setting, grouped like the keys of the file. Treat it as read-only.
type Config struct {
	// File is the file the settings came from, as given or found.
	File string `mapstructure:"-"`

	Service Service `mapstructure:"service"`
	// DataDir holds both databases; always absolute. A relative value is taken from the working directory.
	DataDir string `mapstructure:"data_dir"`
	// SpoolDir is the folder staff drop files into; always absolute, neither inside DataDir nor around it.
	SpoolDir string   `mapstructure:"spool_dir"`
	Sending  Sending  `mapstructure:"sending"`
	Spool    Spool    `mapstructure:"spool"`
	Answers  Answers  `mapstructure:"answers"`
	Forget   Forget   `mapstructure:"forget"`
	Messages Messages `mapstructure:"messages"`
	Log      Log      `mapstructure:"log"`
}

// Service says whose news this is and where to read more.
type Service struct {
	// Name is what citizens save the number as, such as "@infoSaronno7".
	Name string `mapstructure:"name"`
	// Comune is the name alone, such as "Saronno".
	Comune string `mapstructure:"comune"`
	// Number is the only number that may be paired: E.164 with the plus sign, without blanks.
	Number string `mapstructure:"number"`
	// Launch is midnight, in the time zone of Sending, of the first day with news. The zero value means: already launched.
	Launch time.Time `mapstructure:"launch"`
	// Channels is where citizens write instead, in words that follow "usa".
	Channels string `mapstructure:"channels"`
	// RulesURL and PrivacyURL are http(s) addresses, or empty.
	RulesURL   string `mapstructure:"rules_url"`
	PrivacyURL string `mapstructure:"privacy_url"`
	// RulesVersion names the edition of the rules that RulesURL shows; it is kept with every consent. May be empty.
	RulesVersion string `mapstructure:"rules_version"`
	// DoubleOptIn asks whoever wants to register to confirm it with a second message.
	DoubleOptIn bool `mapstructure:"double_opt_in"`
}

// Sending says how fast, when and how much leaves. Zero durations mean: do not wait.
type Sending struct {
	// Every is the pause between two ordinary announcement messages, UrgentEvery between two urgent ones. At most 1 h each.
	Every       time.Duration `mapstructure:"every"`
	UrgentEvery time.Duration `mapstructure:"urgent_every"`
	// Window is how many urgent messages are sent together when UrgentEvery is zero; 1 to 128, 1 means one by one.
	Window int `mapstructure:"window"`
	// DailyLimit is the most messages in any 24 hours, answers included, though only announcements wait for it; 0 means no limit.
	DailyLimit int `mapstructure:"daily_limit"`
	// Hours is "HH:MM-HH:MM" in Location; it may span midnight, and "00:00-24:00" means always.
	Hours string `mapstructure:"hours"`
	// Timezone is the IANA name, Location the same thing loaded; never nil.
	Timezone string         `mapstructure:"timezone"`
	Location *time.Location `mapstructure:"-"`
	// Election is when a public body communicates only what is impersonal and indispensable (art. 9 L. 28/2000), by midnights in Location.
	Election Days `mapstructure:"election"`
	// Holdback is how long an accepted ordinary announcement waits before its first message leaves; at most 24 h.
	Holdback time.Duration `mapstructure:"holdback"`
	// Grace is how long after the start the first announcement message may leave; answers do not wait. At most 1 h.
	Grace time.Duration `mapstructure:"grace"`
	// Preview are the numbers, written like Service.Number and each once, that get what is dropped into prova/. At most 20.
	Preview []string `mapstructure:"preview"`
}

// Spool says how the folder is watched.
type Spool struct {
	// Settle is how long a file must stay unchanged before it is taken; at most 10 min.
	Settle time.Duration `mapstructure:"settle"`
	// Scan is the pause between two looks at the folder; at most 1 h. Zero is allowed: the reader of this value sets its own floor.
	Scan time.Duration `mapstructure:"scan"`
}

// Answers bounds how much is answered, so that two machines never chat. A cancellation is carried out in any case.
type Answers struct {
	// PerPersonHour is the most answers to one person in an hour; beyond it there is silence.
	PerPersonHour int `mapstructure:"per_person_hour"`
	// PerMinute is the most answers to everybody in a minute; beyond it they wait.
	PerMinute int `mapstructure:"per_minute"`
}

// Forget says how long what is no longer needed is kept.
type Forget struct {
	// IncompleteHours is for how long an unfinished registration waits for its other half.
	IncompleteHours int `mapstructure:"incomplete_hours"`
	// DeliveriesDays is for how long it is known who got an announcement that has ended.
	DeliveriesDays int `mapstructure:"deliveries_days"`
	// KeyFile holds the key of the hashes of who left; always absolute and outside DataDir, or empty: then none is kept.
	KeyFile string `mapstructure:"key_file"`
	// RememberDays is for how long such a hash is kept.
	RememberDays int `mapstructure:"remember_days"`
}

// Log says what the daemon's log looks like.
type Log struct {
	// Level is written debug, info, warn or error.
	Level slog.Level `mapstructure:"level"`
	// Format is "text" or "json".
	Format string `mapstructure:"format"`
}
