"""English words: months, units, currencies, abbreviations, acronyms, context words."""

# ruff: noqa: E501, SIM905  word lists and patterns read better so

from groundswell.text.normalise.grammar import nouns

MONTH_NAMES = tuple(
    "January February March April May June July August September October November December".split()
)
MONTHS = {
    **{name.casefold(): number for number, name in enumerate(MONTH_NAMES, 1)},
    **{name.casefold()[:3]: number for number, name in enumerate(MONTH_NAMES, 1)},
    "sept": 9,
}
MAGNITUDES = {
    "k": "thousand", "m": "million", "mn": "million", "mm": "million", "mil": "million",
    "b": "billion", "bn": "billion", "t": "trillion", "tn": "trillion", "cr": "crore", "l": "lakh",
    "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion",
    "lakh": "lakh", "lakhs": "lakh", "lac": "lakh", "lacs": "lakh", "crore": "crore",
    "crores": "crore",
}  # fmt: skip

UNITS = nouns("""
km: kilometer|kilometers
m: meter|meters
cm: centimeter|centimeters
mm: millimeter|millimeters
µm: micrometer|micrometers
nm: nanometer|nanometers
mi: mile|miles
ft: foot|feet
in: inch|inches
yd: yard|yards
nmi: nautical mile|nautical miles
km²: square kilometer|square kilometers
m²: square meter|square meters
cm²: square centimeter|square centimeters
ha: hectare|hectares
m³: cubic meter|cubic meters
cm³: cubic centimeter|cubic centimeters
cc: C C|C C
l: liter|liters
ml: milliliter|milliliters
cl: centiliter|centiliters
dl: deciliter|deciliters
µl: microliter|microliters
gal: gallon|gallons
qt: quart|quarts
pt: pint|pints
tbsp: tablespoon|tablespoons
tsp: teaspoon|teaspoons
kg: kilogram|kilograms
g: gram|grams
mg: milligram|milligrams
µg: microgram|micrograms
lb: pound|pounds
oz: ounce|ounces
t: ton|tons
h: hour|hours
min: minute|minutes
s: second|seconds
ms: millisecond|milliseconds
µs: microsecond|microseconds
ns: nanosecond|nanoseconds
d: day|days
wk: week|weeks
mo: month|months
yr: year|years
km/h: kilometer per hour|kilometers per hour
mph: mile per hour|miles per hour
m/s: meter per second|meters per second
m/s²: meter per second squared|meters per second squared
ft/s: foot per second|feet per second
kn: knot|knots
rpm: R P M
°C: degree Celsius|degrees Celsius
°F: degree Fahrenheit|degrees Fahrenheit
°: degree|degrees
K: kelvin|kelvin
V: volt|volts
mV: millivolt|millivolts
kV: kilovolt|kilovolts
A: amp|amps
mA: milliamp|milliamps
mAh: milliamp hour|milliamp hours
Ah: amp hour|amp hours
W: watt|watts
kW: kilowatt|kilowatts
MW: megawatt|megawatts
GW: gigawatt|gigawatts
mW: milliwatt|milliwatts
Wh: watt hour|watt hours
kWh: kilowatt hour|kilowatt hours
MWh: megawatt hour|megawatt hours
J: joule|joules
kJ: kilojoule|kilojoules
cal: calorie|calories
kcal: kilocalorie|kilocalories
Hz: hertz
kHz: kilohertz
MHz: megahertz
GHz: gigahertz
Pa: pascal|pascals
kPa: kilopascal|kilopascals
hPa: hectopascal|hectopascals
MPa: megapascal|megapascals
bar: bar|bar
mbar: millibar|millibars
psi: P S I
atm: atmosphere|atmospheres
mmHg: millimeter of mercury|millimeters of mercury
N: newton|newtons
Nm: newton meter|newton meters
hp: horsepower
Ω: ohm|ohms
kΩ: kiloohm|kiloohms
dB: decibel|decibels
lm: lumen|lumens
lx: lux
ppm: parts per million
ppb: parts per billion
bpm: beat per minute|beats per minute
mpg: mile per gallon|miles per gallon
ppg: point per game|points per game
rpg: rebound per game|rebounds per game
apg: assist per game|assists per game
mol: mole|moles
mmol: millimole|millimoles
IU: international unit|international units
kB: kilobyte|kilobytes
MB: megabyte|megabytes
GB: gigabyte|gigabytes
TB: terabyte|terabytes
PB: petabyte|petabytes
KiB: kibibyte|kibibytes
MiB: mebibyte|mebibytes
GiB: gibibyte|gibibytes
bps: bit per second|bits per second
kbps: kilobit per second|kilobits per second
Mbps: megabit per second|megabits per second
Gbps: gigabit per second|gigabits per second
MB/s: megabyte per second|megabytes per second
GB/s: gigabyte per second|gigabytes per second
px: pixel|pixels
dpi: D P I
ppi: P P I
fps: frame per second|frames per second
MP: megapixel|megapixels
ly: light year|light years
pts: point|points
mcg: microgram|micrograms
pax: passenger|passengers
in²: square inch|square inches
""") | {
    key: noun
    for symbol, table in {
        "sq ft": "x: square foot|square feet", "sq in": "x: square inch|square inches",
        "sq mi": "x: square mile|square miles", "fl oz": "x: fluid ounce|fluid ounces",
    }.items()
    for key, noun in ((symbol, nouns(table)["x"]),)
}  # fmt: skip

