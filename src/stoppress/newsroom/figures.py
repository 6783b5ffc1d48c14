"""Pictures as pages show them: the sizes that exist, their words, where to crop, and until when they may be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.core.files.storage import storages
from django.utils import timezone

from stoppress.core.recorder import depends_on, valid_until
from stoppress.media.actions import late_specs, make_renditions, specs
from stoppress.media.models import Picture, Rendition
from stoppress.newsroom import keys

TALL_CROP = 3 / 2
WIDE_CROP = 16 / 9
"""Width by height of the two crops that the style sheet makes."""
WIDE, TALL = 2.0, 0.8
"""Width by height from which on a picture is shown whole."""
SMALL = 400
"""Pixels of width below which a picture is not enlarged."""
FOCUS_STEPS = 4
"""A crop moves from one edge to the other in this many steps, each with a class in the style sheet."""


@dataclass(frozen=True, slots=True)
class Source:
    """A picture in one of the formats that not every browser knows, with its sizes."""

    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as pages show it.

    Attributes:
        src: a size that everybody can show, as ``srcset`` is.
        largest: address of its widest size.
        shared: its widest size that everybody can show, for those who show a link.
        focus: classes that move a crop to what matters; empty for the middle.
        sources: the same in smaller formats, the smallest first.
    """

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
    largest: str = ""
    shared: "Size | None" = None
    focus: str = ""
    sources: tuple[Source, ...] = ()

    @property
    def shape(self) -> str:
        """``wide`` or ``tall`` when a crop would lose what counts, ``small`` when it would be blown up, or empty."""
        if self.width < SMALL:
            return "small"
        ratio = self.width / max(1, self.height)
        return "wide" if ratio >= WIDE else "tall" if ratio <= TALL else ""


class MakeFigure(Protocol):
    """From the words that belong to a picture in one place to its figure there."""

    def __call__(self, alt: str, caption: str, is_decorative: bool = False) -> Figure: ...


@dataclass(frozen=True, slots=True)
class Size:
    """A rendition of a picture."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _About:
    """What is told of a picture itself."""

    description: str
    credit: str
    width: int
    height: int
    focal_x: int | None
    focal_y: int | None
    rights_expire_at: datetime | None


def figure(picture_id: int | None, alt: str = "", caption: str = "", *, is_decorative: bool = False) -> Figure | None:
    """A picture's figure; ``None`` when it can't be shown."""
    if picture_id is None:
        return None
    make = figures_of([picture_id]).get(picture_id)
    return make(alt, caption, is_decorative) if make else None


def figures_of(picture_ids: Sequence[int]) -> dict[int, MakeFigure]:
    """For each picture that can be shown, a function of alt text and caption that gives its figure.

    What is rendered depends on each of them, and is true until the first right to show one expires.
    """
    wanted = set(picture_ids)
    if not wanted:
        return {}
    depends_on(*(keys.picture(pk) for pk in sorted(wanted)))
    ours, late = specs(), late_specs()
    about: dict[int, _About] = {}
    found: dict[int, dict[str, Size]] = {}
    renditions = Rendition.objects.filter(image_id__in=wanted, filter_spec__in=[*ours, *late], image__withdrawn_at=None)
    # Values, since a list would otherwise build every picture once for each of its sizes.
    columns = ("image_id", "filter_spec", "file", "width", "height", "image__description", "image__credit")
    more = ("width", "height", "focal_point_x", "focal_point_y", "rights_expire_at")
    for pk, spec, file, width, height, *rest in renditions.values_list(*columns, *(f"image__{name}" for name in more)):
        about[pk] = _About(*rest)
        found.setdefault(pk, {})[spec] = Size(storages["renditions"].url(file), width, height)
    makers = {
        pk: _maker(about[pk], by_spec)
        for pk, by_spec in found.items()
        if by_spec.keys() >= set(ours) and _may_be_shown(about[pk])
    }
    if missing := {pk for pk in wanted - makers.keys() if pk not in about or _may_be_shown(about[pk])}:
        # The sizes are made when a picture is saved; making them here mends a picture that came another way.
        for picture in Picture.objects.filter(pk__in=missing, withdrawn_at=None):
            told = _About(
                picture.description,
                picture.credit,
                picture.width,
                picture.height,
                picture.focal_point_x,
                picture.focal_point_y,
                picture.rights_expire_at,
            )
            made = {one.filter_spec: Size(one.url, one.width, one.height) for one in make_renditions(picture)}
            if made and _may_be_shown(told):
                makers[picture.pk] = _maker(told, made)
    return makers


def _may_be_shown(about: _About) -> bool:
    if about.rights_expire_at is None:
        return True
    if about.rights_expire_at <= timezone.now():
        return False
    valid_until(about.rights_expire_at)
    return True


def _maker(about: _About, made: Mapping[str, Size]) -> MakeFigure:
    by_format: dict[str, dict[int, Size]] = {}
    # In their own order: of a small picture several have one width, and it must be the same one each time.
    for spec, size in ((spec, made[spec]) for spec in (*specs(), *late_specs()) if spec in made):
        by_format.setdefault(spec.split("|format-")[1].partition("|")[0], {})[size.width] = size
    jpeg, webp, avif = by_format["jpeg"], by_format["webp"], by_format.get("avif", {})
    default, largest = jpeg[min(jpeg)], webp[max(webp)].url
    # The late ones come one by one; a picture with some of them would do without its larger sizes.
    formats = {"image/avif": avif if avif.keys() >= webp.keys() else {}, "image/webp": webp}
    sources = tuple(Source(kind, _srcset(sizes)) for kind, sizes in formats.items() if sizes)
    focus = _focus(about)

    def make(alt: str, caption: str, is_decorative: bool = False) -> Figure:
        return Figure(
            src=default.url,
            srcset=_srcset(jpeg),
            width=default.width,
            height=default.height,
            alt="" if is_decorative else alt or about.description,
            caption=caption,
            credit=about.credit,
            largest=largest,
            shared=jpeg[max(jpeg)],
            focus=focus,
            sources=sources,
        )

    return make


def _srcset(sizes: Mapping[int, Size]) -> str:
    return ", ".join(f"{sizes[width].url} {width}w" for width in sorted(sizes))


def _focus(about: _About) -> str:
    """Classes for where the crop belongs: ``fx0`` its left edge, ``fx4`` its right, ``fy0`` its upper edge …

    A picture that is wider than a crop loses at its sides, a taller one above and below. One between the two crops
    loses at its sides in the one and above and below in the other.
    """
    if about.focal_x is None or about.focal_y is None or not about.width or not about.height:
        return ""
    shape = about.width / about.height
    classes = []
    if shape > TALL_CROP:
        kept = (TALL_CROP if shape < WIDE_CROP else WIDE_CROP) / shape
        classes.append(f"fx{_step(about.focal_x / about.width, kept)}")
    if shape < WIDE_CROP:
        kept = shape / (WIDE_CROP if shape > TALL_CROP else TALL_CROP)
        classes.append(f"fy{_step(about.focal_y / about.height, kept)}")
    return " ".join(classes)


def _step(focus: float, kept: float) -> int:
    """How far the crop moves so that ``focus`` comes to stand in the middle of the part that is ``kept``."""
    place = (focus - kept / 2) / (1 - kept) if kept < 1 else 0.5
    return round(min(1.0, max(0.0, place)) * FOCUS_STEPS)
