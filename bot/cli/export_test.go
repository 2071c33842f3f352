package cli

// KeptIn lists what the table of what is kept names in a place, with its columns.
func KeptIn(place string) map[string]string {
	names := map[string]string{}
	for _, k := range keptRows() {
		for _, h := range k.where {
			if h.place == place {
				names[h.name] += " " + h.fields
			}
		}
	}
	return names
}
