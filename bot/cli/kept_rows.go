package cli

import "fmt"

// Who can read what, in the words of the table.
const (
	onlyServer = "the service's user and root on the server; people only through the commands, each use in audit.log (count shows no names)"
	onShare    = "whoever may open the shared folder, and the service's user"
	inList     = "at once with the list's other rows about the person, when they are forgotten (below)"
)

// The basis of what is held on a citizen. The Comune's data protection officer confirms it.
const (
	institutional = "public task (art. 6(1)(e) GDPR; law 150/2000); who asks for it by a message can end it by one"
	accountable   = "accountability (art. 5(2), 7(1) GDPR)"
	security      = "security of processing (art. 32 GDPR)"
	noPerson      = "none is needed: no person can be told from it"
)

// keptRows is everything that the program keeps, and what is kept because of it.
func keptRows() []kept {
	p := periodsOf()
	rows := rowsOfCitizens(p)
	rows = append(rows, rowsOfMessages(p)...)
	rows = append(rows, rowsOfTheLibrary(p)...)
	rows = append(rows, rowsOfStaff()...)
	return append(rows, rowsOfCopies(p)...)
}

func rowsOfCitizens(p periods) []kept {
	return []kept{
		{
			what: "The list", where: []holder{{"store.db", "subscribers", "id number lid given_name family_name comune since heard news_from code"}},
			why: "to send the news that somebody asked for, in the mode they chose, and to serve them by their code", basis: institutional,
			long: "until they leave", reader: onlyServer, erased: "by \"Disattiva Notizie\", or \"banditore subscribers erase NUMBER\"; see Forgetting",
		}, {
			what:  "The proof of consent",
			where: []holder{{"store.db", "subscribers", "words message_id written wording confirmed source"}, {"store.db", "wordings", "version text since"}},
			why:   "to show that they asked, with which words, and what they were told", basis: accountable,
			long: "as long as the list has them; the texts and rules themselves, which name nobody, stay", reader: onlyServer, erased: "with the list's row",
		}, {
			what: "Open questions and unfinished registrations", where: []holder{{"store.db", "questions", "id number lid asked given_name family_name comune words since due"}},
			why: "to complete what somebody began to ask for; half a conversation is held here and nowhere else", basis: institutional,
			long:   p.Incomplete + ", and at most " + period(p.Purge) + " longer",
			reader: onlyServer, erased: "when it is answered, or is worth nothing any more",
		}, {
			what: "Who is to be forgotten", where: []holder{{"store.db", "erasures", "id number lid due unsubscribed_at"}},
			why: "to carry out the erasure, also after a crash", basis: "duty to erase (art. 17 GDPR)",
			long: fmt.Sprintf("%s after WhatsApp took the goodbye, %s when it never does; %s for who wrote without subscribing",
				period(p.Goodbye), period(p.Patience), period(p.Stranger)),
			reader: onlyServer, erased: "by the erasure itself, within five minutes",
		}, {
			what: "Cancellations that were nobody's on the list", where: []holder{{"store.db", "unmatched", "hash at"}, {"store.db", "daemon", "unmatched_key"}},
			why: "to carry one out when it comes to be known whose it was; a hash under a random key, which lies beside it: pseudonymised, not anonymous", basis: institutional,
			long: period(p.Unmatched), reader: onlyServer, erased: "when it is found whose it was, or by time",
		}, {
			what: "Who has unsubscribed, by a keyed hash (only with forget.key_file)", where: []holder{{"data_dir", "forgotten", ""}, {"the file forget.key_file", "", ""}},
			why: "so that a restored backup does not bring them back; pseudonymised, not anonymous: whoever has the key can try all numbers", basis: "duty to erase (art. 17 GDPR)",
			long: p.Remember, reader: "the hashes: whoever has data_dir or a backup; whose they are: who has the key too", erased: "by time; subscribing again makes the hash idle; without the key it tells nothing",
		},
	}
}