CURRENCIES = nouns("""
USD: dollar|dollars
CAD: Canadian dollar|Canadian dollars
AUD: Australian dollar|Australian dollars
NZD: New Zealand dollar|New Zealand dollars
HKD: Hong Kong dollar|Hong Kong dollars
SGD: Singapore dollar|Singapore dollars
EUR: euro|euros
GBP: pound|pounds
JPY: yen
CNY RMB: yuan
INR: rupee|rupees
PKR: Pakistani rupee|Pakistani rupees
LKR: Sri Lankan rupee|Sri Lankan rupees
NPR: Nepalese rupee|Nepalese rupees
CHF: Swiss franc|Swiss francs
SEK: Swedish krona|Swedish kronor
NOK: Norwegian krone|Norwegian kroner
DKK: Danish krone|Danish kroner
PLN: zloty|zlotys
CZK: Czech koruna|Czech korunas
HUF: forint|forints
RON: Romanian leu|Romanian lei
BGN: lev|leva
RUB: ruble|rubles
UAH: hryvnia|hryvnias
TRY: lira|lira
BRL: real|reais
MXN: Mexican peso|Mexican pesos
ARS: Argentine peso|Argentine pesos
CLP: Chilean peso|Chilean pesos
COP: Colombian peso|Colombian pesos
PEN: sol|soles
ZAR: rand
NGN: naira
KES: Kenyan shilling|Kenyan shillings
EGP: Egyptian pound|Egyptian pounds
AED: dirham|dirhams
SAR: riyal|riyals
QAR: Qatari riyal|Qatari riyals
ILS: shekel|shekels
KRW: won
TWD: Taiwan dollar|Taiwan dollars
MYR: ringgit
THB: baht
IDR: rupiah
PHP: peso|pesos
VND: dong
BDT: taka
BTC: bitcoin|bitcoins
""")
_CENT = nouns("x: cent|cents")["x"]
CENTS = dict.fromkeys(("USD", "EUR", "CAD", "AUD", "NZD", "HKD", "SGD", "ZAR"), _CENT)
CENTS |= nouns(
    "GBP: penny|pence\nINR: paisa|paise\nPKR: paisa|paise\nMXN BRL PHP ARS: centavo|centavos"
)
CENTS |= nouns("CHF: rappen\nPLN: grosz|groszy\nRUB: kopeck|kopecks")

