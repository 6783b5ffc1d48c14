"""Who may reply where, as moderators set it: see :mod:`tests.pagestore.acts`."""

from stoppress.accounts.models import User
from stoppress.comments import actions
from stoppress.comments.models import SITE, BreakingNews, Mode
from stoppress.newsroom.models import Section
from tests.factories.accounts import SuperuserFactory
from tests.pagestore.acts import Act, _articles, _pick

MODES = [None, *Mode]


def _moderator() -> User:
    found = User.objects.filter(is_superuser=True).first()
    return found if found is not None else SuperuserFactory()


def _subject(n: int) -> str:
    article = _pick(_articles().filter(live=True, embargo_until=None), n)
    return f"article:{article.pk}" if article is not None else ""


def rule_section(n: int, m: int) -> None:
    if section := _pick(Section.objects, n):
        mode = MODES[m % len(MODES)]
        actions.set_section_rules(f"section:{section.pk}", mode, None if m % 3 else m % 2, _moderator())


def open_section(n: int, m: int) -> None:
    if section := _pick(Section.objects, n):
        actions.set_section_rules(f"section:{section.pk}", Mode.OPEN, 0, _moderator())


def rule_story(n: int, m: int) -> None:
    if subject := _subject(n):
        actions.set_mode(subject, MODES[m % len(MODES)], _moderator())
        actions.set_close_days(subject, None if m % 2 else m, _moderator())


def freeze_or_thaw(n: int, m: int) -> None:
    if subject := _subject(n):
        if m % 2:
            actions.freeze(subject, f"Enough, for {m} reasons." if m % 3 else "", _moderator())
        else:
            actions.thaw(subject, _moderator())


def break_news(n: int, m: int) -> None:
    """Begin or end it, on a story or everywhere."""
    running = _pick(BreakingNews.objects.filter(ended_at=None), n)
    if running is not None and m % 2:
        actions.end_breaking(running, _moderator())
    elif scope := SITE if m % 3 == 0 else _subject(n):
        actions.begin_breaking(scope, 1 + m, f"Notice {m}" if m % 2 else "", _moderator())


RULE_ACTS: list[Act] = [open_section, rule_section, rule_story, freeze_or_thaw, break_news]
