"""What happened in the newsroom, past tense.

``article_killed``: provides ``article`` (:class:`Article`) and ``kill`` (:class:`Kill`); sent inside the transaction.
"""

from django.dispatch import Signal

article_killed = Signal()
