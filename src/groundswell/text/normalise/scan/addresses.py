"""E-mail addresses, URLs, paths, file names, hashtags and handles: whole chunks of text."""

# ruff: noqa: E501  word lists and patterns read better so

import re

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.scan.context import Context

_EMAIL = re.compile(
    r"(?:mailto:)?[\w.+%-]{1,64}@(?!\d+\.\d)[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}(?<![.-])"
)
_URL = re.compile(
    r"(?:(?:https?|ftp|wss?)://|www\.|localhost(?=[:/]\w))[^\s<>\"'“”«»]{1,2000}(?<![.,;:!?)\]}'’*])",
    re.IGNORECASE,
)
_TOP = (
    "com org net edu gov io co ai dev app in uk us de fr es it nl eu info biz me tv ly gg xyz shop "
    "store online site tech ru pl se pt br ca au jp ch at be int mil fm to so gl us be cloud blog news"
)
_DOMAIN = re.compile(
    rf"[a-zA-Z0-9](?:[\w-]{{0,62}})(?:\.[\w-]{{1,63}}){{0,4}}\.(?:{'|'.join(_TOP.split())})"
    r"(?![\w.@-]*@)(?:(?::\d{1,5})?(?:/[^\s<>\"']{0,500}(?<![.,;:!?)\]}'’]))?)(?![\w])",
)
_EXTENSIONS = (
    "txt pdf doc docx xls xlsx ppt pptx csv tsv json xml yaml yml toml html htm css js ts tsx jsx py "
    "rb go rs java cpp c h cc sh bat exe zip tar gz tgz rar 7z dmg iso apk jpg jpeg png gif svg bmp "
    "webp mp3 mp4 wav ogg flac m4a mov avi mkv log ini cfg conf md rst sql db bak ipynb lock env onnx"
)
_FILE = re.compile(
    rf"[\w][\w()+-]{{0,80}}(?:\.[\w-]{{1,40}}){{0,3}}\.(?:{'|'.join(_EXTENSIONS.split())})(?!\w)",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"(?:~|\.{1,2})?/[\w.@+-]{1,80}(?:/[\w.@+-]{0,80}){0,20}(?<![.,])|[A-Za-z]:\\[\w.\\ -]{1,200}(?<![.,\\ ])"
)
_FILE_PATH = re.compile(
    rf"[\w.-]{{1,60}}(?:/[\w.-]{{1,60}}){{1,12}}\.(?:{'|'.join(_EXTENSIONS.split())})(?!\w)|[a-z_][\w.-]{{1,40}}(?:/[\w.-]{{1,40}}){{2,8}}(?<![.-])(?!\w)"
)
_DOTFILE = re.compile(r"\.(?:env|gitignore|bashrc|zshrc|npmrc|dockerignore)(?!\w)")
_TAG = re.compile(r"#(?=[^\W\d_])[\w]{1,100}|#(?=\d{1,20}[^\W\d_])\w{2,100}")
_COLOUR = re.compile(
    r"#(?:(?=\d{0,5}[A-Fa-f])(?=\D{0,5}\d)[\dA-Fa-f]{6}|([a-f])\1\1(?:\1{3})?)(?!\w)"
)
_HANDLE = re.compile(r"@[A-Za-z_0-9](?:[\w.-]{0,60}\w)?")
_SIGNIFICANT = re.compile(r"[@#/\\]|\.[\w]|://")


def find(cx: Context, start: int, end: int) -> list[t.Found]:
    """Find the address in a chunk, if it has one."""
    chunk = cx.text[start : min(end, start + 2100)]
    if not _SIGNIFICANT.search(chunk):
        return []
    if "@" in chunk:
        m = _EMAIL.search(chunk)
        if m and m.start() <= 70:
            return _found(start, m, t.Address("email", m[0].removeprefix("mailto:")))
        m = _HANDLE.search(chunk)
        if m and not cx.char(start + m.start() - 1).isalnum():
            return [t.Found(start + m.start(), start + m.end(), t.Tag("@", m[0][1:]), "handle")]
    opened = len(chunk) - len(chunk.lstrip("([{<\"'“‘«*_-"))
    m = _URL.match(chunk, opened)
    if m:
        return _found(start, m, t.Address("url", m[0]))
    if chunk.startswith("#", opened):
        m = _COLOUR.match(chunk, opened)
        if m:
            sign, code = start + opened, t.Code(m[0][1:])
            return [
                t.Found(sign, sign + 1, t.Words(cx.table.hash_sign), "colour"),
                t.Found(sign + 1, start + m.end(), code, "colour"),
            ]
        m = _TAG.match(chunk, opened)
        named = m and any(char.isdecimal() for char in chunk) and cx.before(start)[0]
        if named and named in cx.table.digit_words:
            return []  # "order #A7B-2231"
        if m:
            return [t.Found(start + m.start(), start + m.end(), t.Tag("#", m[0][1:]), "hashtag")]
    for pattern, kind in (
        (_DOTFILE, "file"),
        (_PATH, "path"),
        (_FILE_PATH, "path"),
        (_FILE, "file"),
        (_DOMAIN, "url"),
    ):
        m = pattern.match(chunk, opened)
        if m and _is_address(m[0], kind):
            return _found(start, m, t.Address(kind, m[0]))  # type: ignore[arg-type]
    return []


def _found(start: int, m: re.Match[str], token: t.Address) -> list[t.Found]:
    return [t.Found(start + m.start(), start + m.end(), token, token.kind)]


def _is_address(text: str, kind: str) -> bool:
    """Tell "3.go" and "he/she/they" from addresses: an address has a name of letters."""
    if kind == "path":
        return (
            text.count("/") >= 2
            or "\\" in text
            or "." in text
            or text.startswith("~")
            or text[1:].islower()
        )
    stem = text.rsplit(".", 1)[0]
    return any(char.isalpha() for char in stem) or (kind == "file" and stem[-1:] in "0123456789_)")
