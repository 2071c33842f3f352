package citizen

import (
	"strings"
	"unicode/utf8"
)

// translation is what is said in a language other than Italian. It is here and not in the configuration because few who change the configuration
// could check it.
type translation struct {
	language string
	// leaving asks what the answer "leaving" asks. It names the yes of the language, which the [Reader] understands like the Italian one.
	leaving string
	// danger begins with 112, like the answer "emergency", which follows it.
	danger string
}

// translationFor is that of a language; false for Italian, and for one that is not known.
func translationFor(t Tongue) (translation, bool) {
	p, ok := map[Tongue]translation{
		English: {"English",
			"Do you want to leave this service? Reply *YES* or *SÌ*, or write *Disattiva Notizie*.",
			"112: call this number now if there is danger or if someone is hurt or ill. A program answers here: nobody reads these messages and nobody can send help."},
		French: {"French",
			"Voulez-vous vous désinscrire de ce service ? Répondez *OUI* ou *SÌ*, ou bien écrivez *Disattiva Notizie*.",
			"112 : appelez tout de suite ce numéro s'il y a un danger ou si quelqu'un va mal. Ici, c'est un programme qui répond : personne ne lit ces messages et personne ne peut envoyer d'aide."},
		Spanish: {"Spanish",
			"¿Quiere darse de baja de este servicio? Responda *SÍ*, o escriba *Disattiva Notizie*.",
			"112: llame ahora mismo a este número si hay peligro o si alguien está mal. Aquí responde un programa: nadie lee estos mensajes y nadie puede enviar ayuda."},
		German: {"German",
			"Möchten Sie sich von diesem Dienst abmelden? Antworten Sie mit *JA* oder *SÌ*, oder schreiben Sie *Disattiva Notizie*.",
			"112: Rufen Sie sofort diese Nummer an, wenn Gefahr besteht oder wenn es jemandem schlecht geht. Hier antwortet ein Programm: Niemand liest diese Nachrichten und niemand kann Hilfe schicken."},
		Romanian: {"Romanian",
			"Doriți să renunțați la acest serviciu? Răspundeți *DA* sau *SÌ*, ori scrieți *Disattiva Notizie*.",
			"112: sunați imediat la acest număr dacă există un pericol sau dacă cuiva îi este rău. Aici răspunde un program: nimeni nu citește aceste mesaje și nimeni nu poate trimite ajutor."},
		Albanian: {"Albanian",
			"Dëshironi të çregjistroheni nga ky shërbim? Përgjigjuni *PO* ose *SÌ*, ose shkruani *Disattiva Notizie*.",
			"112: telefononi menjëherë në këtë numër nëse ka rrezik ose nëse dikush nuk është mirë. Këtu përgjigjet një program: askush nuk i lexon këto mesazhe dhe askush nuk mund të dërgojë ndihmë."},
		Ukrainian: {"Ukrainian",
			"Бажаєте відписатися від цієї розсилки новин? Напишіть *ТАК* або *SÌ*, або ж *Disattiva Notizie*.",
			"112: негайно телефонуйте за цим номером, якщо є небезпека або комусь погано. Тут відповідає програма: ніхто не читає цих повідомлень і ніхто не може надіслати допомогу."},
		Arabic: {"Arabic", // the Latin command has a line of its own, so that it does not turn the sentence around
			"هل ترغبون في إلغاء اشتراككم في هذه الخدمة؟ أجيبوا بكلمة *نعم* أو *SÌ*، أو اكتبوا:\n*Disattiva Notizie*",
			"112: اتصلوا فورًا بهذا الرقم إذا كان هناك خطر أو شخص مصاب أو مريض. هنا يجيب برنامج آلي: لا أحد يقرأ هذه الرسائل ولا أحد يستطيع إرسال المساعدة."},
		Chinese: {"Chinese",
			"您要退订这项服务吗？请回复 *是* 或 *SÌ*，也可以发送 *Disattiva Notizie*。",
			"112：如果有危险，或者有人受伤、生病，请马上拨打这个号码。这里由程序自动回复：没有人看这些消息，也没有人能派人来帮助。"},
	}[t]
	return p, ok
}

// name is the language for the name of a sample.
func (p translation) name() string { return strings.ToLower(p.language) }

// tongues are the languages that are translated.
func tongues() []Tongue {
	return []Tongue{English, French, Spanish, German, Romanian, Albanian, Ukrainian, Arabic, Chinese}
}

// ownPhrases are what only the questions above say, so that none of them sent back passes for the command that it names.
func ownPhrases() []wording {
	return []wording{
		{menu, English, `or +write +disattiva`},
		{menu, French, `bien +écrivez +disattiva`},
		{menu, Spanish, `o +escriba +disattiva`},
		{menu, German, `oder +schreiben +sie +disattiva`},
		{menu, Romanian, `ori +scrieți +disattiva`},
		{menu, Albanian, `ose +shkruani +disattiva`},
		{menu, Ukrainian, `або +ж +disattiva`},
		{menu, Arabic, `أو +اكتبوا`},
		{menu, Chinese, `也可以发送`},
	}
}

// longestDanger is how many characters may precede the answer "emergency".
func longestDanger() (most int) {
	for _, t := range tongues() {
		p, _ := translationFor(t)
		most = max(most, utf8.RuneCountInString(p.danger+"\n\n"))
	}
	return most
}
