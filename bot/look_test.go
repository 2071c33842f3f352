package bot

// Look has the daemon look at the folder now, as a folder event would.
func (b *Bot) Look() { b.ring.folder.Ring() }
