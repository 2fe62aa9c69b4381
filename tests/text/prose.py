"""Plain prose in every language we claim, for tests that read much text.

The twelve documented languages have a file each under ``prose/``, one sentence a line, at least two
hundred: our own sentences (the first twenty are ``PROSE``) and the Universal Declaration of Human
Rights, which is in the public domain.
"""

from pathlib import Path

# ruff: noqa: E501  ruff counts the width of wide characters, and editors do not agree on it

LONG: dict[str, list[str]] = {
    path.stem: path.read_text(encoding="utf-8").splitlines()
    for path in sorted((Path(__file__).parent / "prose").glob("*.txt"))
}
PROSE: dict[str, str] = {code: " ".join(lines[:20]) for code, lines in LONG.items()} | {
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