func rowsOfMessages(p periods) []kept {
	return []kept{
		{
			what: "Who got which announcement", where: []holder{{"store.db", "deliveries", "id announcement subscriber preview_number part form target target_sent message_id state attempts due sent_at reason"}},
			why: "to send once, to repeat what a phone could not decrypt, to correct and withdraw; preview numbers are the configuration's", basis: institutional,
			long: p.Deliveries + " after its last message; the figures stay", reader: onlyServer, erased: inList + ", or by time",
		}, {
			what: "Answers to citizens", where: []holder{{"store.db", "answers", "id number lid kind text message_id state attempts due reason created replies_to rank"}},
			why: "to send them, and again to a phone that could not decrypt; a text may hold the person's name. That to \"I miei dati\" is written when it leaves, and its text is not kept", basis: institutional,
			long: period(p.Answers) + " after they were written, and at most " + period(p.Purge) + " longer; what has not left, until it does", reader: onlyServer, erased: inList + ", or by time",
		}, {
			what: "Repeats that phones have asked for", where: []holder{{"store.db", "repeats", "id delivery answer device space count stamped waiting due served at"}},
			why: "to send again what a phone could not decrypt, no more often than allowed", basis: institutional,
			long: "as the message that is repeated, and at most " + period(p.Answers), reader: onlyServer, erased: "with the message's row",
		}, {
			what: "Traces of the texts that were carried out", where: []holder{{"store.db", "handled", "message_id number lid at sent wish"}},
			why: "to carry out each text once, and no old one after a newer; never what was written", basis: institutional,
			long: period(p.Answers) + ", and at most " + period(p.Purge) + " longer", reader: onlyServer, erased: inList + ", or by time",
		},
	}
}

func rowsOfTheLibrary(p periods) []kept {
	return []kept{
		{
			what: "Keys and addresses of the encrypted conversation",
			where: []holder{{"session.db", "whatsmeow_sessions", ""}, {"session.db", "whatsmeow_identity_keys", ""}, {"session.db", "whatsmeow_sender_keys", ""}, {"session.db", "whatsmeow_lid_map", ""},
				{"session.db", "whatsmeow_privacy_tokens", ""}, {"session.db", "whatsmeow_message_secrets", ""}, {"session.db", "whatsmeow_contacts", ""}, {"session.db", "whatsmeow_chat_settings", ""},
				{"session.db", "banditore_stale_lids", ""}},
			why: "without them nothing can be encrypted for a phone, or read from it", basis: institutional,
			long: "as long as the person has a reason to be held above; who has none is swept out within five minutes of coming in, and once a day", reader: "the service's user and root on the server",
			erased: "with the person, and the file is rewritten",
		}, {
			what:  "Messages between decryption and being carried out",
			where: []holder{{"session.db", "whatsmeow_event_buffer", ""}, {"session.db", "whatsmeow_retry_buffer", ""}, {"session.db", "banditore_notices", ""}},
			why:   "so that nothing is lost in a crash: event_buffer holds a text until it has been carried out, then only a hash of its ciphertext; the notices are what the Comune's own phone tells; retry_buffer is switched off, and empty", basis: institutional,
			long: "a text: moments, or until the next start; the hash: 14 days; a notice: until it is read, at most " + p.Notice, reader: "the service's user and root on the server", erased: "when it has been carried out",
		}, {
			what: "The link itself",
			where: []holder{{"session.db", "whatsmeow_device", ""}, {"session.db", "whatsmeow_pre_keys", ""}, {"session.db", "whatsmeow_app_state_sync_keys", ""}, {"session.db", "whatsmeow_app_state_version", ""},
				{"session.db", "whatsmeow_app_state_mutation_macs", ""}, {"session.db", "whatsmeow_nct_salt", ""}, {"session.db", "whatsmeow_version", ""}, {"session.db", "banditore_facts", ""}},
			why: "to be the Comune's linked device; whoever has this file can write as the Comune", basis: noPerson, long: "until \"banditore unpair\"", reader: "the service's user and root on the server", erased: "when the phone is unlinked",
		}, {
			what: "A link that must not be used any more", where: []holder{{"data_dir", "session.db.parked*", ""}}, why: "set aside instead of being connected: an old copy, or a damaged one", basis: security,
			long: "until the next erasure or pairing at the latest", reader: "the service's user and root on the server", erased: "as a whole",
		}, {
			what: "The memory of the process", where: []holder{{"the running daemon", "", ""}}, why: "device lists and recent messages, of the library and our own", basis: institutional,
			long: "see Forgetting; all of it until the restart at the latest", reader: "root on the server", erased: "with the person, or with the process",
		},
	}
}

