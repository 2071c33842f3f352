package citizen

// abroad reads words as a country or a town abroad: whoever moved away may still want the news. It returns them as written.
func abroad(words []word) (name string, ok bool) {
	words = trim(words, filler)
	n := len(words)
	if n == 0 || n > 3 {
		return "", false
	}
	var buf [80]byte
	if key, ok := joined(buf[:0], words, ""); ok && (countries.has(string(key)) || townsAbroad.has(string(key))) {
		return field(words), true
	}
	if n > 1 && countries.has(words[n-1].folded) {
		return abroad(words[:n-1]) // Lugano (Svizzera)
	}
	return "", false
}

// abroad takes a place abroad at the end.
func (r *Reader) abroad(words []word) (placed, bool) {
	n := len(words)
	for i := max(2, n-3); i < n; i++ {
		name, ok := abroad(words[i:])
		if !ok {
			continue
		}
		p := placed{name: name, known: true, person: words[:i]}
		town := i
		for town > 2 && words[town-1].part == words[i-1].part {
			town--
		}
		if countries.has(words[i].folded) && town > 1 && words[town-1].part != words[town].part && plausibleComune(words[town:i]) {
			p.name, p.person = field(words[town:i]), words[:town] // Mario Rossi, Friburgo, Germania
		}
		return p, true
	}
	return placed{}, false
}

// isAbroad tells whether a name that was read is a place abroad.
func isAbroad(name string) bool {
	m := scan(name)
	_, ok := abroad(m.words)
	return ok
}

const (
	countries set = " svizzera switzerland schweiz suisse germania germany deutschland francia france austria spagna spain espana portogallo" +
		" portugal belgio belgium olanda holland paesibassi netherlands inghilterra england regnounito uk granbretagna gb scozia" +
		" irlanda ireland lussemburgo danimarca denmark svezia sweden norvegia norway finlandia polonia poland cechia ungheria" +
		" romania moldavia moldova ucraina ukraine russia bulgaria serbia croazia slovenia slovacchia bosnia montenegro macedonia" +
		" kosovo albania grecia greece turchia turkey cipro malta sanmarino marocco morocco maroc tunisia algeria egitto egypt" +
		" libia senegal nigeria ghana costadavorio camerun etiopia eritrea somalia pakistan india bangladesh srilanka cina china" +
		" giappone japan filippine philippines peru ecuador colombia brasile brazil brasil argentina bolivia venezuela messico" +
		" mexico cile cuba salvador elsalvador statiuniti usa canada australia emirati dubai iran iraq siria libano israele monaco" +
		" principatodimonaco liechtenstein vaticano "
	townsAbroad set = " lugano chiasso mendrisio bellinzona locarno zurigo zurich ginevra basilea berna losanna lucerna ascona stabio balerna" +
		" parigi paris nizza lione marsiglia londra london manchester dublino madrid barcellona valencia lisbona berlino berlin" +
		" monacodibaviera francoforte stoccarda amburgo colonia vienna salisburgo innsbruck bruxelles amsterdam atene praga" +
		" budapest varsavia bucarest tirana durazzo newyork capodistria lubiana zagabria mosca kiev casablanca tunisi ilcairo" +
		" istanbul lima quito buenosaires "
)
