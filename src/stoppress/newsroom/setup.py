"""The first page of a publication."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Page, Site

from stoppress.newsroom.actions.workflow import ensure_workflow
from stoppress.newsroom.models import Home


@transaction.atomic
def create_publication(title: str) -> Home:
    """Make the home page and Wagtail's site record, or return the home page that is there. Safe to repeat."""
    home: Home | None = Home.objects.first()
    if home is None:
        root = Page.objects.get(depth=1)
        # Wagtail's own migration leaves a welcome page; ours takes its place.
        for welcome in Page.objects.filter(depth=2, slug="home"):
            welcome.delete()
        root.refresh_from_db()
        home = root.add_child(instance=Home(title=title, slug="home", show_in_menus=False))
        home.save_revision(log_action=False).publish(skip_permission_checks=True)
        home.refresh_from_db()
    ensure_workflow()
    base = urlsplit(settings.BASE_URL)
    port = base.port or (443 if base.scheme == "https" else 80)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": base.hostname or "localhost", "port": port, "site_name": title, "root_page": home},
    )
    return home
