"""Print the IPA of every phoneme in each voice's table as JSON; arguments: library, data, voices.

``phontab`` (espeak-ng 1.52, ``phoneme.h``): tables of ``count, base, 2 pad, name[32]``, then
``count`` entries of 16 bytes that begin with a four-letter mnemonic and hold their type in byte 11.
espeak speaks mnemonics in ``[[ ]]`` once ``espeakPHONEMES`` was set.
"""

import ctypes
import json
import sys
from pathlib import Path

library, data, voices = sys.argv[1:]
lib = ctypes.CDLL(library)
lib.espeak_Initialize(2, 0, data.encode(), 0x8000)
lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
lib.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
lib.espeak_Synth.argtypes = [
    ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int,
    ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p,
]  # fmt: skip

raw = (Path(data) / "phontab").read_bytes()
tables: list[tuple[str, int, list[str]]] = []
at = 4
for _ in range(raw[0]):
    count, base = raw[at], raw[at + 1]
    name = raw[at + 4 : at + 36].split(b"\0")[0].decode()
    at += 36
    entries = [raw[at + 16 * k : at + 16 * k + 16] for k in range(count)]
    sounds = [e[:4].rstrip(b"\0").decode("latin1") for e in entries if e[11] > 1]
    tables.append((name, base, sounds))
    at += 16 * count
by_name = {name: (base, sounds) for name, base, sounds in tables}

files = {f.name.lower(): f for f in (Path(data) / "lang").rglob("*") if f.is_file()}


def table_of(voice: str) -> str:
    lines = [line.split() for line in files[voice].read_text("utf-8").splitlines()]
    named = [line[1] for line in lines if line[:1] == ["phonemes"]]
    own = [line[1] for line in lines if line[:1] == ["language"]]
    return next(n for n in [*named, *own, own[0].split("-")[0]] if n in by_name)


def ipa(text: str) -> str:
    pointer, out = ctypes.c_char_p(text.encode()), []
    while pointer.value is not None:
        said = lib.espeak_TextToPhonemes(ctypes.byref(pointer), 1, 0x02 | 0x80 | ord("^") << 8)
        out.append((said or b"").decode())
    return " ".join(out)


found: dict[str, list[str]] = {}
for code, named in json.loads(voices).items():
    assert lib.espeak_SetVoiceByName(named.encode()) == 0, named
    lib.espeak_Synth(b" ", 2, 0, 1, 0, 1 | 0x100, None, None)
    below, mnemonics = by_name[table_of(named)]
    while below:
        below, more = tables[below - 1][1:]
        mnemonics = mnemonics + more
    shapes = ("[[{}]]", "[[{}a]]", "[[a{}]]", "[[t{}]]", "[[i{}i]]")
    found[code] = sorted({ipa(shape.format(m)) for m in mnemonics for shape in shapes})
sys.stdout.write(json.dumps(found))
