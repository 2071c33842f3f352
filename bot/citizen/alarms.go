package citizen

// foreignDangers are the ways to speak of a danger in the other languages of the town.
func foreignDangers() []wording {
	return []wording{
		{danger, English, `police|hurt|injured|blood|drowning|knife|burning|burn|stabbed|raped|stroke|choking|ambulance|fire|attacked|robbed|thief`},
		{alarm, English, `
			collapsed|unconscious|fainted|choking|drowning|overdose|stabbed|suicidal
			smoke|flames|fire ~building|house|kitchen|coming|everywhere|apartment|car|neighbour*|stairs
			child|son|daughter|baby|mother|father|grandmother|grandfather|kid ~missing|lost|disappeared|choking|breathing|unconscious|blue
			trapped|stuck ~elevator|lift|car|water|inside|fire|rubble
			want|going ~die|suicide
			beating|beats|hitting|hits|killing|threatening|attacking|attacked|raped|robbed|stabbing|shooting ~me|us|him|her|my|people|someone|woman|man
			chest +pain*
			chest ~pain*|hurts
			following +me|us
			in +labour|labor
			took|swallowed|drank ~pills|bleach|poison|all
			bleeding ~badly|lot|my|he|she|head
			he|she|mother|father|husband|wife|baby|not ~respond*|waking|wake ~not|isnt|wont|doesnt
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
			respirer|respire ~pas|peux|plus
			bouge|repond|reveille ~plus|pas
			tombe|tombee|chute ~bouge|mal|escalier|plus
			fuite +de +gaz
			agresse|agressee|agresses|agression|attaque|vole|poignarde|frappe|bat|viole ~ma|me|on|mon|mari|homme|nous|il
			evanoui*|inconscient*|malaise|infarctus|avc|etouffe
			disparu|disparue|perdu|perdue ~fils|fille|enfant|mere|grand*
			veux|vais ~mourir|suicider|tuer
			brule|flammes|fumee ~maison|appartement|immeuble|voiture|cuisine|sort|feu
			saigne|accouche|accoucher|noie
			voleur|voleurs|cambriol* ~maison|chez|dans
			mal +a +la|au +poitrine|coeur
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
			respira|respirar ~no|puedo|puede
			humo|llamas|quemando|quema ~casa|hay|edificio|cocina|coche
			hay +un|una +incendio|fuga|accidente|explosion|ladron
			robando|robaron|asaltaron|atacando|atacaron|pegando|pega|golpea|apunalaron|violaron|amenaza ~me|mi|estan|nos|marido|hombre
			desmayo|desmayado|desmayada|ahoga|ahogando
			perdido|desaparecido|desaparecio|desaparecida|encuentro ~hijo|hija|nino|nina|madre|abuel*
			quiero ~morir|matarme|suicid*
			sangra|sangrando|sangre ~mucha|mi|mucho|esta
			duele|dolor +el|en|de ~pecho|corazon
			huele|olor ~gas|humo|quemado
			atrapad* ~ascensor|coche|dentro
			cayo|caido|caida ~levanta|mueve|mal|escalera*
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
			lesinat*|inconstient*|infarct|sangereaza|sufoca|convulsii
			respira|respir ~nu|pot|poate
			foc ~bloc|casa|apartament|masina|bucatarie
			disparut*|pierdut* ~copil*|fiul|fiica|mama|tata|bunic*|baiat*|fata
			bate|batut|ataca|atacat|omoara|ameninta|injunghiat|violat|jefuit ~ma|sotul|un|ne|vrea|mie
			vreau +sa +mor
			blocat*|blocati ~lift|masina|apa
			cazut* ~misca|ridica|scari|rau
			durere|doare ~piept|inima
			nasc|naste|contractii
			spart|intrat ~casa|cineva|hot*
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
			brennt|flammen|rauch ~haus|wohnung|kuche|auto|dach|keller|es|kommt
			bewusstlos*|ohnmachtig|ohnmächtig|erstickt|verblutet|herzinfarkt|schlaganfall|krampf*
			verfolgt|verfolgen ~ich|mich|werde|jemand
			atmen|atme|luft ~nicht|keine|kann
			vermisst|verschwunden ~kind|sohn|tochter|mutter|vater|oma|opa
			schlagt|schlägt|bedroht|angreif*|uberfallen|überfallen|vergewaltigt|erstochen ~mich|mein|mann|uns|jemand|frau
			eingebrochen|einbrecher|einbruch
			will +sterben|mich ~umbringen|sterben|toten
			gefallen|gesturzt|gestürzt ~steht|bewegt|treppe|verletzt
			brustschmerz*|schmerzen +in|im ~brust
			eingeschlossen|stecken|gefangen ~aufzug|auto|fahrstuhl
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
			rene|ka ~ndjenja|zjarr|zjarri|renia
			ndjek|ndjekin|sulmo*|rrah*|vras*|vjedh* ~me|dikush|burri|na|po
			frymoj|frymon|frymemarrje ~nuk|dot|merr
			humbi|humbur|zhduk* ~femij*|djali|vajza|nena|gjyshi|gjyshja
			gjak*|gjakoset ~shume|humbet|po
			dua +te +vdes
			digjet|digjen|tym ~shtepia|banesa|makina|po
			bllokuar|mbyllur ~ashensor|makine|uje
			dhimbje|dhemb ~gjoks|kraharor|zemra
			lind|lindje ~po|gruaja
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
			дихає|дышит|дихати|дышать|дихаю ~не|важко|тяжело
			знепритомні*|непритомн*|сознание|сознания|потерял*|втрати* ~свідомість|сознание|непритомн*|чоловік|мама|муж|знепритомнів|знепритомніла
			знепритомнів|знепритомніла|знепритомніли
			пропал|пропала|зник|зникла|потерялся|загубилася|загубився ~дитина|ребенок|ребёнок|син|сын|дочка|дочь|мама|бабуся|бабушка|дід
			горить|горит|дим|дым ~дім|дом|квартира|будинок|кухня|машина
			б'є|бє|бьет|бьёт|напали|напал|вбивають|убивают|грабят|ріже|зґвалтували ~мене|меня|нас|чоловік|муж|людину
			хочу +померти|умереть
			кров|кровь ~йде|идет|тече|течет|багато|много
			застряг*|застрял* ~ліфт*|лифт*|вода|машин*
			впав|впала|упал|упала ~встає|встает|рухається|двигается|сходів|лестницы
			болить|болит ~серце|сердце|груди|грудь
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
			فقد|فقدت الوعي|وعيه|وعيها
			اغمي|أغمي|مغمى
			حريق|نار|دخان|تحترق|يحترق
			اتنفس|أتنفس|يتنفس|تتنفس|التنفس
			ضاع|ضاعت|مفقود|مفقودة|اختفى|اختفت
			يضربني|يضرب|هاجم|هاجموني|يقتل|يقتلني|سكين|مسلح|سرقوني
			ينزف|تنزف|نزيف
			اريد|أريد +الموت|ان|أن ~اموت|أموت|الموت
			محاصر|محاصرون|عالق|عالقون
			سقط|سقطت|وقع|وقعت ~يتحرك|الدرج|تتحرك
			الم|ألم ~صدري|الصدر|القلب
			تلد|ولادة
			النجدة|نجدة|ساعدوني|ساعدني|ساعدونا|مساعدة|انقذوني|الحقوني|أغيثوني
			حريق|الحريق|نار|النار
			اسعاف|الاسعاف|إسعاف|الإسعاف|طوارئ|الطوارئ
			شرطة|الشرطة
			حادث|حادثة
			رائحة|تسرب غاز|الغاز
			لا يتنفس|تتنفس|أتنفس
			لص|لصوص|سارق`},
		{alarm, Chinese, `
			闯进|闖進|入室|晕过去|快来人|着了火|不省人事|没气了|呼吸不了|喘不过气|走失|失踪|不见了|被困|打我|杀人|刀|枪|跟踪我|心脏|胸口疼|抽搐|难产|要生了|漏气|煤气味|中毒|割腕|想死|掉进|摔倒|救命|救我|救人|警察|流血|溺水|爆炸|快死|着火|著火|火灾|火災|失火|起火|救护车|救護車|报警|報警|煤气|煤氣|瓦斯|天然气泄漏|不呼吸|没有呼吸|沒有呼吸|呼吸困难|车祸|車禍|小偷|抢劫|帮帮我|幫幫我|紧急|緊急|受伤|昏倒|晕倒|心脏病|自杀|帮助我`},
	}
}
