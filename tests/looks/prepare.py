"""``python -m tests.looks.prepare``: inside an instance of the sample, what the desk needs to have something to show.

Prints one JSON object: numbers that stand in addresses, and the page that readers get when something is broken.
"""

import json
import sys
from datetime import timedelta

import django


def main() -> None:
    """Lay out, publish and plan editions of the front; say where things are."""
    django.setup()
    from django.test import RequestFactory  # noqa: PLC0415 - needs Django set up
    from django.utils import timezone  # noqa: PLC0415 - as above

    from stoppress.accounts.models import User  # noqa: PLC0415 - as above
    from stoppress.newsroom import actions  # noqa: PLC0415 - as above
    from stoppress.newsroom.actions import fronts  # noqa: PLC0415 - as above
    from stoppress.newsroom.models import Article, Front, Home  # noqa: PLC0415 - as above
    from stoppress.newsroom.views import server_error  # noqa: PLC0415 - as above
    from stoppress.search.actions import index_pending  # noqa: PLC0415 - as above
    from tests.looks.replies import furnish  # noqa: PLC0415 - as above

    home = Home.objects.get()
    twice = Article.objects.get(slug="harbour-wall-measured")
    lead = Article.objects.get(slug="kyrgyzstan-opposition-says-it-has-taken-power")
    opinion = Article.objects.get(slug="a-wall-is-not-an-argument")
    front = Front.objects.filter(page_id=home.pk).first()
    if front is None:
        fronts.pin(home, "lead", lead, seen=0, until=timezone.now() + timedelta(days=2))
        actions.publish_edition(home, seen=1, note="The night's lead")
        fronts.pin(home, "beside-1", opinion, seen=0)
        fronts.set_up(home, "second-2", rule="design:gallery", until=None, seen=0)
        actions.publish_edition(home, seen=3, note="With an opinion")
        actions.publish_edition(home, seen=3, note="For tomorrow", at=timezone.now() + timedelta(days=1))
    # Or the first pictures show a search that finds nothing yet.
    while index_pending():
        pass
    revisions = list(twice.revisions.order_by("pk").values_list("pk", flat=True))
    places = {
        "home": home.pk,
        "twice": twice.pk,
        "lead": lead.pk,
        "first": revisions[0],
        "second": revisions[-1],
        **furnish(User.objects.get(username="editor")),
        "broken": server_error(RequestFactory().get("/")).content.decode(),
    }
    sys.stdout.write(json.dumps(places) + "\n")


if __name__ == "__main__":
    main()
