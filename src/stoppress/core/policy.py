"""The content security policy of public pages, the same from the front and from Django (W3C CSP level 3)."""

FRAME_SOURCES = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://geo.dailymotion.com",
    "https://w.soundcloud.com",
    "https://open.spotify.com",
    "https://datawrapper.dwcdn.net",
)
"""Whose frames an article may show, after the reader asked for them; :mod:`stoppress.newsroom.embeds` knows their
addresses."""

PUBLIC_POLICY = (
    # Which sheets may stand in a page, each page says itself: docs/adr/0009.
    "default-src 'none'; img-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; "
    f"frame-src {' '.join(FRAME_SOURCES)}"
)