SIGNS = {
    "-": "minus", "−": "minus", "+": "plus", "±": "plus or minus", "~": "about", "&": "and",
    "@": "at", "#": "number", "%": "percent", "=": "equals", "§": "section", "¶": "paragraph",
    "©": "copyright", "®": "registered", "™": "trademark", "*": "times", "->": "to", "=>": "implies", "<=": "less than or equal to",
    ">=": "greater than or equal to", "!=": "is not equal to", "==": "equals", "+=": "plus equals",
    "-=": "minus equals", "&&": "and", "||": "or", "<3": "love", "→": "to", "←": "from", "⇒": "implies",
    "↑": "up", "↓": "down", "×": "times", "÷": "divided by", "≈": "approximately", "≠": "is not equal to",
    "≤": "less than or equal to", "≥": "greater than or equal to", "<": "less than",
    ">": "greater than", "∞": "infinity", "√": "square root of", "π": "pi", "°": "degrees", "°F": "degrees Fahrenheit", "°C": "degrees Celsius",
    "^": "to the power of", "$": "dollar", "€": "euro", "£": "pound", "₹": "rupee", "¥": "yen",
    "✓": "check", "✔": "check",
}  # fmt: skip

ABBREVIATIONS = {
    "Mr.": "mister", "Mr": "mister", "Mrs.": "missus", "Mrs": "missus", "Ms.": "miz", "Ms": "miz",
    "Dr.": "doctor", "Dr": "doctor", "St.": "saint", "St": "saint", "Jr.": "junior", "Sr.": "senior",
    "Messrs.": "messieurs",
    "Jr": "junior", "vs.": "versus", "vs": "versus", "etc.": "et cetera", "etc": "et cetera",
    "e.g.": "for example", "eg.": "for example", "i.e.": "that is", "ie.": "that is", "cf.": "compare",
    "viz.": "namely", "Inc.": "incorporated", "Inc": "incorporated", "Ltd.": "limited",
    "Ltd": "limited", "Co.": "company", "Corp.": "corporation", "Corp": "corporation",
    "Bros.": "brothers", "Ave.": "avenue", "Ave": "avenue", "Blvd.": "boulevard", "Blvd": "boulevard",
    "Rd.": "road", "Rd": "road", "Ln.": "lane", "Ln": "lane", "Hwy.": "highway", "Hwy": "highway",
    "Pkwy.": "parkway", "Pkwy": "parkway", "Sq.": "square", "Apt.": "apartment", "Apt": "apartment",
    "approx.": "approximately", "approx": "approximately", "dept.": "department",
    "Dept.": "department", "dept": "department", "Dept": "department", "est.": "established",
    "Est.": "established", "govt.": "government", "Govt.": "government", "govt": "government",
    "Assn.": "association", "assoc.": "associate", "Assoc.": "associate", "misc.": "miscellaneous",
    "max.": "maximum", "min.": "minimum", "avg.": "average", "avg": "average", "temp.": "temperature",
    "tel.": "telephone", "Tel.": "telephone", "Tel": "telephone", "ext.": "extension",
    "Ext.": "extension", "ext": "extension", "Mon.": "Monday", "Tue.": "Tuesday", "Tues.": "Tuesday",
    "Wed.": "Wednesday", "Thu.": "Thursday", "Thur.": "Thursday", "Thurs.": "Thursday",
    "Fri.": "Friday", "Sat.": "Saturday", "Mon": "Monday", "Tue": "Tuesday",
    "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Thurs": "Thursday", "Fri": "Friday",
    "Ft.": "fort", "w/": "with", "w/o": "without", "c/o": "care of", "b/c": "because", "n/a": "N A",
    "N/A": "N A", "incl.": "including", "excl.": "excluding", "Ph.D.": "P H D", "Ph.D": "P H D",
    "M.D.": "M D", "B.A.": "B A", "a.k.a.": "A K A", "aka": "A K A", "a.m.": "A M", "p.m.": "P M",
    "appt.": "appointment", "appt": "appointment", "tsp.": "teaspoon", "tbsp.": "tablespoon",
    "yr.": "year", "nos.": "numbers", "Nos.": "numbers", "hrs.": "hours", "mins.": "minutes", "secs.": "seconds", "yrs.": "years", "qty": "quantity", "qty.": "quantity",
    "Qty": "quantity", "Qty.": "quantity", "asap": "A S A P", "brb": "B R B", "sry": "sorry", "WWII": "World War two", "WW2": "World War two", "WWI": "World War one", "IPv4": "I P V four", "IPv6": "I P V six", "Inv.": "invoice", "inv.": "invoice", "tmrw": "tomorrow", "tmr": "tomorrow", "msg": "message", "txt": "text", "ppl": "people",
    "smth": "something", "sth": "something", "wknd": "weekend", "mtg": "meeting", "mgr": "manager", "bldg": "building",
    "gr8": "great", "l8r": "later", "l8": "late", "b4": "before", "m8": "mate", "w8": "wait",
    "h8": "hate", "str8": "straight", "4ever": "forever", "2day": "today", "2nite": "tonight",
    "2moro": "tomorrow", "any1": "anyone", "some1": "someone", "every1": "everyone", "thru": "through",
    "bday": "birthday", "b'day": "birthday", "omw": "O M W", "401(k)": "four oh one K",
    "401k": "four oh one K", "403(b)": "four oh three B", "501(c)(3)": "five oh one C three",
    "ttyl": "T T Y L", "Ctrl": "control", "ctrl": "control", "Cmd": "command", "Esc": "escape",
    "y/o": "year old", "b/w": "between", "Ref:": "reference:", "Attn:": "attention:", "Attn": "attention",
    "m/m": "month over month", "q/q": "quarter over quarter",
    "Xmas": "Christmas", "y/y": "year over year", "YoY": "year over year", "QoQ": "quarter over quarter",
    "MoM": "month over month", "mya": "million years ago", "fl.": "floor", "Fl.": "floor",
    "kbd": "keyboard", "pkg": "package", "pwd": "password", "C#": "C sharp", "F#": "F sharp", "p.a.": "per annum", "idk": "I D K", "omg": "O M G", "lol": "L O L", "rsvp": "R S V P",
    "diy": "D I Y", "faq": "F A Q", "faqs": "F A Qs", "ngl": "N G L", "ftw": "F T W", "fyi": "F Y I", "btw": "by the way",
    "imo": "in my opinion", "tbh": "to be honest", "pls": "please", "plz": "please",
    "thx": "thanks", "Jan.": "January", "Feb.": "February", "Aug.": "August", "Sept.": "September",
    "Oct.": "October", "Nov.": "November", "Dec.": "December", "Inc.,": "incorporated,",
    "et al.": "et al", "Esq.": "esquire", "Mt": "mount", "tel": "telephone",
}  # fmt: skip
del ABBREVIATIONS["Inc.,"], ABBREVIATIONS["Mt"]
BEFORE_NAME = {
    "Prof.": "professor", "Prof": "professor", "Rev.": "reverend", "Rev": "reverend",
    "Gen.": "general", "Col.": "colonel", "Capt.": "captain", "Capt": "captain", "Lt.": "lieutenant",
    "Lt": "lieutenant", "Sgt.": "sergeant", "Sgt": "sergeant", "Maj.": "major", "Cpl.": "corporal",
    "Pvt.": "private", "Cmdr.": "commander", "Adm.": "admiral", "Gov.": "governor", "Sen.": "senator",
    "Rep.": "representative", "Hon.": "honorable", "Pres.": "president", "Fr.": "father",
    "Sr.": "sister", "Mt.": "mount", "Mt": "mount", "Supt.": "superintendent", "Sat": "Saturday",
}  # fmt: skip
del BEFORE_NAME["Sr."], BEFORE_NAME["Sat"]
BEFORE_NUMBER = {
    "No.": "number", "no.": "number", "Nos.": "numbers", "nos.": "numbers", "No": "number",
    "Nr.": "number", "p.": "page", "pp.": "pages", "pg.": "page", "pgs.": "pages", "vol.": "volume",
    "Vol.": "volume", "ch.": "chapter", "Ch.": "chapter", "chap.": "chapter", "Chap.": "chapter",
    "fig.": "figure", "Fig.": "figure", "figs.": "figures", "Figs.": "figures", "sec.": "section",
    "Sec.": "section", "eq.": "equation", "Eq.": "equation", "ed.": "edition", "Art.": "article",
    "art.": "article", "c.": "circa", "ca.": "circa", "Rm.": "room", "Ste.": "suite",
    "para.": "paragraph", "v.": "version", "Vol": "volume", "ver.": "version", "pt.": "part",
    "Pt.": "part", "l.": "line", "ll.": "lines", "Ref.": "reference", "ref.": "reference",
    "eta": "E T A", "Sect.": "section", "sect.": "section", "Bldg.": "building", "bldg.": "building", "Flt.": "flight", "Sat": "Saturday", "Sun": "Sunday",
    "Sun.": "Sunday", "Mar.": "March", "Apr.": "April", "Jun.": "June", "Jul.": "July",
    "Sep.": "September", "Q.": "Q",
}  # fmt: skip
del BEFORE_NUMBER["Q."], BEFORE_NUMBER["No"]

