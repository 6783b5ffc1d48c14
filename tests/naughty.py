"""Strings that are no attack, but break what was not made for them."""

from collections.abc import Sequence


def naughty() -> list[str]:
    """Strings that something or other was not made for."""
    return [one for group in _GROUPS for one in group]


_LETTERS = "Ordinary words"
_CONTROLS = [f"a{chr(code)}b" for code in (*range(0x20), *range(0x7F, 0xA0))]
_UNSEEN = [
    f"un{chr(code)}seen"
    for code in (
        0xAD,
        0x34F,
        0x61C,
        0x115F,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
    )
]
_UNSEEN += [
    f"{chr(code)}{_LETTERS}{chr(code)}" for code in (0x3164, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFB, 0xFFFC, 0xFFFD, 0xE0001)
]
_UNSEEN += ["tag" + "".join(chr(0xE0000 + ord(letter)) for letter in "ged")]
_TURNED = [f"{chr(code)}{_LETTERS}" for code in (0x202A, 0x202B, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x200F)]
_TURNED += [
    "invoice\u202efdp.exe",
    "\u2067\u2067\u2067\u2067",
    "שלום abc עולם",
    "مرحبا (1) 2 [3]",
    "\u05d0\u202a<b>\u202c",
    "ܫܠܡܐ",
]
_PILED = [
    letter + chr(mark) * count
    for letter in "aZ☃"
    for mark in (0x300, 0x336, 0x489, 0x20DD, 0x1AB0)
    for count in (1, 4, 60)
]
_BROKEN = [
    "\ud800",
    "x\udfff",
    "\ud83d \ude00",
    "\ufffe\uffff",
    "\U0001fffe",
    "\U0010ffff",
    "\ue000\uf8ff",
    "e\u0301 \u00e9",
    "\u212b\u00c5",
]
_NUMBERS = [str(2**n + d) for n in (7, 8, 15, 16, 31, 32, 53, 63, 64, 128) for d in (-1, 0, 1)]
_NUMBERS += [
    "-1",
    "-0",
    "0x1F",
    "1e309",
    "-1e-400",
    "NaN",
    "Infinity",
    "1_000",
    "٣١",
    "Ⅷ",
    "½",
    "1,5",
    "08",
    "0" * 300,
    "9" * 400,
]
_RESERVED = [
    "null",
    "None",
    "nil",
    "undefined",
    "true",
    "False",
    "NULL",
    "CON",
    "nul",
    "aux.txt",
    "__proto__",
    "constructor",
]
_RESERVED += [
    "hasOwnProperty",
    "__class__",
    "self",
    "this",
    "toString",
    "length",
    "id",
    "name",
    "submit",
    "-",
    "--",
    ".",
    "..",
    "~",
]
_FORMATS = [
    "%s%s%n",
    "%(name)s",
    "%d" * 40,
    "{0}",
    "{}",
    "{a.__class__.__init__.__globals__}",
    "$HOME",
    "$(id)",
    "`id`",
    "|id",
    "; id",
]
_FORMATS += [
    "{{ 7|add:7 }}",
    "{% csrf_token %}",
    "{# x #}",
    "{{ settings.SECRET_KEY }}",
    "{% include 'x' %}",
    "%%",
    "%",
    "\\",
    "\\0",
    "!!1",
]
_QUERIES = [
    "' OR '1'='1",
    '" OR ""="',
    "'; DROP TABLE comments_comment; --",
    "1; SELECT pg_sleep(9)",
    "\\' UNION SELECT 1 --",
]
_QUERIES += [
    "%' AND 1=0 --",
    "_%_",
    "')) OR 1=1/*",
    "*:*",
    '"a" NEAR "b"',
    "a AND NOT b",
    'x" OR rowid:1',
    "^a",
    "{a b} : c",
]
_CELLS = [
    "=1+1",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("//xss.invalid","x")',
    "=cmd|' /C x'!A0",
    '"=1"',
    "＝1+1",
    "%0A=1",
]
_PLACES = [
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "file:///etc/passwd",
    "\\\\xss.invalid\\x",
    "/dev/null",
    "C:\\nul",
    "%2e%2e%2f",
    "a/b\x00.html",
]
_HEADERS = [
    "a\r\nBcc: x@xss.invalid",
    "a\nSubject: x",
    "a%0d%0aSet-Cookie: x=1",
    "=?utf-8?b?PGI+?=",
    "=?utf-8?q?=0aBcc:_x?=",
    "a, b@xss.invalid",
]
_MARKUP = [
    "]]>",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY y 'z'>]>",
    "&amp;lt;b&amp;gt;",
]
_MARKUP += [
    "&",
    "&nbsp;",
    "&#0;",
    "&#xD800;",
    "&#99999999;",
    "<",
    "<<<<",
    "<!--",
    "-->",
    "</",
    "<b",
    "</b>",
    '"}],"x":[{"',
    "\\u003cb\\u003e",
]
_MARKS = [
    "*",
    "**",
    "***",
    "****a****",
    "*a **b* c**",
    "> > > a",
    ">",
    "> \n>",
    "*\n*",
    "https://",
    "http://[",
    "https://a.example/" + "x" * 900,
]
_MARKS += [
    "https://a.example/((((((",
    "https://a.example/)))",
    "https://é.example/é",
    "https://a.example:99999/",
    "http://[::1]/",
    "//a.example",
]
_PICTURES = [
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "👍🏿",
    "1️⃣",
    "🇺🇳🇪",
    "\U0001f3fb",
    "☃︎☃️",
]
_CASES = ["ß ẞ ſ", "İ ı I i", "ﬁ ﬄ", "Σ σ ς", "ǅ ǆ", "K k", "Ａｄｍｉｎ", "аdmіn", "ᴬᵈᵐⁱⁿ", "𝕬𝖉𝖒𝖎𝖓", "ﷺ ﷽", "각 각"]
_LONG = [
    "a" * 4_900,
    "a " * 2_400,
    "\n" * 900 + "a",
    "é́" * 1_200,
    "👍" * 1_200,
    "a\n\n" * 1_500,
    "﷽" * 200,
    "> " * 2_000,
    "*a*" * 1_500,
    "<b>" * 1_500,
]
_GROUPS: tuple[Sequence[str], ...] = (
    *(_CONTROLS, _UNSEEN, _TURNED, _PILED, _BROKEN, _NUMBERS, _RESERVED, _FORMATS, _QUERIES, _CELLS),
    *(_PLACES, _HEADERS, _MARKUP, _MARKS, _PICTURES, _CASES, _LONG),
)