func rowsOfStaff() []kept {
	return []kept{
		{
			what: "Announcements, and the clerks who made them",
			where: []holder{{"store.db", "announcements", "id name file text content_hash urgent preview held filed accepted_at not_before first_sent last_sent expires released kind about editable messages comuni owner folder final too_old state priority paused"},
				{"store.db", "attachments", "id announcement position inherited name file kind mime width height seconds pages thumbnail hash dropped_hash upload uploaded_at data"}, {"store.db", "imprints", "attachment carries"},
				{"spool_dir", "da_inviare, urgenti, prova, in_invio, inviati, ritirare, scartati", ""}, {"spool_dir", ".banditore", ""}},
			why: "to send them and to report; owner is the account that owned the file, carries what a document tells of its author", basis: "public task (art. 6(1)(e) GDPR); staff are told in their own notice",
			long: "as long as the Comune keeps its files: the program deletes none; an attachment's bytes go when nobody needs them", reader: onShare, erased: "by the Comune, by its own schedule (massimario di scarto)",
		}, {
			what: "Minutes and reports", where: []holder{{"spool_dir", "*.verbale.html", ""}, {"spool_dir", "*.esito.txt", ""}, {"store.db", "minutes", "number announcement hash"}},
			why: "the file of record; a page names the clerk who owned the file, and no citizen", basis: "public task; duty to document (DPR 445/2000)", long: "as the announcements: the program deletes none", reader: onShare,
			erased: "by the Comune; \"banditore check\" then calls a page missing",
		}, {
			what: "What the page shows, and the folder's own explanation", where: []holder{{"spool_dir", "stato.html, LEGGIMI.txt", ""}, {"store.db", "problems", "kind since severity sentence advice"}},
			why: "to say how the service is; figures and file names only", basis: noPerson, long: "until the next writing", reader: onShare, erased: "by writing over it",
		}, {
			what: "Figures and the state of the service",
			where: []holder{{"store.db", "tallies", "announcement form extra state count"}, {"store.db", "failures", "announcement reason count"}, {"store.db", "days", "day subscribers joined gone"},
				{"store.db", "departures", "id at announcement"}, {"store.db", "red_lights", "light since until told code tries"}, {"store.db", "strays", "kind count last"},
				{"store.db", "daemon", "id link_state link_connected link_since owes_compaction link_until link_code heard gap_link gap_from gap_read gap_closed purged joined gone phone_seen link_cause list_number session_mark unpair_asked capping capping_used capping_quota capping_since capping_ends"}},
			why: "to count, to keep the pace, to go on after a restart; the only number in it is the Comune's own. How often somebody has written in the hour (answers.per_person_hour) is counted from the answers above, and in memory", basis: noPerson,
			long: "as long as the database", reader: onlyServer, erased: "with the database",
		},
	}
}

func rowsOfCopies(p periods) []kept {
	return []kept{
		{
			what: "The files of the databases", where: []holder{{"data_dir", "store.db*", ""}, {"data_dir", "session.db*", ""}, {"data_dir", "banditore.lock, session.lock", ""}, {"data_dir", ".writable-*", ""}},
			why: "the databases with their journals, and the locks, which hold a process's number", long: "what is erased is overwritten, in the journals too", reader: "the service's user and root on the server", erased: "see Forgetting",
		}, {
			what: "The audit log", where: []holder{{"data_dir", "audit.log*", ""}, {"the system's journal", "", ""}},
			why: "who of the staff looked at people's data: account, login, command, how many people, never whom", basis: security + "; breaches (art. 33, 34)",
			long: p.Audit + " at most, in at most ten files; the journal's copy as the system keeps it", reader: "the service's user and root; the journal's copy: root, and who may read the journal", erased: "by rotation",
		}, {
			what: "Other lines of the journal", where: []holder{{"the system's journal", "", ""}}, why: "to operate the service; no number, name or text of a citizen, and file names of announcements", basis: noPerson,
			long: "as the system keeps it (journald.conf)", reader: "root, and who may read the journal", erased: "by the system",
		}, {
			what: "Backups and exports", where: []holder{{"wherever \"banditore backup FILE\", \"subscribers export\" or the server's own backups put them", "", ""}},
			why: "to go on after a loss; to answer a citizen", basis: security,
			long:   "as the Comune decides; forget.remember_days must be at least as long. Who has been erased stays in each older backup until that is deleted; a restore leaves out whom \"forgotten\" names, if forget.key_file is set",
			reader: "who has the file: encrypt it, and keep the key apart", erased: "by the Comune, when a backup or an export is past its time",
		}, {
			what: "The chats on the Comune's phone", where: []holder{{"the phone, not this server", "", ""}}, why: "WhatsApp keeps on it what was written both ways", basis: institutional,
			long: "as the phone is set: disappearing messages shorten it", reader: "who has the phone in hand", erased: "on the phone, by the Comune; banditore cannot",
		}, {
			what: "What WhatsApp holds", where: []holder{{"WhatsApp Ireland Ltd. and Meta, not this server", "", ""}},
			why:   "carries the messages, and is a controller of its own for numbers, devices, who writes to whom and when; it cannot read the texts. Data go outside the EU (EU-US Data Privacy Framework, standard clauses)",
			basis: "its own, told in its privacy policy; there is no contract on the data with an account like this one", long: "undelivered messages up to 30 days; else as its policy says", reader: "WhatsApp and Meta", erased: "by the citizen, with WhatsApp; banditore cannot",
		},
	}
}