#: Before "no." these make it a number, whatever follows ("card no. is …").
NUMBERED_THINGS = frozenset(
    "card account acct phone tel mobile contact order invoice serial tracking reference ref booking "
    "ticket flight house room policy part model passport roll registration item case id".split()
)
#: As typed → said; "" reads it as a word.
ACRONYMS = {
    "JPEG": "jay peg", "JPEGs": "jay pegs", "MPEG": "em peg", "PhD": "P H D", "PhDs": "P H Ds",
    "iOS": "I O S", "macOS": "mac O S", "iPadOS": "I pad O S", "tvOS": "T V O S", "MSc": "M S C",
    "BSc": "B S C", "LaTeX": "lay tech", "GIF": "", "RAM": "", "ROM": "", "PIN": "", "SIM": "",
    "ZIP": "", "LAN": "", "WAN": "", "VAT": "", "AIDS": "", "SARS": "", "COVID": "", "ASAP": "A S A P",
    "AIDS ": "", "LED": "L E D", "VIP": "V I P", "CAPTCHA": "captcha", "OPEC": "", "UN": "U N",
    "EU": "E U", "UK": "U K", "US": "U S", "USA": "U S A", "UAE": "U A E", "IT": "I T", "TV": "T V",
    "OK": "okay", "ID": "I D", "AM": "A M", "PM": "P M", "AI": "A I", "IEEE": "I triple E",
    "NAACP": "N double A C P", "HTTPS": "H T T P S", "HTTP": "H T T P", "HTML": "H T M L",
    "WiFi": "", "WHO": "W H O", "Wi": "", "SQL": "S Q L", "MySQL": "my S Q L", "NoSQL": "no S Q L",
    "PostgreSQL": "postgres Q L", "SaaS": "sass", "IaaS": "I A A S", "PaaS": "pass", "IoT": "I O T",
    "mRNA": "M R N A", "tRNA": "T R N A", "eSIM": "E sim", "kWh": "kilowatt hour", "VoIP": "voip",
    "DoS": "D O S", "DDoS": "D DoS", "ETA": "E T A", "UCLA": "U C L A", "ESPN": "E S P N",
    "IKEA": "", "ISIS": "", "ISO": "I S O", "IOU": "I O U", "AKA": "A K A", "TBA": "T B A",
    "UFO": "U F O", "UEFA": "", "USB": "U S B", "Hb": "H B", "Dx": "D X", "Rx": "R X", "Tx": "T X", "HCl": "H C L",
    "NaCl": "N A C L", "NaOH": "N A O H", "pH": "P H", "USPS": "U S P S", "IBAN": "", "ICU": "I C U", "IPO": "I P O", "DIY": "D I Y",
    "FAQ": "F A Q", "CEO": "C E O", "AAA": "triple A", "DOB": "D O B", "OTP": "O T P",
    "EST": "E S T", "PST": "P S T", "AC": "A C", "DC": "D C", "LA": "L A", "OCD": "O C D",
    "ADHD": "A D H D", "RSVP": "R S V P", "APR": "A P R", "SUV": "S U V", "RIP": "R I P", "IMHO": "I M H O", "FOMO": "",
    "YOLO": "", "LOL": "L O L", "LMAO": "L M A O", "UTC": "U T C", "CIA": "C I A", "HIV": "H I V",
    "OS": "O S", "UI": "U I", "UX": "U X", "URL": "U R L", "API": "A P I", "AUX": "", "PETA": "",
}  # fmt: skip
del ACRONYMS["AIDS "], ACRONYMS["Wi"]

