package bot

// Look has the folder looked at now, as a folder event would.
func (b *Bot) Look() { b.ring.folder.Ring() }
