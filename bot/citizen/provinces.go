package citizen

import "strings"

// provinces lists the codes of the provinces with the names that people write.
func provinces() map[string]string {
	all := make(map[string]string, 240)
	for line := range strings.SplitSeq(provinceNames, ",") {
		code, names, _ := strings.Cut(strings.TrimSpace(line), " ")
		all[strings.ToLower(code)] = code
		for name := range strings.SplitSeq(names, "|") {
			all[foldLong(name)] = code
		}
	}
	return all
}

const provinceNames = `AG Agrigento, AL Alessandria, AN Ancona, AO Aosta|Valle d'Aosta, AP Ascoli Piceno|Ascoli, AQ L'Aquila|Aquila, AR Arezzo, AT Asti, AV Avellino,
BA Bari, BG Bergamo, BI Biella, BL Belluno, BN Benevento, BO Bologna, BR Brindisi, BS Brescia, BT Barletta-Andria-Trani, BZ Bolzano|Alto Adige|Bozen,
CA Cagliari, CB Campobasso, CE Caserta, CH Chieti, CL Caltanissetta, CN Cuneo, CO Como, CR Cremona, CS Cosenza, CT Catania, CZ Catanzaro, EN Enna,
FC Forlì-Cesena|Forlì e Cesena|Forlì, FE Ferrara, FG Foggia, FI Firenze, FM Fermo, FR Frosinone, GE Genova, GO Gorizia, GR Grosseto, IM Imperia, IS Isernia,
KR Crotone, LC Lecco, LE Lecce, LI Livorno, LO Lodi, LT Latina, LU Lucca, MB Monza Brianza|Monza e Brianza|Monza e della Brianza|Brianza|Monza,
MC Macerata, ME Messina, MI Milano, MN Mantova, MO Modena, MS Massa-Carrara|Massa Carrara|Massa e Carrara, MT Matera, NA Napoli, NO Novara, NU Nuoro, OR Oristano,
PA Palermo, PC Piacenza, PD Padova, PE Pescara, PG Perugia, PI Pisa, PN Pordenone, PO Prato, PR Parma, PT Pistoia, PU Pesaro e Urbino|Pesaro Urbino|Pesaro,
PV Pavia, PZ Potenza, RA Ravenna, RC Reggio Calabria|Reggio di Calabria, RE Reggio Emilia|Reggio nell'Emilia, RG Ragusa, RI Rieti, RM Roma, RN Rimini, RO Rovigo,
SA Salerno, SI Siena, SO Sondrio, SP La Spezia|Spezia, SR Siracusa, SS Sassari, SU Sud Sardegna, SV Savona, TA Taranto, TE Teramo, TN Trento, TO Torino,
TP Trapani, TR Terni, TS Trieste, TV Treviso, UD Udine, VA Varese, VB Verbania|Verbano-Cusio-Ossola|Verbano Cusio Ossola|VCO, VC Vercelli, VE Venezia, VI Vicenza,
VR Verona, VT Viterbo, VV Vibo Valentia|Vibo`
