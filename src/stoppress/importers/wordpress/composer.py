"""Which element becomes which block."""

import html
import re
from urllib.parse import parse_qsl

from stoppress.importers.wordpress import galleries, players, tables
from stoppress.importers.wordpress.context import (
    MAX_ALT,
    MAX_ATTRIBUTION,
    MAX_CAPTION,
    MAX_SUBHEADING,
    FoundFile,
)
from stoppress.importers.wordpress.delimiters import CLASSIC
from stoppress.importers.wordpress.elements import (
    HEADINGS,
    PLAIN,
    PLAYERS,
    Element,
    caption_of,
    classes,
    escape,
    host_of,
    inline_html,
    line_of,
    list_html,
    paragraphs_of,
    words_of,
)
from stoppress.importers.wordpress.linked import Linked
from stoppress.importers.wordpress.prose import ADDRESS, MAX_EXAMPLE
from stoppress.importers.wordpress.shortcodes import OWN_FILE
from stoppress.importers.wordpress.text import SPACES, clip
from stoppress.importers.wordpress.uploads import is_picture, path_of
from stoppress.newsroom import embeds

POSTED = frozenset(
    {"bluesky-embed", "instagram-media", "mastodon-embed", "tiktok-embed", "twitter-tweet", "twitter-video"}
)
"""Classes by which the networks mark a quoted post."""
GALLERIES = frozenset({"wp-block-jetpack-tiled-gallery", "wp-block-jetpack-slideshow"})
PULLED = "wp-block-pullquote"
CAPTION = "summary"
"""An attribute by which a figure hands its caption down; none in the markup itself has it."""


