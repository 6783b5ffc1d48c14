"""All writes of our own to what the audience room keeps."""

from collections.abc import Sequence

from stoppress.audience.models import Connections, Link


def connect_with(links: Sequence[Link], newsletter: str = "", imprint: str = "") -> Connections:
    """Say where else the paper can be met, in place of what was said before.

    Raises:
        ValidationError: an address is none that may be linked to; nothing was written.
    """
    setting = Connections.objects.order_by("pk").first() or Connections()
    setting.links = [("link", {"label": link.label, "address": link.address}) for link in links]
    setting.newsletter, setting.imprint = newsletter, imprint
    # The blocks of a stream check themselves when a form is saved; no form stands here.
    for block in setting.links:
        block.block.clean(block.value)
    setting.full_clean()
    setting.save()
    return setting
