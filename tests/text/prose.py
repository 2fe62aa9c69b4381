"""Our own plain prose in every language we claim, for tests that read much text."""

# ruff: noqa: E501  ruff counts the width of wide characters, and editors do not agree on it

PROSE: dict[str, str] = {
    "en": "The train leaves at nine. Can you hear me now? I read that book yesterday, and I will "
    "read it again. She sells fresh bread near the harbour. What a lovely evening! My sister "
    "lives in Edinburgh. Please close the window before you go. We were too late for the show. "
    "Nobody knows where the old map went. Turn left after the bridge. The soup is far too hot. "
    "He whispered a joke; everyone laughed. Music fills the empty hall. I'd rather walk than "
    "drive. Their garden grows wild. Thousands of birds crossed the bay. Let's begin. It rained "
    "all week — then the sun came. Follow the yellow line. Good night, and thank you.",
    "hi": "मुझे चाय पीना बहुत पसंद है। आप कहाँ रहते हैं? कल बारिश होगी। यह किताब मेरी बहन की है। बाज़ार बंद हो "
    "गया था। हम सुबह जल्दी उठते हैं। दरवाज़ा खोलो! उसने मुझे एक पत्र लिखा। गाड़ी समय पर आई। बच्चे मैदान में खेल रहे हैं। "
    "दूध ठंडा है। क्या आपने खाना खाया? पहाड़ों पर बर्फ़ गिरी। मैं थक गया हूँ। वह ज्ञान की बात करता है। धन्यवाद। "
    "नदी गहरी है। अगले हफ़्ते छुट्टी है। कृपया धीरे बोलिए। शुभ रात्रि।",
    "mr": "मला चहा आवडतो. तुम्ही कुठे राहता? उद्या पाऊस पडेल. हे पुस्तक माझ्या बहिणीचे आहे. बाजार बंद झाला होता. आम्ही "
    "सकाळी लवकर उठतो. दार उघड! त्याने मला पत्र लिहिले. गाडी वेळेवर आली. मुले मैदानात खेळत आहेत. दूध थंड आहे. तू जेवलास "
    "का? डोंगरावर बर्फ पडला. मी थकलो आहे. झाड उंच आहे. धन्यवाद. नदी खोल आहे. पुढच्या आठवड्यात सुट्टी आहे. कृपया हळू बोला. "
    "शुभ रात्री.",
    "kn": "ನನಗೆ ಚಹಾ ಇಷ್ಟ. ನೀವು ಎಲ್ಲಿ ವಾಸಿಸುತ್ತೀರಿ? ನಾಳೆ ಮಳೆ ಬರುತ್ತದೆ. ಈ ಪುಸ್ತಕ ನನ್ನ ತಂಗಿಯದು. ಅಂಗಡಿ ಮುಚ್ಚಿದೆ. "
    "ನಾವು ಬೆಳಿಗ್ಗೆ ಬೇಗ ಏಳುತ್ತೇವೆ. ಬಾಗಿಲು ತೆರೆ! ಅವನು ನನಗೆ ಪತ್ರ ಬರೆದ. ರೈಲು ಸಮಯಕ್ಕೆ ಬಂತು. ಮಕ್ಕಳು ಆಡುತ್ತಿದ್ದಾರೆ. ಹಾಲು ತಣ್ಣಗಿದೆ. "
    "ಊಟ ಆಯಿತೇ? ಬೆಟ್ಟ ಎತ್ತರ. ನನಗೆ ದಣಿವಾಗಿದೆ. ಮರ ಹಳೆಯದು. ಧನ್ಯವಾದ. ನದಿ ಆಳವಾಗಿದೆ. ಮುಂದಿನ ವಾರ ರಜೆ. ದಯವಿಟ್ಟು ನಿಧಾನ ಮಾತಾಡಿ. "
    "ಶುಭ ರಾತ್ರಿ.",
    "ta": "எனக்கு தேநீர் பிடிக்கும். நீங்கள் எங்கே வசிக்கிறீர்கள்? நாளை மழை பெய்யும். இந்த புத்தகம் என் தங்கையுடையது. கடை மூடியிருந்தது. "
    "நாங்கள் காலையில் சீக்கிரம் எழுவோம். கதவைத் திற! அவன் எனக்கு கடிதம் எழுதினான். ரயில் சரியான நேரத்தில் வந்தது. குழந்தைகள் "
    "விளையாடுகிறார்கள். பால் குளிர்ந்தது. சாப்பிட்டாயா? மலை உயரமானது. நான் களைப்பாக இருக்கிறேன். மரம் பழையது. நன்றி. ஆறு ஆழமானது. அடுத்த "
    "வாரம் விடுமுறை. மெதுவாக பேசுங்கள். இனிய இரவு.",
    "bn": "আমি চা ভালোবাসি। আপনি কোথায় থাকেন? কাল বৃষ্টি হবে। এই বইটা আমার বোনের। বাজার বন্ধ ছিল। আমরা সকালে উঠি। দরজা "
    "খোলো! সে আমাকে চিঠি লিখেছে। ট্রেন সময়মতো এসেছে। শিশুরা মাঠে খেলছে। দুধ ঠান্ডা। খেয়েছ? পাহাড়ে বরফ পড়েছে। আমি ক্লান্ত। "
    "গাছটা পুরোনো। ধন্যবাদ। নদী গভীর। আগামী সপ্তাহে ছুটি। দয়া করে আস্তে বলুন। শুভ রাত্রি।",
    "gu": "મને ચા ગમે છે. તમે ક્યાં રહો છો? કાલે વરસાદ પડશે. આ પુસ્તક મારી બહેનનું છે. બજાર બંધ હતું. અમે સવારે વહેલા ઊઠીએ "
    "છીએ. બારણું ખોલ! તેણે મને પત્ર લખ્યો. ગાડી સમયસર આવી. બાળકો રમે છે. દૂધ ઠંડું છે. તમે જમ્યા? પહાડ ઊંચો છે. હું થાકી ગયો. ઝાડ "
    "જૂનું છે. આભાર. નદી ઊંડી છે. આવતા અઠવાડિયે રજા છે. ધીમે બોલો. શુભ રાત્રી.",
    "te": "నాకు టీ ఇష్టం. మీరు ఎక్కడ ఉంటారు? రేపు వర్షం పడుతుంది. ఈ పుస్తకం మా చెల్లిది. దుకాణం మూసి ఉంది. మేము ఉదయం లేస్తాము. "
    "తలుపు తెరువు! అతను నాకు ఉత్తరం రాశాడు. రైలు సమయానికి వచ్చింది. పిల్లలు ఆడుతున్నారు. పాలు చల్లగా ఉన్నాయి. తిన్నావా? కొండ ఎత్తు. "
    "నేను అలసిపోయాను. చెట్టు పాతది. ధన్యవాదాలు. నది లోతు. వచ్చే వారం సెలవు. నెమ్మదిగా మాట్లాడండి. శుభ రాత్రి.",
    "ml": "എനിക്ക് ചായ ഇഷ്ടമാണ്. നിങ്ങൾ എവിടെ താമസിക്കുന്നു? നാളെ മഴ പെയ്യും. ഈ പുസ്തകം എന്റെ അനുജത്തിയുടേതാണ്. കട അടച്ചു. ഞങ്ങൾ "
    "രാവിലെ എഴുന്നേൽക്കും. വാതിൽ തുറക്കൂ! അവൻ എനിക്ക് കത്തെഴുതി. തീവണ്ടി വന്നു. കുട്ടികൾ കളിക്കുന്നു. പാൽ തണുത്തു. കഴിച്ചോ? മല "
    "ഉയർന്നതാണ്. ഞാൻ ക്ഷീണിച്ചു. മരം പഴയതാണ്. നന്ദി. പുഴ ആഴമുള്ളതാണ്. അടുത്ത ആഴ്ച അവധി. പതുക്കെ പറയൂ. ശുഭരാത്രി.",
    "pa": "ਮੈਨੂੰ ਚਾਹ ਪਸੰਦ ਹੈ। ਤੁਸੀਂ ਕਿੱਥੇ ਰਹਿੰਦੇ ਹੋ? ਕੱਲ੍ਹ ਮੀਂਹ ਪਵੇਗਾ। ਇਹ ਕਿਤਾਬ ਮੇਰੀ ਭੈਣ ਦੀ ਹੈ। ਬਾਜ਼ਾਰ ਬੰਦ ਸੀ। ਅਸੀਂ ਸਵੇਰੇ ਉੱਠਦੇ ਹਾਂ। ਦਰਵਾਜ਼ਾ "
    "ਖੋਲ੍ਹੋ! ਉਸਨੇ ਮੈਨੂੰ ਚਿੱਠੀ ਲਿਖੀ। ਗੱਡੀ ਸਮੇਂ ਤੇ ਆਈ। ਬੱਚੇ ਖੇਡ ਰਹੇ ਹਨ। ਦੁੱਧ ਠੰਢਾ ਹੈ। ਖਾਣਾ ਖਾਧਾ? ਪਹਾੜ ਉੱਚਾ ਹੈ। ਮੈਂ ਥੱਕ ਗਿਆ। ਰੁੱਖ "
    "ਪੁਰਾਣਾ ਹੈ। ਧੰਨਵਾਦ। ਨਦੀ ਡੂੰਘੀ ਹੈ। ਅਗਲੇ ਹਫ਼ਤੇ ਛੁੱਟੀ ਹੈ। ਹੌਲੀ ਬੋਲੋ। ਸ਼ੁਭ ਰਾਤ।",
    "or": "ମୋତେ ଚା ଭଲ ଲାଗେ। ଆପଣ କେଉଁଠି ରୁହନ୍ତି? କାଲି ବର୍ଷା ହେବ। ଏହି ବହି ମୋ ଭଉଣୀର। ବଜାର ବନ୍ଦ ଥିଲା। ଆମେ ସକାଳେ ଉଠୁ। କବାଟ "
    "ଖୋଲ! ସେ ମୋତେ ଚିଠି ଲେଖିଲା। ଗାଡ଼ି ଠିକ୍ ସମୟରେ ଆସିଲା। ପିଲାମାନେ ଖେଳୁଛନ୍ତି। କ୍ଷୀର ଥଣ୍ଡା। ଖାଇଲ କି? ପାହାଡ଼ ଉଚ୍ଚ। ମୁଁ ଥକିଗଲି। ଗଛ ପୁରୁଣା। "
    "ଧନ୍ୟବାଦ। ନଦୀ ଗଭୀର। ଆସନ୍ତା ସପ୍ତାହରେ ଛୁଟି। ଧୀରେ କୁହନ୍ତୁ। ଶୁଭ ରାତ୍ରି।",
    "es": "Me gusta el té. ¿Dónde vives? Mañana lloverá. Este libro es de mi hermana. El mercado "
    "estaba cerrado. Nos levantamos temprano. ¡Abre la puerta! Me escribió una carta. El tren "
    "llegó a tiempo. Los niños juegan en el jardín. La leche está fría. ¿Has comido? Nevó en la "
    "sierra. Estoy cansado. El pingüino nada. Gracias, señor. El río es profundo. La semana que "
    "viene hay fiesta. Habla más despacio. Buenas noches, corazón.",
    "fr": "J'aime le thé. Où habites-tu ? Demain il pleuvra. Ce livre est à ma sœur. Le marché "
    "était fermé. Nous nous levons tôt. Ouvre la porte ! Il m'a écrit une lettre. Le train est "
    "arrivé à l'heure. Les enfants jouent. Le lait est froid. As-tu mangé ? Un bon vin blanc. "
    "Je suis fatigué. La montagne est haute. Merci beaucoup. La rivière est profonde. La semaine "
    "prochaine, c'est férié. Parlez lentement. Bonne nuit, les garçons.",
    "it": "Mi piace il tè. Dove abiti? Domani pioverà. Questo libro è di mia sorella. Il mercato "
    "era chiuso. Ci alziamo presto. Apri la porta! Mi ha scritto una lettera. Il treno è arrivato "
    "in orario. I bambini giocano. Il latte è freddo. Hai mangiato? Gli gnocchi sono pronti. Sono "
    "stanco. La montagna è alta. Grazie mille. Il fiume è profondo. La settimana prossima è festa. "
    "Parla piano. Buona notte, zio.",
    "pt": "Eu gosto de chá. Onde você mora? Amanhã vai chover. Este livro é da minha irmã. O "
    "mercado estava fechado. Acordamos cedo. Abra a porta! Ele me escreveu uma carta. O trem "
    "chegou na hora. As crianças brincam. O leite está frio. Já comeu? Nevou na serra. Estou "
    "cansado. O pão não é bom. Obrigado, coração. O rio é fundo. Semana que vem é feriado. Fale "
    "devagar. Boa noite, mãe.",
    "ja": "私はお茶が好きです。どこに住んでいますか？明日は雨が降るでしょう。この本は妹のものです。市場は閉まっていました。"
    "朝早く起きます。ドアを開けて！彼は手紙を書いた。電車は時間通りに来た。子供たちは遊んでいる。牛乳は冷たい。"
    "もう食べた？山に雪が降った。疲れました。ちょっと待ってください。ありがとう。川は深い。来週は休みです。"
    "ゆっくり話して。おやすみなさい。",
    "zh": "我喜欢喝茶。你住在哪里？明天会下雨。这本书是我妹妹的。市场已经关门了。我们早上起得很早。快开门！他给我写了一封信。"
    "火车准时到了。孩子们在院子里玩。牛奶很凉。你吃饭了吗？山上下雪了。我累了。女儿去旅行。谢谢。河水很深。下周放假。"
    "请慢慢说。晚安。",
    "de": "Ich mag Tee. Wo wohnst du? Fünf Züge fuhren über die Brücke. Schönes Mädchen, böse Köche.",
    "nl": "Ik hou van thee. Waar woon je? De trein kwam op tijd. Schrijf leuke huizen uit.",
    "sv": "Jag tycker om te. Var bor du? Sju sjösjuka sjömän skötte båten. God natt.",
    "no": "Jeg liker te. Hvor bor du? Kjære sjøen skinner. God natt, gutten min.",
    "fi": "Pidän teestä. Missä asut? Hyvää yötä, ystävä. Työ tekijäänsä neuvoo.",
    "pl": "Lubię herbatę. Gdzie mieszkasz? Źrebię pije źródlaną wodę. Dzięki, cześć!",
    "ru": "Я люблю чай. Где ты живёшь? Жёлтые ящерицы щекочут ёжика. Спокойной ночи!",
    "el": "Μου αρέσει το τσάι. Πού μένεις; Ευχαριστώ πολύ. Καληνύχτα.",
    "ar": "أحب الشاي. أين تسكن؟ وصل القطار في الموعد. صباح الخير، ضيفنا العزيز. غدا عطلة.",
    "id": "Saya suka teh. Di mana kamu tinggal? Kereta datang tepat waktu. Selamat malam.",
    "ms": "Saya suka teh. Di mana awak tinggal? Kereta api tiba tepat pada masanya. Terima kasih.",
    "ko": "저는 차를 좋아해요. 어디에 사세요? 기차가 제시간에 왔어요. 안녕히 주무세요.",
    "tr": "Çayı severim. Nerede yaşıyorsun? Gökyüzü ağır ağır kararıyor. İyi geceler.",
    "vi": "Tôi thích uống trà. Bạn sống ở đâu? Ngày mai trời sẽ mưa. Cảm ơn, chúc ngủ ngon.",
    "he": "אני אוהב תה. איפה אתה גר? הרכבת הגיעה בזמן. לילה טוב.",
}
