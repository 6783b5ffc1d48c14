"""Which pages of the sample publication stand for each page type."""

PUBLIC = {
    "home": "/",
    "section": "/local/",
    "section-older": "/local/page/1/",
    "subsection": "/sports/on-the-water/",
    "article": "/world/kyrgyzstan-opposition-says-it-has-taken-power/",
    "article-parts": "/local/harbour-wall-vote/",
    "article-feature": "/world/northern-dispatch/",
    "article-opinion": "/local/a-wall-is-not-an-argument/",
    "article-gallery": "/sports/on-the-water/autumn-regatta/",
    "article-video": "/local/the-bay-from-the-ferry/",
    "article-explainer": "/sports/why-boats-start-in-two-directions/",
    "article-obituary": "/local/harald-moen-ferryman/",
    "article-long-headline": "/world/longest-bridge-one-lane/",
    "article-arabic": "/world/arabic-headline-port-library/",
    "article-corrected": "/local/correction-of-a-correction/",
    "author": "/author/orla-nesset/",
    "topic": "/topic/harbour/",
    "story": "/story/harbour-wall/",
    "series": "/series/northern-letters/",
    "archive": "/archive/",
    "archive-month": "/archive/2020/09/",
    "archive-day": "/archive/2020/10/05/",
    "static": "/about/",
    "not-found": "/nowhere/",
    "gone": "/410.html",
}
RIGHT_TO_LEFT = ("home", "section", "article-parts", "story")
DESK = {"components": "/desk/newsroom/components/"}
