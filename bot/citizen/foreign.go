package citizen

// foreignPartings are the ways to leave in the other languages of the town. What is a command of one word leaves; the rest is asked about.
func foreignPartings() []wording {
	return []wording{
		{quit, English, `^ unsubscribe|optout|cancel|remove $
			^ opt +out $`},
		{mayQuit, English, `
			who ~number ~gave|got|told
			delete|remove|erase|stop|end|unsub*|deregister|opt* +it|this|them|that|these|now|please
			live|living|reside|there|interested|need ~anymore|longer
			moved ~anymore|longer|away|back|out|abroad
			^ enough $
			^ enough|stop +already|please|it|now
			never +subscribed|signed|asked|registered|joined|agreed|gave|consented
			not +me|ermenegilda|him|her|mine
			this +is|isnt +not
			wrong|different|another|new +number|person|owner|one
			passed +away
			my mother|father|husband|wife|mum|mom|dad|grandmother +died|dead|is|has|passed
			im|i|we +out|leaving|done|off|quit|quitting
			fed|sick|tired +up|of
			annoying|annoyed|harass*|harassment|spamming|spammers
			withdraw|revoke|object ~consent|processing|data
			delete|erase ~data|details|information|record*
			unsub|unsubs|unsubcribe|unsuscribe
			unsubscribe|unsubscribed|unsubscribing|desubscribe
			remove|take|delete|erase +me|us|my|number|off
			cancel +my|me|this|subscription|the
			opt|opting +out
			dont|not|never|stop|no text*|message|messages|write|send|sending|contact*|bother*|messaging|writing|sms +me|us|to|this|any|here
			dont|not +text|message|write|send|contact|bother
			stop +receiv*|gett*|text*|send*|messag*|contact*|writ*|these|this|it|please|bother*|all|the|spam*
			leave +me|us +alone
			no +more|longer messages|texts|news|notifications|sms|updates|interested|want|wish
			dont|not +want|wish|like|need +to|any|these|this|your|more|it|messages|receive|get|news
			not +interested
			wrong +number|person
			please +stop
			how|want|like|can +do|can|to|i|leave|quit|exit unsubscribe|leave|exit|quit|cancel
			want|like|wish +to +leave|quit|exit|cancel
			leave +this|the +group|service|list|chat
			enough +messages|of|with
			quit|exit|end +this|the|service|subscription`},
		{quit, French, `^ desabonnezmoi|desinscription|desabonnement|desabonner|desinscrire|desinscrivezmoi|desabonne|arret|arreter $`},
		{mayQuit, French, `
			habite|vis|reside|habitons|nhabite|nhabitons|vit ~plus|pas
			ce|cest +nest|pas +pas|moi|mon
			vous +vous +trompez|êtes
			erreur|trompe|trompez ~numero|numéro|personne
			minteresse|interesse|intéresse ~pas|plus
			refuse|refusons|renonce|oppose|moppose ~recevoir|messages|de|a
			jarrete|stoppez|cessez|assez|suffit|marre
			ras +le +bol
			jamais ~demande|inscrit*|donne
			quitter|sortir +le|la|du|de|ce
			retir*|enlev*|supprim*|effac*|desinscri*|desabonn*|ray* ~moi|me|mon|numero|liste|mes
			decede|decedee|deces|mort
			consentement|traitement ~retire|revoque|oppose|moppose
			desabonn*|supprim*|effacez|retirez|enlevez
			comment +arreter|arrêter
			desabonn*
			desinscri*
			arretez|arreter|arretes|cessez|cesser
			ne|n +veux|souhaite|desire|voudrais|voulons|souhaitons +plus|pas|recevoir
			veux|souhaite|desire|voudrais +plus|pas +recevoir|de|vos|ces|messages
			ne +plus|pas +recevoir|menvoyer|mecrire|envoyer
			plus +recevoir
			nenvoyez|necrivez|menvoyez +plus|pas
			ne +menvoyez|mecrivez|mecontactez +plus|pas
			plus +de +messages|nouvelles|sms|notifications
			supprim* mon|numero|moi|nom|contact|donnees
			supprimezmoi|retirezmoi|enlevezmoi|effacezmoi|otezmoi|rayezmoi
			retirez|enlevez|effacez|otez|supprimez +moi|mon|ce|mes
			stop +aux|sms|vos|les
			mauvais|faux +numero
			laissezmoi|fichezmoi
			pas +interesse*
			resilier|resiliation|annuler abonnement|inscription|mon
			comment desabonn*|arreter|desinscri*`},
		{quit, Spanish, `^ baja|desuscribir|desuscribirme|cancelar|borrenme|borrarme $
			^ darse|darme|dar|denme|deme +de +baja $`},
		{mayQuit, Spanish, `
			vivo|vivimos|resido ~ya|aqui
			dejenme|dejadme|dejame|dejen +en|de|tranquil*
			ya +no|basta +mas|quiero|vivo|nada
			suficiente|harto|harta|cansad* $
			harto|harta|hartos|cansado|cansada +de
			no +soy|es +yo|quien|ermenegilda|mi|la|el|para
			nunca +me|pedi|solicite|di|autorice|suscri*
			fallecio|fallecido|fallecida|murio|muerto|muerta
			salirme|retirarme|renuncio
			quiten*|quita*|saquen*|borr*|eliminen|elimine|cancelen ~numero|lista|grupo|datos|suscripcion
			revoco|retiro|opongo ~consentimiento|tratamiento
			persona +equivocada
			borra|borrar|borren|borre|borrarme|borrarse|desuscri*
			^ baja
			darse|darme|dar|denme|deme|dame|quiero|solicito|pido +de|la|baja|una|mi +baja|de
			no +quiero|deseo|quisiera|queremos +mas|recibir|mensajes|nada|noticias|que|estos|seguir
			no +recibir|enviar|mandar|escribir
			no +mas|más +mensajes|noticias|sms
			no +me|nos +envi*|mand*|escrib*|molest*|contact*|interesa*
			no +envi*|mand*|escrib*|molest* +mas|mensajes|me|nada
			borr* +mi|numero|me|el|este|mis|de
			borrenme|borrame|borreme|eliminenme|eliminame|quitenme|quitame|saquenme|sacame|desuscribanme|cancelenme
			eliminen|eliminar|elimine|elimina|quiten|quitar|saquen|sacar +mi|mis|este|el +numero|datos|nombre|contacto
			cancelar|cancelen|cancele|anular +mi|la|suscripcion|el|este
			desuscri*
			dejen|deje|dejar|deja +de
			basta +de|mensajes
			paren|parar|pare +de|los|mensajes|ya
			numero +equivocado
			como +me|puedo +doy|darme|borro|borrar*|salir|cancel*|desuscri*
			salir +de|del`},
		{quit, German, `^ abmelden|abbestellen|abmeldung|kundigen|kuendigen|kundigung|austragen $
			^ bitte +abmelden|abbestellen|austragen $`},
		{mayQuit, German, `
			wohne|wohnen|lebe|leben ~nicht|mehr
			will|wollen|möchte|brauche|brauchen ~nicht|keine ~das|es|sie|ich|mehr
			genug|reicht|schluss ~jetzt|es|mit|damit|bitte|nachrichten
			es +reicht
			lassen|lass ~ruhe
			nie|niemals ~angemeldet|zugestimmt|bestellt
			verstorben|gestorben
			verwechs*|falsch* +nummer|person
			nicht +ich|ermenegilda|meine
			widerruf*|widersprech* ~einwilligung|verarbeitung|daten|ich|hiermit
			austreten|aussteigen|verlassen
			streich*|entfern*|losch*|nehm* ~mich|liste|nummer|daten
			nervt|nerven|belastig*
			losch*|loesch*|stoppen|abmeld*|abbestell*|kundig*|kuendig*|austrag*
			abmelden|abbestell*|abmeldung|austragen|kundigen|kuendigen|abstellen|abgemeldet|abzumelden
			keine +nachricht*|news|meldungen|sms|mehr|weiteren|neuigkeiten|mitteilungen
			nicht +mehr +schreib*|schick*|send*|erhalten|bekommen|kontakt*|haben|empfangen|interess*
			mochte|moechte|will|mochten|wollen +nicht|keine|das +mehr|nachricht*|nicht|weitere*
			mir|uns nicht|nichts|keine +mehr
			losch* +sie|meine|mich|nummer|bitte|diese
			loesch* +sie|meine|mich|nummer
			nummer|daten|mich loschen|loeschen|entfernen|streichen
			entfern* +sie|mich|meine
			^ loschen|loeschen|schluss|entfernen $
			mochte|moechte|will|wollen|brauche +das|es|sie +nicht
			hor*|hoer* +sie|auf|bitte auf|damit
			aufhoren|aufhoeren
			nehmen|streichen +sie +mich
			falsche +nummer
			kein|nicht +interesse|interessiert
			lassen +sie +mich`},
		{quit, Romanian, `^ dezabonare|dezabonatima|dezabonez|dezabonati $`},
		{mayQuit, Romanian, `
			mutat ~am|mam|mai|saronno
			nu +mai +stau|locuiesc|traiesc|sunt|este
			lasatima|lasatine|lasati +in|ma|ne
			renunt|iesi|retrag|parasesc
			scoat*|sterg*|dezabon* ~lista|numar*|ma|grup
			nu +este|e|sunt +eu|numarul|al|el|ea|ermenegilda
			gresit|gresiti|gresita ~numar*|persoana|ati
			destul|ajunge|saturat
			nu +am +cerut|solicitat|dat|subscris
			niciodata ~cerut|inscris|abonat
			a +murit|decedat*
			decedat|decedata|murit
			retrag|revoc ~consimtamant*|acord*
			sterg*|dezabon*|opriti|opreste|opresc
			nu interese*
			stop mesaje*
			dezabon*
			numi|nune|numai +mai|trimite*|scrie*|vreau
			nu +mai +vreau|doresc|trimite*|scrie*|primesc|vrem|vreu
			nu +vreau|doresc|vrem +mesaje*|sa|nimic|mai|notificari|stiri|sms
			nu +imi|mi|ne +mai|trimite*|scrie*|trimiteti +trimite*|scrie*|mesaje*|mai
			sterge* +numar*|ma|contact*|date*|din|va|mi
			stergetima|scoatetima|eliminatima
			scoate* +ma|numar*|din
			elimin* +ma|numar*
			opri* +mesaje*|trimiter*|va|acest*
			opreste|opriti
			anul* abon*|inscri*
			renunt +la
			numar +gresit
			ati +gresit
			nu +sunt +interesat*
			nu +ma|mă +interes*
			cum +ma|pot dezabon*|sterg|renunt`},
		{quit, Albanian, `^ cregjistrohem|cregjistrim|cregjistro|cregjistrohu|ndalo|ndaloni $`},
		{mayQuit, Albanian, `
			jetoj|banoj|jetojme ~nuk|me
			gabim|gabuar ~numer*|numri
			te|dua +largohem|largohemi|dal|iki|heq
			lermeni|lermani|lerna
			mos +me +dergo*|shkrua*|shqetes*
			boll|mjaft|mjafton
			nuk +jam|eshte +une|ai|ajo|ermenegilda|numri|interesuar
			nuk +kam +kerkuar|dhene
			vdiq|vdekur|ndjere
			hiqni|hiqme|fshi*|hiq|largoni ~numrin|listes|lista|mua
			anul* ~abonim*|regjistrim*
			fshini|fshij*|fshi|cregjistr*|hiqni|hiqme*
			stop mesazh*
			^ nuk +dua $
			cregjistr*
			cabonoh*|cabon*
			nuk +dua|deshiroj|duam +me|mesazhe*|te|asnje|lajme|njoftime
			nuk +me|na +interes*|duhen|duhet
			sdua +me|mesazhe
			hiqni|hiqeni|hiqme|hiqmeni|fshini|fshije|fshijeni|fshimeni|fshimë
			me +hiqni|hiq|fshini|fshi|cregjistroni
			fshi|hiq +numrin|me|nga
			^ ndalo|ndaloni|ndal
			ndaloni|ndalo|ndalni mesazhe*
			mos +me|na|dergo*|shkrua*|dergoni|shkruani
			mos +dergoni|shkruani|dergo
			numer +i +gabuar
			lini|lerni +rehat`},
		{quit, Ukrainian, `^ відписатися|відписатись|відписка|отписаться|отписка|стоп|відпишіть|отпишите $`},
		{mayQuit, Ukrainian, `
			живу|живемо|проживаю|мешкаю ~не|більше|больше|там
			отстаньте|отвяжитесь|відчепіться|відстаньте
			достали|набридло|набридли|надоело|надоели|годі|спам
			вийти|выйти|вихожу|выхожу|покинути|покинуть
			никогда|ніколи ~подписыв*|підписув*|просил*
			помер|померла|умер|умерла
			не +я|мій|мой|моя|той|та
			переїха*|переехал*
			заборон*|запрещаю|отзываю|відкликаю
			відпис*|отпис*|видал*|удали*|прибер*|убери*|скасу*|відмін*|отмен*|хватит|досить
			не +хочу|треба|надо $
			відписатися|відписатись|відпишіть|відписати|відписка|відпишись|отписаться|отпишите|отписать|отписка|отпишитесь|відписуюсь|отписываюсь
			видаліть|видалити|видали|удалите|удалить|удали|приберіть|прибрати|уберите|убрать|стерти|викреслити|вычеркните
			не +хочу|хочемо|бажаю|желаю|хотим отримувати|отримати|одержувати|більше|повідомлен*|получать|сообщен*|больше|смс|новин*|новост*|ваш*
			не +хочу|бажаю +отримувати|більше|получать|больше
			не +пишіть|надсилайте|присилайте|пишите|присылайте|отправляйте|шлите|шліть|надсилати|присылать|турбуйте|беспокойте|відправляйте
			більше|больше +не +пишіть|надсилайте|пишите|присылайте|треба|надо|хочу|потрібно|нужно
			стоп
			скасувати|скасуйте|відмінити|отменить|отмените|отмена +підписк*|подписк*|мою
			зупинити|зупиніть|зупиніться|остановите|прекратите|припиніть|хватит|досить|перестаньте
			відключіть|відключити|отключите|отключить
			не +цікав*|интерес*
			помилилися|ошиблись|неправильний|неверный номером|номер
			я +не +підписув*|подписыв*
			як|как відписатис*|отписаться|видалити|удалить`},
		{quit, Arabic, `^ توقف|توقفوا|ايقاف $
			^ الغاء +الاشتراك $`},
		{mayQuit, Arabic, `
			لم|لا +اعد|أعد|اسكن|أسكن|اعرف|أعرف
			اتركوني|دعوني
			مات|توفي|توفيت|متوفى
			ليس +رقمي|انا|أنا
			خروج|الخروج|اخرج|أخرج
			كفاية|خلاص
			اسحب|سحب موافقتي|الموافقة
			ازعاج|إزعاج|مزعج
			احذف*|الغاء|إلغاء|كفى
			الغاء|إلغاء|الغي|الغوا|ألغوا|ألغي +الاشتراك|اشتراكي|اشتراك|التسجيل|تسجيلي|الرسائل
			^ لا +اريد|أريد|نريد $
			^ الغاء|إلغاء|الغي|الغوا
			توقف|توقفوا|اوقفوا|أوقفوا|اوقف|ايقاف|إيقاف|كفى|يكفي|قف
			لا +اريد|أريد|نريد|ارغب|أرغب +رسائل*|رسائلكم|الرسائل|استقبال|تلقي|المزيد|اي|أي|هذه|ان|أن|في|استلام|اخبار|الاخبار|اخباركم|بعد
			لا +ترسل*|تراسل*|تكتب*|تبعث*
			عدم +ارسال|إرسال|استلام
			احذف|احذفوا|امسح|امسحوا|ازل|ازيلوا|أزيلوا|حذف|ازالة +رقمي|اسمي|الرقم|رقم|بياناتي|من
			احذفوني|احذفني|ازيلوني|اخرجوني
			الرقم|رقم +خطا|خاطئ|غلط
			اريد|أريد +الغاء|إلغاء|حذف|الخروج
			كيف الغي|ألغي|الغاء|احذف
			لست +مهتم*`},
		{quit, Chinese, `取消订阅|取消訂閱|退订|退訂|停止 $`},
		{mayQuit, Chinese, `
			删掉|去掉|拿掉|搬走|不住|搬家|请停止|打扰|骚扰|够了|不是我|去世|死了|不认识|错了|撤回同意|退群|拉黑|没兴趣|取消订阅|取消訂閱|退订|退訂|取消订|不想|不要|取消|不要再发|不要再發|不要发|不要發|别发|別發|别再发|別再發|不要再给我|停止|删除|刪除|删了|移除|删掉我|刪掉我|移除我|不想收|不想再收|不再接收|不接收|不要消息|不要短信|不要信息|取消关注|取消服务|退出|不想要|不需要|打错|发错|號碼錯|号码错|不感兴趣|别烦我|不要打扰`},
	}
}