class Composer(Linked):
    """Walks the elements."""

    def _node(self, element: Element) -> None:  # noqa: C901, PLR0912 - one case for each kind of element
        match element.tag:
            case "b" | "strong":
                self._inline(element, "<b>", "</b>")
            case "i" | "em":
                self._inline(element, "<i>", "</i>")
            case "a":
                self._link(element)
            case "br":
                self._run.append("<br>")
            case "img":
                self._image(element)
            case "ul" | "ol":
                self._list(element)
            case "blockquote":
                self._quote(element)
            case "figure":
                self._figure(element)
            case "table":
                self._table(element)
            case "pre":
                self._preformatted(element)
            case "hr":
                self._end_paragraph()
                self._result.lost["separator"] += 1
            case tag if tag in HEADINGS:
                self._subheading(element)
            case tag if tag in PLAYERS:
                self._player(element)
            case tag if tag in PLAIN:
                self.flow(element)
            case "summary":
                self._end_paragraph()
                self._inline(element, "<b>", "</b>")
                self._end_paragraph()
            case "div" if CLASSIC in classes(element):
                self._classic(element)
            case "div" if "wp-block-file" in classes(element):
                self._file_card(element)
            case "div" if classes(element) & GALLERIES:
                self._gallery(element)
            case _:
                self._apart(element)

    def _subheading(self, element: Element) -> None:
        words = line_of(element)
        if len(words) > MAX_SUBHEADING:
            self._end_paragraph()
            self._paragraph(f"<b>{escape(words)}</b>")
        elif words:
            self._add("subheading", words)
        self._links_lost(element, "heading")
        self._below(element)

    def _classic(self, element: Element) -> None:
        breaks_lines, self._breaks_lines = self._breaks_lines, True
        self._apart(element)
        self._breaks_lines = breaks_lines

    def _quote(self, element: Element, kind: str = "quote") -> None:
        if PULLED in classes(element):
            kind = "pull_quote"
        cited = [cite for cite in element.iter("cite", "footer") if line_of(cite)]
        attribution = line_of(cited[-1]) if cited else ""
        words = paragraphs_of(element, without=cited[-1:])
        posted = self._posted(element)
        if not posted:
            self._links_lost(element, "quotation")
        if words:
            self._add(kind, {"quote": words, "attribution": clip(attribution, MAX_ATTRIBUTION)})
        if posted:
            self._embed(posted)
        self._below(element)

    @staticmethod
    def _posted(element: Element) -> str:
        """Where a post elsewhere is that was quoted with the code which its network gives for that."""
        if not classes(element) & POSTED:
            return ""
        addresses = [element.get("cite", ""), *(link.get("href", "") for link in reversed(list(element.iter("a"))))]
        return next((address for address in addresses if ADDRESS.match(address)), "")

    def _list(self, element: Element) -> None:
        if "wp-block-gallery" in classes(element):
            self._gallery(element)
            return
        self._end_paragraph()
        markup = list_html(element, self._address_in_text)
        if words_of(markup):
            self._prose.append(markup)
        self._below(element)
        for tag in ("table", "blockquote"):
            if element.find(f".//{tag}") is not None:
                self._result.simpler[f"{tag} inside a list, as text"] += 1

    def _preformatted(self, element: Element) -> None:
        self._end_paragraph()
        text = "".join(element.itertext()).strip("\n")
        self._paragraph("<br>".join(escape(line) for line in text.split("\n")))
        self._below(element)

    def _table(self, element: Element) -> None:
        self._end_paragraph()
        captions = [element.get(CAPTION, ""), *(line_of(caption) for caption in element.findall("caption"))]
        has_tables = element.find(".//table") is not None
        if has_tables or tables.is_for_looks(element):
            if has_tables:
                self._result.simpler["table with tables in it, its cells one below the other"] += 1
            self._apart(element)
            self._aside(captions[0])
            return
        grid = tables.read(element, " ".join(caption for caption in captions if caption))
        if grid.problem:
            self._lines(element, grid)
        elif grid.rows:
            self._add("table", grid.value())
            self._links_lost(element, "table")
            if not grid.caption:
                self._result.notes["table without a caption"] += 1
        if grid.more_heads:
            self._result.simpler["table with several rows of headings, one of them kept as such"] += 1
        self._below(element)

    def _lines(self, element: Element, grid: tables.Grid) -> None:
        """A table as a paragraph with one line for each row."""
        rows = []
        for row in element.iter("tr"):
            cells = [inline_html(cell, self._address_in_text).replace("<br>", " ") for cell in row.iter("td", "th")]
            if any(words_of(cell) for cell in cells):
                rows.append(" · ".join(cells))
        self._paragraph("<br>".join(rows))
        self._aside(grid.caption)
        self._result.simpler[f"table with {grid.problem}, as lines of text"] += 1

    def _figure(self, element: Element) -> None:
        kinds = classes(element)
        caption = caption_of(element)
        if "wp-block-gallery" in kinds:
            self._gallery(element)
            return
        if "wp-block-playlist" in kinds:
            self._playlist(dict(parse_qsl(element.get("title", ""))))
            return
        if PULLED in kinds and (quote := element.find("blockquote")) is not None:
            self._quote(quote, "pull_quote")
            return
        for found in element.findall("figcaption"):
            self._links_lost(found, "caption")
        if "wp-block-embed" in kinds and element.find(".//iframe") is None and element.find(".//blockquote") is None:
            self._end_paragraph()
            self._embed(paragraphs_of(element, without=element.findall("figcaption")).strip(), caption=caption)
            return
        tables_in = list(element.iter("table"))
        if element.find(".//img") is not None and not tables_in:
            for image in element.iter("img"):
                self._image(image, caption)
            return
        for found in element.findall("figcaption"):
            found.drop_tree()
        shown = tables_in or list(element.iter(*PLAYERS))
        if len(shown) == 1:
            shown[0].set(CAPTION, caption)
            caption = ""
        self._apart(element)
        self._aside(caption)

    def _gallery(self, element: Element) -> None:
        pictures = []
        captions = []
        for image in element.iter("img"):
            figure = next((a for a in image.iterancestors("figure") if a is not element), None)
            if figure is not None:
                captions += figure.findall("figcaption")
            if picture := self._picture_of(image, caption_of(figure) if figure is not None else ""):
                pictures.append(picture)
        pictures = pictures or self._named_pictures(element.get("title", ""))
        if len(pictures) > 1:
            self._add("gallery", {"title": "", "pictures": pictures})
        elif pictures:
            self._add("image", pictures[0])
        for image in element.iter("img"):
            self._follow(image)
        for caption in element.iter("figcaption"):
            self._links_lost(caption, "caption")
        self._end_paragraph()
        words = paragraphs_of(element, without=captions)
        for part in words.split("\n\n"):
            self._aside(part)

    def _named_pictures(self, wish: str) -> list[dict[str, str]]:
        """The pictures that a shortcode names by number, or that were uploaded to the post."""
        ids = self._context.gallery(dict(parse_qsl(wish))) if wish else ()
        if more := len(ids[galleries.MAX_PICTURES :]):
            self._result.lost[f"pictures of a gallery beyond the first {galleries.MAX_PICTURES}"] += more
        found = (self._picture("", number, "", "") for number in ids[: galleries.MAX_PICTURES])
        return [picture for picture in found if picture]

    def _below(self, element: Element) -> None:
        """Put the pictures, players and linked files in ``element``, which became something without any, below it."""
        for node in element.iter("a", "img", *PLAYERS):
            if node.tag == "a":
                if found := self._linked_file(node):
                    self._file_below(found, line_of(node))
            elif node.tag == "img":
                figure = next(node.iterancestors("figure"), None)
                self._image(node, caption_of(figure) if figure is not None else "")
            else:
                self._player(node)

    def _image(self, element: Element, caption: str = "") -> None:
        if picture := self._picture_of(element, caption):
            self._add("image", picture)
        self._follow(element)

    def _picture_of(self, element: Element, caption: str) -> dict[str, str] | None:
        number = re.search(r"\bwp-image-(\d{1,12})\b", element.get("class", ""))
        src = element.get("src", "")
        if not src or src.startswith("data:"):
            src = element.get("data-src", "")
        return self._picture(src, number[1] if number else "", element.get("alt", ""), caption)

    def _follow(self, picture: Element) -> None:
        """Bring the file that a picture led to, or count where it led, unless that was to itself or its own page."""
        link = next(picture.iterancestors("a"), None)
        if link is None:
            return
        href = link.get("href", "")
        if found := self._context.file(href, ""):
            self._file_or_link(found)
            return
        address = self._address(href)
        is_own = "wp-att-" in link.get("rel", "") or "attachment" in link.get("rel", "").split()
        if address and not is_own and not is_picture(path_of(href)) and "attachment_id=" not in href:
            self._result.lost[f"link around a picture: {clip(address, MAX_EXAMPLE)}"] += 1

    def _picture(self, src: str, number: str, alt: str, caption: str) -> dict[str, str] | None:
        found = self._context.find(src, number)
        if found is None:
            if not src and not number:
                self._result.lost["picture without an address of its own"] += 1
                return None
            place = src or f"attachment {number}"
            host = host_of(src)
            elsewhere = host and host not in self._context.hosts
            kind = "picture on another site" if elsewhere else "picture that is not in the export"
            self._result.lost[f"{kind}: {clip(place, MAX_EXAMPLE)}"] += 1
            return None
        # What a gallery names by number alone has the words that are kept with the picture.
        caption = caption or ("" if src else found.caption)
        if len(caption) > MAX_CAPTION:
            self._result.simpler[f"caption of more than {MAX_CAPTION} characters, cut"] += 1
        return {
            "image": found.path,
            "alt": clip(SPACES.sub(" ", alt).strip() or found.alt, MAX_ALT),
            "caption": clip(caption, MAX_CAPTION),
        }

    def _player(self, element: Element) -> None:
        sources = [element.get(name, "") for name in ("src", "data-src")]
        sources += [source.get("src", "") for source in element.iter("source")]
        caption = element.get(CAPTION, "")
        self._end_paragraph()
        if OWN_FILE in classes(element):
            files = list(self._context.own_files(element.tag))[:1]
        else:
            files = [found for src in sources if (found := self._context.file(players.page_of(src), ""))]
        address = next((page for src in sources if ADDRESS.match(page := players.page_of(src))), "")
        if usable := next((found for found in files if not found.problem), None):
            self._recording(element, usable, caption)
        elif files:
            self._can_be_shown(files[0])
            self._old_link(files[0])
            self._aside(caption)
        elif address:
            self._embed(address, element.get("title", ""), caption)
        else:
            self._result.lost[f"<{element.tag}> element"] += 1
            self._aside(caption)

    def _recording(self, element: Element, found: FoundFile, caption: str) -> None:
        poster = self._picture(element.get("poster"), "", "", "") if element.get("poster") else None
        told = [self._context.file(track.get("src", ""), "") for track in element.iter("track")]
        words = next((track.path for track in told if track and track.kind == "captions" and not track.problem), "")
        title = caption if 0 < len(caption) <= players.MAX_TITLE else found.title
        rest = "" if title == caption else caption
        self._file(found, title, rest, poster["image"] if poster else "", words)

    def _lone_address(self, address: str) -> None:
        self._embed(address)

    def _embed(self, address: str, title: str = "", caption: str = "") -> None:
        address = players.page_of(address)
        if found := self._context.file(address, ""):
            self._file_or_link(found, title or caption)
            return
        if not ADDRESS.match(address) or len(address) > players.MAX_ADDRESS:
            self._end_paragraph()
            self._prose += (f"<p>{escape(part)}</p>" for part in address.split("\n\n") if part)
            self._aside(caption)
            return
        known = embeds.find(address)
        title = players.title_of(title)
        words = title or (caption if len(caption) <= players.MAX_TITLE else "")
        rest = "" if words == caption else caption
        if known:
            if not words:
                self._result.notes["embed without a title of its own, named after its article"] += 1
                words = clip(f"{known.provider}: {self._context.headline}".removesuffix(": "), players.MAX_TITLE)
            self._add("embed", {"url": address, "title": words, "caption": clip(rest, MAX_CAPTION)})
            return
        if host_of(address) in self._context.hosts:
            self._paragraph(f'<a href="{html.escape(self._address(address))}">{escape(words or address)}</a>')
            self._result.simpler[f"embed of a page of the same site, as a link: {clip(address, MAX_EXAMPLE)}"] += 1
        else:
            words = words or players.name_of(address)
            self._add("related_link", {"page": None, "url": address, "title": words})
            kind = "embed of a provider that is not known here, as a related link"
            self._result.simpler[f"{kind}: {clip(address, MAX_EXAMPLE)}"] += 1
        self._aside(rest)
