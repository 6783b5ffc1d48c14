"""What happened in the newsroom, past tense.

``article_killed``: provides ``article`` (:class:`Article`) and ``kill`` (:class:`Kill`); sent inside the transaction.
``publications_derived``: provides ``page_ids``, the pages that were compared with what was derived of them before; sent
inside the transaction that stores the outcome, by whoever derives.
"""

from django.dispatch import Signal

article_killed = Signal()
publications_derived = Signal()
