"""What templates show: the contexts of each page type, with the keys they depend on."""

from stoppress.newsroom.figures import figure
from stoppress.newsroom.pages.articles import Credit, article, static_page
from stoppress.newsroom.pages.fronts import More, Row, Strip, home, section, shelf
from stoppress.newsroom.pages.lists import Card, cards_of, listing_of, newest_in, newest_of
from stoppress.newsroom.pages.related import Part
from stoppress.newsroom.pages.replies import WhichReplies, replies, replies_as_json, replies_latest
from stoppress.newsroom.pages.site import About, FeedLink, Label, SiteInfo, Tab, about, common, feeds_of, in_order

__all__ = [
    "About",
    "Card",
    "Credit",
    "FeedLink",
    "Label",
    "More",
    "Part",
    "Row",
    "SiteInfo",
    "Strip",
    "Tab",
    "WhichReplies",
    "about",
    "article",
    "cards_of",
    "common",
    "feeds_of",
    "figure",
    "home",
    "in_order",
    "listing_of",
    "newest_in",
    "newest_of",
    "replies",
    "replies_as_json",
    "replies_latest",
    "section",
    "shelf",
    "static_page",
]
