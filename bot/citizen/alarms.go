package citizen

// foreignDangers are the ways to speak of a danger in the other languages of the town.
func foreignDangers() []wording {
	return []wording{
		{danger, English, `police|hurt|injured|blood|drowning|knife|burning|burn|stabbed|raped|stroke|choking|ambulance|fire|attacked|robbed|thief`},
		{alarm, English, `
			help +me|us
			need|call|send|want ambulance|police|firemen|firefighters|doctor|help|rescue
			not|cant|cannot|stopped breathing|breathe
			is|am|are +dying
			kill +myself|me|us
			gas +leak
			smell +gas|of|smoke
			heart +attack
			there|theres|is +a +fire
			there|theres fire
			on +fire
			has +a +gun|knife
			broke|breaking|break +into|in
			someone|somebody|man is attacking|here|inside|following|trying`},
		{hazard, English, `
			fire +in|at|here|near|inside|on
			^ fire $
			ambulance|emergency|burglar|robbery|unconscious|bleeding|suicide
			missing child|son|daughter|boy|girl
			child|son|daughter|boy|girl missing
			car accident
			accident injured|hurt|via|people`},
		{danger, French, `police|pompiers|ambulance|blesse|blesses|sang|agression|voleur|voleurs|noyade|feu`},
		{alarm, French, `
			au +secours
			a +laide
			laide
			aidezmoi|aideznous
			aidez +moi|nous
			appelez|besoin|envoyez ambulance|dambulance|pompiers|police|secours|medecin|lambulance
			ne respire
			fuite|odeur gaz
			crise +cardiaque
			y +a feu
			ya feu
			^ feu|incendie|urgence|secours
			incendie
			au +feu`},
		{danger, Spanish, `policia|robo|robando|sangre|muriendo|ladron|herida`},
		{alarm, Spanish, `
			ayuda|ayudame|ayudenme|ayudeme|ayudenos|auxilio
			^ socorro
			fuego|bomberos|ambulancia
			llamen|llame|llama|necesito|necesitamos|manden|envien policia|ambulancia|medico|bomberos
			no +respira
			fuga|olor gas
			me +siento +mal|muy
			me|nos|estan|están +estan|están|robando|atacando +robando|atacando
			accidente|herido|heridos
			emergencia
			ladron|ladrones|ladrón`},
		{danger, Romanian, `politia|sange|ranit|ranita|moare|lesinat|lesinata`},
		{alarm, Romanian, `
			ajutor|ajutatima|ajutatine|ajutorul
			ajutati +ma|ne
			incendiu*
			arde|ard +casa|apartament*|masina|blocul|tot
			foc +in|la|aici
			^ foc
			chemati|trimiteti|nevoie|sunati ambulant*|salvarea|politi*|pompieri*|medic
			ambulanta|salvarea
			nu respira
			miros*|scurgere gaz*|gaz
			accident|accidentul
			^ urgenta|urgenta
			mi|imi +e|este rau
			mie|mii rau
			hoti|hot|hotul casa`},
		{danger, German, `polizei|blut|uberfall|ueberfall|verletzt|ohnmachtig|stirbt|dieb|verblutet`},
		{alarm, German, `
			hilfe
			helfen|helft +sie|mir|uns
			es|haus|wohnung|auto +brennt
			feuer|feuerwehr|krankenwagen|notarzt|notfall|rettungswagen|gasgeruch|gasleck|einbrecher|herzinfarkt|bewusstlos
			riecht|ausstromt gas
			atmet +nicht
			unfall|verletzte
			rufen|holen|brauche|brauchen polizei|arzt|krankenwagen`},
		{danger, Albanian, `policia|policine|gjak|plagosur|vdes|vdekje|vjedhes`},
		{alarm, Albanian, `
			ndihme|ndihmoni|ndihmome|ndihma
			zjarr|zjarri|zjarrfikes*
			ambulance|ambulanca|ambulancen|ambulanc
			thirrni|therrisni|lajmeroni polici*|ambulanc*|mjek*
			nuk +merr|frymon|po fryme
			nuk +frymon
			gaz|gazi|rrjedhje +gaz*|gazi
			aksident|aksidenti|urgjence|urgjenca|emergjence
			hajdut|hajdute`},
		{danger, Ukrainian, `поліція|полиция|поліцію|полицию|кров|кровь|вмирає|умирает|помирає|напали|вбили|поранений|ранен`},
		{alarm, Ukrainian, `
			врятуйте|допоможіть|допоможи|рятуйте|помогите|спасите|рятуй|допомога|помощь|поможіть
			пожежа|пожежу|пожар|горимо|горить|горит|пожежі
			швидку|швидка|скорую|скорая|швидкої|скорой
			викличте|визовіть|вызовите поліц*|полиц*|швидк*|скор*|пожежн*|пожарн*
			пахне|пахнет|витік|утечка +газ*|газом|газу|газа
			газ|газом|газу +пахне|пахнет|чути|смердить
			запах +газу|газа
			не +дихає|дышит
			аварія|авария|дтп
			погано|плохо +мені|мне
			мені|мне +погано|плохо
			вбивають|убивают|грабують|грабят`},
		{danger, Arabic, `دم|يموت|مصاب|جريح|سرقة|انفجار|غرق|حرامي`},
		{alarm, Arabic, `
			النجدة|نجدة|ساعدوني|ساعدني|ساعدونا|مساعدة|انقذوني|الحقوني|أغيثوني
			حريق|الحريق|نار|النار
			اسعاف|الاسعاف|إسعاف|الإسعاف|طوارئ|الطوارئ
			شرطة|الشرطة
			حادث|حادثة
			رائحة|تسرب غاز|الغاز
			لا يتنفس|تتنفس|أتنفس
			لص|لصوص|سارق`},
		{alarm, Chinese, `
			救命|救我|救人|警察|流血|溺水|爆炸|快死|着火|著火|火灾|火災|失火|起火|救护车|救護車|报警|報警|煤气|煤氣|瓦斯|天然气泄漏|不呼吸|没有呼吸|沒有呼吸|呼吸困难|车祸|車禍|小偷|抢劫|帮帮我|幫幫我|紧急|緊急|受伤|昏倒|晕倒|心脏病|自杀|帮助我`},
	}
}
