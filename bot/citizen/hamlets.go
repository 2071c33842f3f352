package citizen

import "strings"

// addHamlets lists parts of Comuni that people name instead of the Comune, around the towns of this house and where everybody does.
func (c *comuni) addHamlets() {
	for line := range strings.Lines(hamlets) {
		name, parts, _ := strings.Cut(line, ":")
		at, ok := c.exact[foldLong(name)]
		if !ok {
			continue
		}
		for part := range strings.SplitSeq(parts, ",") {
			if key := foldLong(part); key != "" {
				if _, taken := c.exact[key]; !taken {
					c.exact[key] = at
				}
			}
		}
	}
}

const hamlets = `Lainate: Barbaiana, Grancia
Rho: Passirana, Terrazzano, Lucernate, Mazzo di Rho, Mazzo Milanese
Samarate: San Macario, Verghera, Cascina Costa
Fagnano Olona: Bergoro
Busto Arsizio: Sacconago, Borsano, Busto
Tradate: Abbiate Guazzone, Abbiate
Lentate sul Seveso: Copreno, Camnago, Birago, Cimnago, Lentate
Cesano Maderno: Binzago, Cassina Savina, Molinello, Villaggio Snia
Limbiate: Mombello, Pinzano, Villaggio Giovi
Solaro: Villaggio Brollo, Brollo
Garbagnate Milanese: Bariana, Santa Maria Rossa, Garbagnate
Bollate: Ospiate, Castellazzo di Bollate, Cassina Nuova, Cascina del Sole
Lomazzo: Manera
Bregnano: Puginate
Cislago: Massina
Bovisio-Masciago: Bovisio, Masciago
Caronno Pertusella: Bariola
Monza: San Fruttuoso
Roma: Ostia, Ostia Lido, Roma Capitale
Venezia: Mestre, Marghera
Sesto San Giovanni: Sesto S Giovanni
`
