"""Units as they are typed: every spelling of a symbol and the canonical one grammars name.

Grammars name canonical units in ``Grammar.units``. A unit they do not name is spelled.
"""

#: Canonical unit → further spellings.
UNITS: dict[str, tuple[str, ...]] = {
    # length
    "km": ("kms", "Km", "KM"), "m": ("mtr", "mtrs"), "cm": ("cms", "CM"), "mm": ("MM",),
    "µm": ("μm",), "nm": (), "mi": (), "ft": (), "in": (), "yd": ("yds",), "nmi": (),
    # area and volume
    "km²": ("km2", "sq km", "sq. km", "sq.km", "km^2"), "m²": ("m2", "sq m", "sq. m", "sqm", "m^2"),
    "cm²": ("cm2",), "sq ft": ("sq. ft.", "sq. ft", "sqft", "sq.ft.", "sq.ft", "ft²", "ft2"),
    "sq in": ("sq. in.", "in²"), "sq mi": ("sq. mi.", "mi²"),
    "m³": ("m3",), "cm³": ("cm3",), "cc": (), "ha": (),
    "l": ("L", "ltr", "ltrs"), "ml": ("mL", "ML"), "cl": ("cL",), "dl": ("dL",), "µl": ("μl", "µL"),
    "gal": (), "qt": (), "pt": (), "fl oz": ("fl. oz.", "fl.oz."),
    "tbsp": ("Tbsp", "tbsps", "tbs"), "tsp": ("tsps",),
    # mass
    "kg": ("kgs", "Kg", "KG", "Kgs"), "g": ("gm", "gms", "gr"), "mg": (), "µg": ("μg", "mcg"),
    "lb": ("lbs",), "oz": (), "t": (),
    # time
    "h": ("hr", "hrs"), "min": ("mins",), "s": ("sec", "secs"), "ms": (), "µs": ("μs",), "ns": (),
    "d": (), "wk": ("wks",), "mo": ("mos",), "yr": ("yrs",),
    # speed
    "km/h": ("kmh", "kph", "kmph", "km/hr", "Km/h"), "mph": ("MPH",), "m/s": (), "kn": (),
    "ft/s": (), "rpm": ("RPM",), "m/s²": ("m/s2",),
    # temperature
    "°C": ("deg C", "deg. C", "degC", "° C", "ºC", "℃"),
    "°F": ("deg F", "deg. F", "degF", "° F", "ºF", "℉"),
    "°": ("º", "deg", "deg."), "K": (),
    # electricity, energy, frequency, pressure
    "V": (), "mV": (), "kV": (), "A": (), "mA": (), "mAh": (), "Ah": (), "W": (), "kW": ("KW",),
    "MW": (), "GW": (), "mW": (), "Wh": (), "kWh": ("KWh", "kwh"), "MWh": (), "J": (), "kJ": (),
    "cal": (), "kcal": (), "Hz": ("hz",), "kHz": ("KHz", "khz"), "MHz": ("Mhz",), "GHz": ("Ghz",),
    "Pa": (), "kPa": (), "hPa": (), "MPa": (), "bar": (), "mbar": (), "psi": ("PSI",), "atm": (),
    "mmHg": (), "N": (), "Nm": (), "hp": ("HP", "bhp"), "Ω": ("Ω", "ohm"), "kΩ": ("kΩ",), "F": (),
    "dB": ("db",), "lm": (), "lx": (), "ppm": (), "ppb": (), "mol": (), "mmol": (), "IU": (),
    "bpm": ("BPM",), "mpg": ("MPG",),
    # information
    "B": (), "kB": ("KB",), "MB": ("Mb",), "GB": ("Gb", "gb"), "TB": ("Tb", "tb"), "PB": (),
    "KiB": (), "MiB": (), "GiB": (), "bps": (), "kbps": ("Kbps", "kbit/s", "kb/s"),
    "Mbps": ("mbps", "Mbit/s", "Mb/s"), "Gbps": ("gbps", "Gbit/s", "Gb/s"), "MB/s": ("MBps",),
    "GB/s": ("GBps",), "px": (), "dpi": (), "ppi": (), "fps": ("FPS",), "MP": (),
    # astronomy and money-like
    "ly": (), "AU": (),
}  # fmt: skip

SPELLINGS: dict[str, str] = {
    spelling: unit for unit, others in UNITS.items() for spelling in (unit, *others)
}

#: Words and letters in many languages; units only when glued to the figure or in a compound.
GLUED_ONLY = frozenset({"t", "d", "A", "K", "F", "N", "B", "s", "in", "mo", "pt", "bar", "kn"})
#: Never glued: "5M" and "5B" are millions and billions, "5K" thousands.
NEVER = frozenset({"K", "B", "AU"})
