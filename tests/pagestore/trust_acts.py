"""What is reported, refused, appealed against and forgotten: see :mod:`tests.pagestore.acts`."""

from stoppress.accounts.models import Role, User
from stoppress.comments import actions
from stoppress.comments.models import Appeal, Comment, State, Writer
from stoppress.comments.standing import refusal_in_force
from tests.factories.accounts import somebody
from tests.pagestore.acts import Act, _pick

REASONS = ("insult", "off-topic", "unlawful")


def _moderator() -> User:
    return User.objects.filter(groups__role__role=Role.MODERATOR).first() or somebody(Role.MODERATOR)


def refuse(n: int, m: int) -> None:
    if one := _pick(Comment.objects.filter(state=State.APPROVED), n):
        actions.decide(one, State.REFUSED, REASONS[m % 3], _moderator())


def undo(n: int, m: int) -> None:
    one = _pick(Comment.objects.exclude(state=State.REMOVED), n)
    if one is not None:
        try:
            actions.undo(one, _moderator())
        except ValueError:
            return  # nobody has decided anything of it


def report(n: int, m: int) -> None:
    if one := _pick(Comment.objects.filter(state=State.APPROVED), n):
        actions.report(one, actions.Complaint(ground="abuse"))
        if m % 2:
            actions.keep(one, _moderator())


def appeal(n: int, m: int) -> None:
    """And somebody else looks at it."""
    one = _pick(Comment.objects.filter(state__in=[State.REFUSED, State.SPAM]), n)
    decision = refusal_in_force(one) if one else None
    if decision is None or Appeal.objects.filter(decision=decision).exists():
        return
    actions.decide_appeal(actions.appeal(decision, "No."), somebody(Role.MODERATOR), is_granted=bool(m % 3))


def take_a_name(n: int, m: int) -> None:
    if one := _pick(Writer.objects, n):
        try:
            actions.name_account(one, f"Name {m}")
        except actions.NotTakenError:
            return


def confirm(n: int, m: int) -> None:
    if one := _pick(Comment.objects.filter(state=State.HELD) if m % 2 else Comment.objects, n):
        actions.confirm(one)


def forget(n: int, m: int) -> None:
    actions.erase_person(f"reader{m}@example.org", with_words=bool(n % 2))


TRUST_ACTS: list[Act] = [refuse, undo, report, appeal, appeal, take_a_name, confirm, forget]
