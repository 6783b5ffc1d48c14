"""How long each headline should be at most, in letters; the desk counts while one writes."""

LENGTHS = {"title": 90, "short_headline": 50, "seo_title": 60, "share_headline": 70, "standfirst": 220}
"""By the name of the field. Search engines cut a title at about 600 pixels, which is some 60 letters."""
