"""What templates of the desk say that no view gave them."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def paper_name() -> str:
    """What the publication is called, for who is not signed in yet."""
    return str(settings.WAGTAIL_SITE_NAME)
