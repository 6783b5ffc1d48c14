"""The one place where writers' addresses are opened. Public code can't import it; a contract says so."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from stoppress.comments.models import Comment, Forgotten, Machine, Mailbox, NoMail, Report, Writer
from stoppress.core.network import neighbourhood
from stoppress.core.prepared import Prepared
from stoppress.core.sealing import digest, seal, unseal

MAIL, NETWORK = "stoppress.comments.mail", "stoppress.comments.network"
KEPT = timedelta(days=30)
"""How long the address of a machine is kept at most."""
PRUNED_WITHIN = timedelta(days=2)
"""So late may a running tree look for what has become too old; it looks once a day, in a quiet moment."""
LONGEST_MAIL = 254
"""RFC 5321, 4.5.3.1.3, less the brackets."""
_OF_WRITER = [field.attname for field in Writer._meta.concrete_fields]
_MAILBOX = Prepared(
    lambda key: Mailbox.objects.filter(digest=key).values_list(
        "pk", "sealed", *(f"writer__{one}" for one in _OF_WRITER)
    ),
    (Mailbox, "digest"),
)


def writer_of(email: str) -> Writer:
    """Whoever writes from ``email``; somebody new for one that was never seen."""
    mailbox = mailbox_of(email)
    return mailbox.writer if mailbox.pk is not None else written_down(mailbox)


def mailbox_of(email: str) -> Mailbox:
    """The mailbox of ``email``; for one that was never seen a mailbox and a writer that have no rows yet."""
    key = mail_digest(email)
    found = _MAILBOX.first(key)
    if found is None:
        return Mailbox(writer=Writer(), digest=key, sealed=seal(email.strip(), MAIL))
    pk, kept, *writer = found
    return Mailbox(pk=pk, writer=Writer.from_db(DEFAULT_DB_ALIAS, _OF_WRITER, writer), digest=key, sealed=kept)


def known_again(mailbox: Mailbox) -> Writer | None:
    """The writer of a mailbox that had no row when it was looked for; ``None`` if it still has none."""
    found = Mailbox.objects.select_related("writer").filter(digest=mailbox.digest).first()
    return None if found is None else found.writer


def written_down(mailbox: Mailbox) -> Writer:
    """The writer of a mailbox that had no row when it was looked for; both have one now."""
    mailbox.writer.save()
    Mailbox.objects.bulk_create([mailbox], ignore_conflicts=True)
    found = Mailbox.objects.select_related("writer").get(digest=mailbox.digest)
    if found.writer_id != mailbox.writer.pk:
        mailbox.writer.delete()  # somebody was faster
    return found.writer


def write_down(newcomers: Mapping[str, tuple[Mailbox, Writer]]) -> None:
    """Give rows to these writers and to their mailboxes, which are known by digest and had none when looked for.

    Raises:
        IntegrityError: somebody was faster.
    """
    Writer.objects.bulk_create([writer for _mailbox, writer in newcomers.values()])
    # In an order that all keep: on PostgreSQL two who meet here wait for each other.
    rows = [Mailbox(writer=newcomers[key][1], digest=key, sealed=newcomers[key][0].sealed) for key in sorted(newcomers)]
    Mailbox.objects.bulk_create(rows)


def writers_of(emails: Collection[str]) -> dict[str, Writer]:
    """As :func:`writer_of` for many at once; what can be no mail address is left out."""
    digests = {email: mail_digest(email) for email in emails if is_mail(email)}
    found = Mailbox.objects.filter(digest__in=set(digests.values())).select_related("writer")
    known = {mailbox.digest: mailbox.writer for mailbox in found}
    for email, key in digests.items():
        if key not in known:
            known[key] = writer_of(email)
    return {email: known[key] for email, key in digests.items()}


def email_of(writer: Writer) -> str | None:
    """Where ``writer`` gets mail; ``None`` for one without.

    Raises:
        SealBrokenError: the instance has another secret key now.
    """
    sealed = Mailbox.objects.filter(writer=writer).values_list("sealed", flat=True).first()
    return None if sealed is None else unseal(sealed, MAIL)


def emails_of(writers: Collection[int]) -> dict[int, str]:
    """Addresses by the primary keys of their writers; those without one are left out.

    Raises:
        SealBrokenError: the instance has another secret key now.
    """
    found = Mailbox.objects.filter(writer__in=writers).values_list("writer", "sealed")
    return {pk: unseal(sealed, MAIL) for pk, sealed in found}


def is_of(writer: Writer, email: str) -> bool:
    """Whether ``email`` is the address of ``writer``."""
    return Mailbox.objects.filter(writer=writer, digest=mail_digest(email)).exists()


def writer_with(email: str) -> Writer | None:
    """Whoever writes from ``email``, if anybody ever did."""
    mailbox = Mailbox.objects.select_related("writer").filter(digest=mail_digest(email)).first()
    return None if mailbox is None else mailbox.writer


def drop_mailbox(writer: Writer) -> None:
    """Let go of a writer's address: whoever writes from it next is somebody new."""
    Mailbox.objects.filter(writer=writer).delete()


