"""The closed set of blocks in an article's body. ADR 0004 has the reasons for its field and for what is reserved.

A picture always stands under the key ``image`` and a file under ``document`` (or ``captions``), however deep: a kill
finds by them what only the killed article uses.
"""

from stoppress.newsroom.blocks.body import BodyBlock, BodyField
from stoppress.newsroom.blocks.words import BODY_FEATURES

__all__ = ["BODY_FEATURES", "BodyBlock", "BodyField"]
