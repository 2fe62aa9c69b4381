"""Saying e-mail addresses, URLs, paths, file names, hashtags and handles.

Letters that make a word are left as a word, figures are numbers, signs have names.
"""

# ruff: noqa: E501  word lists and patterns read better so

import re

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.grammar import Grammar

_PIECE = re.compile(r"[^\W\d_]+|\d+|.")
_CAMEL = re.compile(r"[A-ZÀ-Þ]+(?=[A-ZÀ-Þ][a-zß-ÿ])|[A-ZÀ-Þ]?[a-zß-ÿ]+|[A-ZÀ-Þ]+|[^\W\d_]+|\d+|_")
_SCHEME = re.compile(r"(?i)^(?:https?|ftp|wss?)://")
#: Endings of names that are spelled although they could be read.
_SPELLED = frozenset(
    [
        "www",
        "api",
        "url",
        "faq",
        "ui",
        "ux",
        "id",
        "uk",
        "io",
        "ai",
        "tv",
        "eu",
        "gg",
        "xyz",
        "de",
        "fr",
        "es",
        "nl",
        "ru",
        "pl",
        "se",
        "pt",
        "br",
        "ca",
        "au",
        "jp",
        "cn",
        "kr",
        "ch",
        "txt",
        "pdf",
        "html",
        "htm",
        "css",
        "js",
        "ts",
        "tsx",
        "jsx",
        "py",
        "rb",
        "cpp",
        "cc",
        "csv",
        "tsv",
        "xml",
        "yml",
        "sql",
        "db",
        "gz",
        "tgz",
        "mp",
        "mkv",
        "svg",
        "png",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "iso",
        "apk",
        "dmg",
        "md",
        "rst",
        "cfg",
        "http",
        "https",
        "ftp",
    ]
)
_VOWELS = frozenset("aeiouyáéíóúàèìòùâêîôûäëïöüãõåæøœąęёауоыиэяюеіє")


def say_address(token: t.Address, grammar: Grammar) -> str:
    """Say an address as it is read out: "jane dot doe at example dot com"."""
    text = token.text
    if token.kind == "url":
        text = _SCHEME.sub("", text).rstrip("/")
    out: list[str] = []
    for piece in _PIECE.findall(text):
        out.append(_piece(piece, grammar, out))
    return " ".join(word for word in out if word)


def say_handle(text: str, grammar: Grammar) -> str:
    """Say a tag or handle: camel case apart, figures as numbers."""
    out: list[str] = []
    for piece in re.findall(r"[^\W\d_]+|\d+|_|[.-]", text):
        if piece[0].isalpha():
            out += [_letters(part, grammar) for part in _CAMEL.findall(piece)]
        else:
            out.append(_piece(piece, grammar, out))
    return " ".join(word for word in out if word)


def _piece(piece: str, grammar: Grammar, before: list[str]) -> str:
    if piece.isdecimal():
        if len(piece) == 4 and piece[:2] in ("19", "20"):
            return grammar.year(int(piece))
        return grammar.integer(piece) if len(piece) <= 2 else grammar.digits(piece)
    if piece[0].isalpha():
        return _letters(piece, grammar)
    names = {
        "@": grammar.at, ".": grammar.dot, "-": grammar.dash, "_": grammar.underscore,
        "/": grammar.slash, "#": grammar.hash_sign, "~": grammar.tilde, "\\": grammar.backslash, ":": grammar.colon,
    }  # fmt: skip
    return names.get(piece) or grammar.signs.get(piece, "")


def _letters(word: str, grammar: Grammar) -> str:
    """Leave a word as a word; spell what cannot be one."""
    plain = word.casefold()
    if plain in _SPELLED:
        return grammar.letters(word)
    if grammar.acronyms.get(plain):
        return grammar.acronyms[plain]
    if word.isupper() and len(word) > 1 and not grammar.reads(word):
        return grammar.letters(word)
    if len(word) == 1 or not _VOWELS.intersection(plain):
        return grammar.letters(word) if len(word) <= 5 and word.isascii() else word
    return word