#: Capitals of these are words, not letters.
COMMON_WORDS = frozenset(
    "a an and are as at be but by can did do for from get go got had has have he her him his how "
    "i if in into is it its just let like make may me my new no not now of off oh old on one or "
    "our out over put ran red run saw say see set she so some ten than that the them then they "
    "this to too top two up us use very was way we well were what when who why will with yes yet "
    "you your all any ask bad big box boy buy car cat cup cut day die dog eat end eye far few fit "
    "fly fun guy hey hit hot ice job key kid law lay led leg lie lot low man men mom dad mix net "
    "nor nut odd own pay pet pop pot raw row sad sea sex sir sit six sky son sun tea tie tip try "
    "war wet win won wow zoo free sale stop best love nasa nato unicef unesco opec ram rom gif "
    "pin sim lan vat aids sars covid laser radar scuba fema nafta asean hamas fifa uefa nascar "
    "osha epcot ikea lego wifi hiv cobol basic fortran pascal java ruby perl bash json yaml wasm "
    "cern nasdaq swot swat taser moma jstor dram sram bios cmos ping lamp crud agile scrum rest "
    "soap ajax add max min mac pro air bid gap gas gym ham hat jam jar jaw jet joy lab lap lip "
    "cop map mud oil pan pen pig pit rat rib rob rod rub rug sip ski sum tag tan tap tax toe ton toy "
    "van via vet web wig zip zen ok".split()
) - {"us", "hiv"}

