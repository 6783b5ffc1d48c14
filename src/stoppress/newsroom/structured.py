"""What machines read in a page: schema.org in JSON-LD 1.1, made from the same context that readers see."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

TYPES = {"opinion": "OpinionNewsArticle", "explainer": "BackgroundNewsArticle"}
"""Designs that schema.org has a kind of article for; the others are reports."""

Context = Mapping[str, Any]


def article(context: Context) -> dict[str, Any]:
    """``NewsArticle`` (schema.org 29, and what search engines ask of it)."""
    site, figure, base = context["site"], context["figure"], context["site"].base_url
    place = context["dateline_place"]
    corrections = [
        {
            "@type": "CorrectionComment",
            "@id": f"{context['canonical']}#{one.name}",
            "text": one.text,
            "datePublished": stamp(one.at),
            "url": f"{context['canonical']}#{one.name}",
        }
        for one in context["corrections"]
    ]
    return _without_blanks(
        {
            "@context": "https://schema.org",
            "@type": TYPES.get(context["design"], "NewsArticle"),
            "@id": context["canonical"] + "#article",
            "headline": context["search_headline"],
            "description": context["standfirst"],
            "url": context["canonical"],
            "mainEntityOfPage": context["canonical"],
            "inLanguage": site.language,
            "datePublished": stamp(context["published_at"]),
            "dateModified": stamp(_latest(context["updated_at"], context["corrected_at"]) or context["published_at"]),
            "articleSection": context["section"].title if context["section"] else None,
            "keywords": [shelf.title for shelf in context["shelves"]],
            "author": [{"@type": "Person", "name": one.name, "url": base + one.path} for one in context["authors"]],
            "contributor": [
                {"@type": "Role", "roleName": one.role_name, "contributor": {"@type": "Person", "name": one.name}}
                for one in context["credits"]
            ],
            "dateline": place,
            "locationCreated": {"@type": "Place", "name": place} if place else None,
            "image": image(figure, base) if figure else None,
            "correction": corrections,
            "publisher": {"@type": "NewsMediaOrganization", "@id": base + "/#publisher", "name": site.title},
            "isAccessibleForFree": True,
        }
    )


def image(figure: Any, base: str) -> dict[str, Any]:
    """``ImageObject`` of a figure."""
    size = figure.shared
    return _without_blanks(
        {
            "@type": "ImageObject",
            "url": base + size.url,
            "width": size.width,
            "height": size.height,
            "caption": figure.caption or figure.alt,
            "creditText": figure.credit,
        }
    )


def crumbs(context: Context) -> dict[str, Any] | None:
    """``BreadcrumbList`` from the home page down; ``None`` for an article that stands in no section."""
    site = context["site"]
    if "headline" in context and not context["crumbs"]:
        return None
    home = [] if "headline" in context else [(site.title, site.base_url + "/")]
    places = [*home, *((crumb.title, site.base_url + crumb.path) for crumb in context["crumbs"])]
    places.append((context.get("headline") or context["section"].title, context["canonical"]))
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": address}
            for number, (name, address) in enumerate(places, 1)
        ],
    }


def organization(context: Context) -> dict[str, Any]:
    """``NewsMediaOrganization``: the publication itself."""
    site = context["site"]
    return _without_blanks(
        {
            "@context": "https://schema.org",
            "@type": "NewsMediaOrganization",
            "@id": site.base_url + "/#publisher",
            "name": site.title,
            "description": site.strapline,
            "url": site.base_url + "/",
        }
    )


def stamp(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _without_blanks(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}
