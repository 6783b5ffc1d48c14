"""Where corrections stand in the list of all, after some were written or their articles came and went."""

from collections.abc import Mapping, Sequence

from django.db.models import Max

from stoppress.newsroom import corrected, keys
from stoppress.newsroom.models import BUCKET, Correction, CorrectionEntry
from stoppress.pagestore.hookspecs import Derivation


def look_at_corrections(told: Mapping[int, Sequence[Correction]], out: Derivation) -> None:
    """Give new corrections their places, oldest first, and hide those that are told no more.

    Args:
        told: for each article that was looked at, what its readers are told.
    """
    entries = {one.correction_id: one for one in CorrectionEntry.objects.filter(article_id__in=told)}
    wanted = {one.pk: one for some in told.values() for one in some}
    for pk, entry in entries.items():
        if entry.is_present != (pk in wanted):
            entry.is_present = pk in wanted
            entry.save(update_fields=["is_present"])
            out.stale.add(keys.bucket(keys.CORRECTIONS, entry.position // BUCKET))
    arrivals = sorted((one for pk, one in wanted.items() if pk not in entries), key=lambda one: (one.at, one.pk))
    if not arrivals:
        return
    last = CorrectionEntry.objects.aggregate(last=Max("position"))["last"]
    for position, one in enumerate(arrivals, 0 if last is None else last + 1):
        CorrectionEntry.objects.create(correction_id=one.pk, article_id=one.article_id, position=position)
        number = position // BUCKET
        out.stale.add(keys.bucket(keys.CORRECTIONS, number))
        if position % BUCKET == 0:
            out.stale.add(keys.newest(keys.CORRECTIONS))
            if number:
                out.stale.add(keys.closed(keys.CORRECTIONS, number - 1))
                out.live.append(corrected.older_page(number))
