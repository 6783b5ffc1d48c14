"""The markup of a post, from before and after the block editor, as the blocks of our body.

Old posts are text with HTML in it, where a blank line begins a paragraph; new ones are HTML with comments that name
the blocks. Both come from many hands and plug-ins, some hostile. So: nh3 parses it as a browser would and keeps a
broad set of elements, this module rebuilds the few that a body knows, and nh3 has the last word on each text.
"""

import re
import sys
from collections import Counter

import nh3
from lxml import html as lxml_html

from stoppress.importers.wordpress import delimiters, shortcodes
from stoppress.importers.wordpress.composer import Composer
from stoppress.importers.wordpress.context import Composed, Context
from stoppress.importers.wordpress.elements import BROAD, OPTIONAL_END
from stoppress.importers.wordpress.text import GONE_WITH_CONTENT, SCHEMES

# The tree parser goes 256 deep; a nested table takes four of them.
MAX_NESTING = 60
MAX_CONTENT = 1_000_000
"""Characters of a post, pictures embedded in it aside; the parser's time grows with the square of its longest text."""
MAX_REOPENED = 1_000_000
_DROPPED = re.compile(
    # A file block shows its PDF by an object as well, which is no loss.
    r"<(script|style|object(?![^<>]{0,2000}wp-block-file__embed)|applet|embed|svg|math|canvas|form|input|select|"
    r"textarea)\b",
    re.I,
)
_EMBEDDED = re.compile(r"\bdata:[a-z]+/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=\s]*", re.I)
_ANY_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_CLEANER = nh3.Cleaner(
    tags=set(BROAD),
    clean_content_tags=GONE_WITH_CONTENT,
    attributes={
        "*": {"class"},
        "a": {"href", "rel"},
        "figure": {"title"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
        "iframe": {"src", "data-src", "title"},
        "blockquote": {"cite"},
        "audio": {"src"},
        "video": {"src", "poster"},
        "source": {"src"},
        "track": {"src", "kind"},
        "img": {"src", "data-src", "alt"},
    },
    url_schemes=SCHEMES,
    link_rel=None,
)


def compose(content: str, context: Context) -> Composed:
    """Turn a post's content into blocks. Never fails: what it can't keep, it counts."""
    result = Composed()
    lost = result.lost
    content = delimiters.with_reused(content, context, result, MAX_CONTENT)
    for match in _DROPPED.finditer(content):
        lost[f"<{match[1].lower()}> element"] += 1
    content = _EMBEDDED.sub("data:", content)
    if len(content) > MAX_CONTENT:
        result.lost[f"what follows the first {MAX_CONTENT:,} characters"] += 1
        content = content[:MAX_CONTENT]
    is_classic = not delimiters.has_blocks(content)
    content = delimiters.without(content.replace("\r\n", "\n").replace("\r", "\n"), context, result)
    content = shortcodes.expand(content, lost)
    if _nesting(content) > MAX_NESTING:
        result.simpler["markup nested too deep, kept as plain text"] += 1
        content = re.sub(r"<[^<>]*>", " ", content)
    clean = _CLEANER.clean(content)
    root = lxml_html.document_fromstring(f"<html><body>{clean}</body></html>").body
    composer = Composer(result, context, breaks_lines=is_classic)
    composer.flow(root)
    composer.finish()
    return result


def _nesting(content: str) -> int:
    """How deep elements may lie in each other, at most; infinitely deep when a browser's rules would multiply them."""
    depth = deepest = tags = 0
    opened: Counter[str] = Counter()
    for match in _ANY_TAG.finditer(content):
        tags += 1
        name = match[2].lower()
        if name in OPTIONAL_END:
            continue
        if not match[1]:
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[name]:
            # An end without a beginning closes nothing.
            opened[name] -= 1
            depth -= 1
    # Formatting that is never closed is opened again in every paragraph.
    return sys.maxsize if depth * tags > MAX_REOPENED else deepest