YEAR_WORDS = frozenset(
    "in since by circa around during year until till from before after of through early late mid "
    "between ca c founded established summer spring autumn fall winter class fiscal fy copyright back "
    "to january february march april may june july august september october november december "
    "christmas easter re est".split()
) - {"by", "to", "of", "re", "from", "after", "before", "around", "between", "through"} | {"of"}
YEAR_WORDS_AFTER = frozenset("bc bce ad ce election olympics season edition".split())
COUNT_WORDS = frozenset(
    "about over under nearly almost exactly approximately roughly than least most all these those "
    "only some another total cost costs paid sold has have had got scored ran earned".split()
) - {"of"}
COUNTED = frozenset(
    "people men women children feet percent dollars mice sheep fish cattle of times more other "
    "different new euros pounds rupees".split()
)
NOT_PLURAL = frozenset(
    "is was has this its as us his yes always perhaps does across thus plus versus bus besides "
    "sees means looks comes goes makes gives takes brings brought saw marks shows towards "
    "sometimes news series remains keeps begins starts ends seems feels".split()
)
DIGIT_WORDS = frozenset(
    "pin pincode passcode password code otp zip zipcode postcode account acct a/c card cvv cvc "
    "order invoice ref reference confirmation tracking booking ticket case serial sn ssn id "
    "policy extension ext routing iban sku isbn pnr dial call text phone tel telephone fax "
    "hotline mobile cell combination passport license licence member membership employee customer "
    "port claim receipt transaction bag locker po inv box shipment".split()
) - {"text", "box", "bag"}
TIME_WORDS = frozenset(
    "race marathon half-marathon finished finish finishes finishing ran record pace lap clocked "
    "timed won runs duration length long runtime lasts lasted split pb pr best swim swam ironman "
    "triathlon video track song".split()
)
VERSION_WORDS = frozenset(
    "version python release ubuntu node java ios android macos django php ruby react angular "
    "kernel firmware build update debian swift kotlin rails postgres postgresql".split()
) - {"build"}
REGNAL_NAMES = frozenset(
    "henry louis elizabeth charles george james william edward richard philip benedict francis "
    "paul pius leo gregory clement innocent napoleon frederick catherine peter nicholas alexander "
    "ivan ramses ramesses ptolemy mary darius xerxes carlos felipe fernando alfonso isabel juan "
    "pedro robert david malcolm otto rudolf wilhelm joseph ferdinand maximilian gustav christian "
    "haakon olaf margaret margrethe boniface urban sixtus john victor umberto leopold albert "
    "baudouin constantine justinian murad selim mehmed akbar hassan mohammed abdullah".split()
)
NUMBERED_WORDS = frozenset(
    "chapter part volume vol act scene section article book war wars bowl type phase stage class "
    "level episode season round title appendix figure table fantasy unit grade tier category "
    "division schedule amendment apollo saturn annex module lesson exhibit olympiad canto psalm "
    "mark lot step zone quarter wrestlemania civilization group factor".split()
)
PAIR_WORDS = frozenset(
    "boeing airbus cessna room flight apartment apt suite highway hwy route rte interstate bus channel unit gate "
    "building rm error status http rtx gtx".split()
)

