"""What must not stand in a log: who somebody is, what lets somebody in, and what they asked after a question mark."""

import re

HIDDEN = "[…]"
LONGEST = 16_000
"""Characters of a text that are kept, half from each end: strangers choose some of them, and rules take time."""

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # The user and password of an address (RFC 3986, 3.2.1), before the host could be taken for one of mail.
    (re.compile(r"(?<=://)[^\s/@]+(?=@)"), HIDDEN),
    (
        re.compile(r"(?i)\b((?:(?:set-|http_)?cookie|(?:proxy-|http_)?authorization)['\"]?\s*[:=]\s*)[^\r\n]+"),
        rf"\1{HIDDEN}",
    ),
    (
        re.compile(
            r"(?i)\b((?:\w*(?:password|passwd|secret|token|sessionid|csrf\w*|api_?key|signature))['\"]?\s*[:=]\s*)"
            r"(?:\"[^\"\r\n]*\"|'[^'\r\n]*'|[^\s,;&)}\]]+)"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(/password_reset/confirm/)[^\s\"'<>]+"), rf"\1{HIDDEN}"),
    # What Django signs: value:time:signature, and value:signature.
    (re.compile(r"(?<![\w%.-])[\w%.-]++(?::\w{4,})?:[\w-]{27,}"), HIDDEN),
    (re.compile(r"(?<=[\w/%.~-])\?[^\s\"'<>]+"), f"?{HIDDEN}"),
    (re.compile(r"(?<![\w.+-])[\w.+-]++(?:@|%40)[\w-]++(?:\.[\w-]++)+"), HIDDEN),
)


def redacted(text: str) -> str:
    """``text`` without cookies, passwords, tokens, mail addresses and query strings.

    It reads the finished text, so that it holds for libraries' messages and for tracebacks as well.
    """
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} {HIDDEN} {text[-LONGEST // 2 :]}"
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text