def sealed(email: str) -> str:
    """``email`` so that it can stand where others may look: in a link, or among the tasks that wait."""
    return seal(email.strip(), MAIL)


def opened(sealed: str) -> str:
    """What :func:`sealed` has sealed.

    Raises:
        SealBrokenError: the instance has another secret key now, or it is nothing of ours.
    """
    return unseal(sealed, MAIL)


def is_mail(email: str) -> bool:
    """Whether it can be a mail address, and is no longer than one may be."""
    try:
        validate_email(email.strip())
    except ValidationError:
        return False
    return len(email.strip()) <= LONGEST_MAIL


def gives_away(name: str, email: str) -> bool:
    """Whether ``name`` is a mail address, or says ``email``: browsers like to fill in what they know."""
    own = folded_mail(email)
    return is_mail(name) or ("@" in own and own in folded_mail(name))


def mail_digest(email: str) -> str:
    """What stands for ``email`` where it is counted or looked for."""
    return digest(folded_mail(email), MAIL)


def folded_mail(email: str) -> str:
    """The same for each way of writing one address; case counts in no mailbox that people have."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def note_machine(comment: Comment, address: str, seen_at: datetime | None = None) -> None:
    """Keep for a while where a reply came from; an unknown address is not kept.

    Args:
        seen_at: when, if it was not now.
    """
    if (machine := machine_at(address)) is not None:
        machine.comment, machine.seen_at = comment, seen_at or timezone.now()
        note_machines([machine])


def machine_at(address: str) -> Machine | None:
    """What is kept of ``address``, sealed, still without a reply that came from there; ``None`` for an unknown one."""
    network = neighbourhood(address)
    return Machine(digest=digest(network, NETWORK), sealed=seal(address, NETWORK)) if network else None


def note_machines(machines: Sequence[Machine]) -> None:
    """Keep where replies came from."""
    Machine.objects.bulk_create(
        machines, update_conflicts=True, unique_fields=["comment"], update_fields=["digest", "sealed", "seen_at"]
    )


def machine_of(comment: Comment) -> str:
    """The address that a reply came from; empty once it is forgotten.

    Raises:
        SealBrokenError: the instance has another secret key now.
    """
    sealed = Machine.objects.filter(comment=comment).values_list("sealed", flat=True).first()
    return "" if sealed is None else unseal(sealed, NETWORK)


def machines_of(writer: Writer) -> Iterator[tuple[str, str, datetime]]:
    """Where a writer's replies came from, as far as that is still kept: the address, the reply's public id, and when.

    Raises:
        SealBrokenError: the instance has another secret key now.
    """
    found = Machine.objects.filter(comment__writer=writer).order_by("pk")
    for sealed, public_id, seen_at in found.values_list("sealed", "comment__public_id", "seen_at"):
        yield unseal(sealed, NETWORK), public_id, seen_at


def forgotten(emails: Collection[str]) -> dict[str, bool]:
    """Which of these addresses must not come back, and whether what was written from them must not either."""
    digests = {email: mail_digest(email) for email in emails}
    known = dict(Forgotten.objects.filter(digest__in=set(digests.values())).values_list("digest", "with_words"))
    return {email: known[key] for email, key in digests.items() if key in known}


def wants_no_mail(email: str) -> bool:
    """Whether whoever has ``email`` wants no mail about replies or reported errors."""
    return NoMail.objects.filter(digest=mail_digest(email)).exists()


def network_digest(address: str) -> str:
    """What stands for the network of ``address``; empty for an unknown one."""
    network = neighbourhood(address)
    return digest(network, NETWORK) if network else ""


def kept_too_long() -> int:
    """How many addresses of machines are older than we may keep them: nobody has pruned."""
    return int(Machine.objects.filter(seen_at__lt=timezone.now() - KEPT).count())


def forget_machines(*, is_dry: bool = False) -> int:
    """Delete addresses of machines that the next look would find older than we may keep them; returns how many.

    Args:
        is_dry: only count them.
    """
    before = timezone.now() - KEPT + PRUNED_WITHIN
    old = Machine.objects.filter(seen_at__lt=before)
    reports = Report.objects.filter(made_at__lt=before).exclude(network="")
    if is_dry:
        return old.count() + reports.count()
    return old.delete()[0] + reports.update(network="")