#: Words after which "Sun" and "Sat" are days.
DAY_LEADS = frozenset(
    "closed open on every each this next last until till from to by monday tuesday wednesday "
    "thursday friday saturday".split()
)
ASKING = frozenset("is are was were did does do can could will would has had wants knows".split())
BOOKS = frozenset(
    "genesis exodus leviticus numbers deuteronomy joshua judges ruth samuel kings chronicles ezra "
    "nehemiah esther job psalm psalms proverbs ecclesiastes isaiah jeremiah lamentations ezekiel "
    "daniel hosea joel amos obadiah jonah micah nahum habakkuk zephaniah haggai zechariah malachi "
    "matthew mark luke john acts romans corinthians galatians ephesians philippians colossians "
    "thessalonians timothy titus philemon hebrews james peter jude revelation quran surah gita "
    "torah".split()
)

SHORT_DAYS = (
    {
        short: name
        for name in "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
        for short in (name[:3], name[:4], name[:5])
        if short in ("Mon", "Tue", "Tues", "Wed", "Thu", "Thur", "Thurs", "Fri", "Sat", "Sun")
    }
    | {name[:3]: name for name in MONTH_NAMES}
    | {"Sept": "September"}
)
REGIONS = frozenset(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM "
    "NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR".split()
)
#: Words without a vowel that are no letters.
SOUNDS = frozenset(
    "hmm hm mm mmm shh sh psst pst brr grr pfft tsk nth st nd rd th mr mrs ms dr vs lb lbs ft km kg cm "
    "mm ml hr hrs min mph kph yd pt qt tsp tbsp zz zzz".split()
)
RUNS = frozenset("run runs race races resolution video videos screen tv tvs".split())
SEAT_LETTERS = ("A", "B", "C", "F", "G", "d", "h", "m")
SEAT_WORDS = frozenset(
    "seat seats row room flat apt apartment unit gate bus exit grade suite class shelf aisle bay rack "
    "locker desk slot terminal platform box building block floor level section table pier dock".split()
)
#: Units that stand before a noun as adjectives even without an article ("12 V battery").
ADJECTIVAL = frozenset("V kV W kW mAh GB TB MB MP px Hz GHz MHz dpi fps in".split())
#: Lower-case words of three letters and more that no adjective stands before.
NOT_NOUNS = frozenset(
    "and but for from with than that then when while who which per was were has had have are the "
    "this these those there here into onto over under after before since until each ago away off "
    "out only not just more less about around every will would can could should may might must did "
    "does twice once daily weekly north south east west long tall wide high deep old apart left "
    "right later earlier early late because instead too also both via plus minus back down today "
    "tmrw tmr pls plz thx asap tomorrow yesterday tonight free used during between its his her their our your upon across "
    "through without within worth total now please above below".split()
)
