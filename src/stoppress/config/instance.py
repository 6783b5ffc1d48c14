"""The instance: the folder a newsroom owns, and its typed settings.

``stoppress.toml`` holds the settings; each key can be overridden by an environment variable
``STOPPRESS_<KEY>``. Reading them imports no Django, so the command line starts fast and the front
processes stay small.
"""

import hashlib
import ipaddress
import os
import re
import tempfile
import tomllib
import types
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stoppress.core import logs

SETTINGS_FILE = "stoppress.toml"
PREFIX = "STOPPRESS_"
SOCKET_PATH_BYTES = 107 - len(".4194304")
"""What Linux allows for the path of a socket (unix(7): 108 with the closing zero), with a process id behind it."""
MAIL_PASSWORD = f"{PREFIX}MAIL_PASSWORD"
"""Not a setting: a password stands in no file that others may read."""
SPAM_SERVICE_KEY = f"{PREFIX}SPAM_SERVICE_KEY"
"""Likewise."""
COMMENT_MODES = ("open", "new-first", "hold-first", "accounts", "closed")
MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}
CHECKS = ("headline", "standfirst", "byline", "alt", "credit", "rights", "quote", "links")
"""What is looked at before an article is published; see ``newsroom.preflight``."""
DATABASE_SCHEMES = ("", "postgres", "postgresql", "sqlite")


class InstanceError(Exception):
    """A setting or the folder itself is wrong; the text says what and what to do, in one line."""


def setting(default: object, about: str) -> Any:
    """A dataclass field with its documentation; ``stoppress init`` and the docs test read it."""
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every key of ``stoppress.toml``."""

    base_url: str = setting(
        "http://127.0.0.1:8000", "Public address of the publication: scheme, host and port, no path."
    )
    title: str = setting("Stop Press", "Name of the publication.")
    strapline: str = setting("", "A short line under the name.")
    language: str = setting("en", "Language of the pages, as a BCP 47 tag (en, fr, ar).")
    time_zone: str = setting("UTC", "IANA time zone of the newsroom, for dates on pages.")
    host: str = setting("127.0.0.1", "Address that the web server binds.")
    port: int = setting(8000, "Port that the web server binds.")
    workers: int = setting(1, "Front processes; one per core is plenty.")
    app_workers: int = setting(1, "Django processes for the desk, forms and misses.")
    database_url: str = setting("", "Database as a URL (postgres://…); empty means SQLite in data/.")
    allowed_hosts: list[str] = setting((), "Further host names that the desk answers to.")
    trusted_proxies: list[str] = setting(
        (), "Addresses and networks of proxies in front whose X-Forwarded-For and -Proto are believed."
    )
    security_contact: str = setting("", "Whom to tell of a security hole: mailto:… or https://…, for security.txt.")
    comments: str = setting("closed", "Who may reply to articles: open, new-first, hold-first, accounts or closed.")
    comments_close_days: int = setting(30, "Days after which an article takes no more replies; 0: it always does.")
    comments_trusted_after: int = setting(2, "Approved replies after which a writer is no longer new.")
    comments_held_words: list[str] = setting((), "Words and phrases that hold a reply until somebody has read it.")
    comments_refused_words: list[str] = setting((), "Words and phrases with which a reply is not taken.")
    comments_spam_model: bool = setting(
        True, "Whether replies that are like spam are held until somebody has read them."
    )
    comments_spam_service: str = setting(
        "", "Address of a service that is asked of each reply whether it is spam, as Akismet is; empty asks none."
    )
    comments_surge: int = setting(
        40, "Replies to one story within ten minutes that begin breaking-news mode by themselves; 0: they never do."
    )
    comments_breaking_notice: str = setting(
        "", "What readers are told above the form in breaking-news mode; empty takes a prepared text."
    )
    comments_hold_after_reports: int = setting(
        0, "Readers, each from elsewhere, whose reports hold a reply until somebody has read it; 0: none do."
    )
    refused_crawlers: list[str] = setting((), "User agents of crawlers that robots.txt turns away, such as GPTBot.")
    required_checks: list[str] = setting(
        (), "Which warnings at the desk keep an article from being published, such as byline, alt or credit."
    )
    public_history: bool = setting(
        False, "Whether readers see the earlier versions of each article, with what changed, at …/versions/."
    )
    metrics_from: list[str] = setting(
        ("127.0.0.1", "::1"), "Addresses and networks that may read /-/metrics/; others get a 404."
    )
    max_picture_megapixels: int = setting(
        60, "Largest picture that is taken, in millions of pixels; all frames of a moving one together."
    )
    max_picture_megabytes: int = setting(20, "Largest picture file that is taken, in MiB.")
    max_file_megabytes: int = setting(200, "Largest document, recording or film that is taken, in MiB.")
    log_format: str = setting("text", "How logs are written: text, or json for one object a line.")
    log_to_file: bool = setting(True, "Whether 'run' writes its log to data/logs/stoppress.log as well.")
    log_file_megabytes: int = setting(10, "How large that file may get before a new one begins, in MB.")
    log_files_kept: int = setting(5, "How many full ones stay.")
    prune_daily: bool = setting(True, "Whether 'run' removes what nobody needs any more, once a day.")
    keep_revisions: int = setting(20, "How many revisions of a page are kept, however old.")
    keep_revisions_days: int = setting(180, "For how many days every revision of a page is kept.")
    keep_task_results_days: int = setting(14, "For how many days the results of background tasks are kept.")
    keep_orphans_days: int = setting(7, "For how many days a replaced picture's public files are kept.")
    keep_logs_days: int = setting(30, "For how many days full log files are kept.")
    keep_audit_days: int = setting(730, "For how many days entries of the audit log are kept.")
    keep_mails_days: int = setting(30, "For how many days mails that became files in data/mail are kept.")
    mail_host: str = setting("", "Server that takes our mail; empty means that mails become files in data/mail.")
    mail_port: int = setting(0, "Its port; 0 takes the usual one: 587 with starttls, 465 with tls, 25 with none.")
    mail_user: str = setting("", "Who we are there; the password is in data/keys/mail_password.")
    mail_security: str = setting("starttls", "How the way there is kept private: starttls, tls or none.")
    mail_from: str = setting("", "Sender of our mail; empty means noreply@ and the host of base_url.")
    debug: bool = setting(False, "Show tracebacks in the browser. Never on a public machine.")


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance folder with its settings. All paths are absolute."""

    root: Path
    settings: Settings

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def media(self) -> Path:
        """Public files: renditions, served under /media/."""
        return self.data / "media"

    @property
    def originals(self) -> Path:
        """Uploaded originals; never served."""
        return self.data / "originals"

    @property
    def static(self) -> Path:
        """Collected static files, served under /static/."""
        return self.data / "static"

    @property
    def store(self) -> Path:
        """The page store."""
        return self.data / "store"

    @property
    def runtime(self) -> Path:
        """Sockets and locks of the running tree."""
        return self.data / "run"

    @property
    def log_file(self) -> Path:
        """What the running tree logs."""
        return self.data / "logs" / "stoppress.log"

    @property
    def tree_file(self) -> Path:
        """What the supervisor says of its processes."""
        return self.runtime / "tree.json"

    @property
    def counts_folder(self) -> Path:
        """What each front process has counted."""
        return self.runtime / "fronts"

    @property
    def pruned_file(self) -> Path:
        """Its time is that of the last daily pruning."""
        return self.runtime / "pruned"

    @property
    def keys(self) -> Path:
        return self.data / "keys"

    @property
    def secret_key_file(self) -> Path:
        return self.keys / "secret_key"

    @property
    def mail_password_file(self) -> Path:
        return self.keys / "mail_password"

    @property
    def mail(self) -> Path:
        """Mails, when no server takes them."""
        return self.data / "mail"

    def mail_password(self, environ: Mapping[str, str] | None = None) -> str:
        """The password of ``mail_user``: ``STOPPRESS_MAIL_PASSWORD``, or what the file holds; ``""`` if neither.

        Raises:
            InstanceError: the file can't be read.
        """
        return _secret(MAIL_PASSWORD, self.mail_password_file, environ)

    @property
    def spam_service_key_file(self) -> Path:
        return self.keys / "spam_service_key"

    def spam_service_key(self, environ: Mapping[str, str] | None = None) -> str:
        """Who we are at ``comments_spam_service``: ``STOPPRESS_SPAM_SERVICE_KEY``, or what the file holds.

        Raises:
            InstanceError: the file can't be read.
        """
        return _secret(SPAM_SERVICE_KEY, self.spam_service_key_file, environ)

    @property
    def sqlite_file(self) -> Path:
        return self.data / "db" / "stoppress.sqlite3"

    @property
    def theme(self) -> Path:
        return self.root / "theme"

    @property
    def app_socket(self) -> Path:
        """Where the app processes listen.

        In ``data/run`` where the path fits a socket, else in a folder of its own below the temporary one.
        """
        here = self.runtime / "app.sock"
        if len(os.fsencode(here)) <= SOCKET_PATH_BYTES:
            return here
        name = f"stoppress-{os.getuid()}-{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]}"
        elsewhere = Path(tempfile.gettempdir()) / name / "app.sock"
        if len(os.fsencode(elsewhere)) <= SOCKET_PATH_BYTES:
            return elsewhere
        return Path("/tmp") / name / "app.sock"  # noqa: S108 - the folder is made private, or refused

    def logging_of(self, role: str) -> dict[str, Any]:
        """How a process logs, for :func:`logging.config.dictConfig`.

        Args:
            role: its name in the running tree, ``""`` for a command, which writes to standard error only.
        """
        own = self.settings
        file = self.log_file if role and own.log_to_file else None
        most = own.log_file_megabytes * 10**6
        return logs.configuration(role or "command", own.log_format, file, most, own.log_files_kept)

    def prepare_socket_folder(self) -> None:
        """Make the folder of :attr:`app_socket` and see that it is nobody else's.

        Raises:
            InstanceError: somebody else owns the folder or may write to it.
        """
        folder = self.app_socket.parent
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            owner = folder.lstat()
        except OSError as error:
            raise InstanceError(
                f"The folder of the local socket, {folder}, can't be made: {error.strerror}."
            ) from error
        if folder != self.runtime and (folder.is_symlink() or owner.st_uid != os.getuid() or owner.st_mode & 0o077):
            raise InstanceError(f"{folder} must be a folder that only you can open. Remove it and start again.")

    def secret_key(self) -> str:
        """The secret key.

        Raises:
            InstanceError: the file is missing, unreadable or too short.
        """
        try:
            key = self.secret_key_file.read_text(encoding="ascii").strip()
        except OSError as error:
            raise InstanceError(
                f"No secret key at {self.secret_key_file} ({error.strerror}). Run 'stoppress init' in {self.root}."
            ) from error
        if len(key) < 50:
            raise InstanceError(f"The secret key in {self.secret_key_file} is too short; it needs 50 characters.")
        return key


def load(root: Path, environ: Mapping[str, str] | None = None) -> Instance:
    """Read the instance in ``root``.

    Raises:
        InstanceError: no settings file, broken TOML, an unknown key or a value that cannot be right.
    """
    root = root.resolve()
    path = root / SETTINGS_FILE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InstanceError(
            f"{root} is not an instance: it has no {SETTINGS_FILE}. Run 'stoppress init {root}' first."
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InstanceError(f"{path} can't be read: {error}") from error
    return Instance(root=root, settings=parse(values, os.environ if environ is None else environ, source=str(path)))


def parse(values: Mapping[str, Any], environ: Mapping[str, str], source: str) -> Settings:
    """Turn TOML values and environment overrides into :class:`Settings`.

    Raises:
        InstanceError: an unknown key, a wrong type or an impossible value; names the key and the source.
    """
    known = {f.name: f for f in fields(Settings)}
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise InstanceError(f"{source}: unknown setting {unknown[0]!r}. Known are: {', '.join(known)}.")
    hints = get_type_hints(Settings)
    chosen: dict[str, Any] = {}
    for name in known:
        variable = PREFIX + name.upper()
        if variable in environ:
            chosen[name] = _from_text(environ[variable], hints[name], variable)
        elif name in values:
            chosen[name] = _checked(values[name], hints[name], f"{source}: {name}")
    settings = Settings(**chosen)
    for name, complaint in _complaints(settings):
        variable = PREFIX + name.upper()
        raise InstanceError(f"{variable if variable in environ else source}: {complaint}")
    return settings


def defaults() -> dict[str, tuple[Any, str]]:
    """Each setting's default and its one-line explanation, in order."""
    return {f.name: (None if f.default is MISSING else f.default, str(f.metadata["about"])) for f in fields(Settings)}


def _from_text(text: str, kind: Any, where: str) -> Any:
    if kind is bool:
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off", ""}:
            return False
        raise InstanceError(f"{where}: {text!r} is neither true nor false.")
    if kind is int:
        try:
            return int(text)
        except ValueError as error:
            raise InstanceError(f"{where}: {text!r} is not a whole number.") from error
    if get_origin(kind) is list:
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _checked(value: Any, kind: Any, where: str) -> Any:
    if get_origin(kind) is list:
        (inner,) = get_args(kind)
        if not isinstance(value, list) or not all(isinstance(item, inner) for item in value):
            raise InstanceError(f"{where} must be a list of strings, not {value!r}.")
        return value
    if get_origin(kind) in {Union, types.UnionType}:
        kind = get_args(kind)[0]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise InstanceError(f"{where} must be {kind.__name__}, not {value!r}.")
    return value


def _complaints(settings: Settings) -> Iterator[tuple[str, str]]:
    """Settings of the right type that can't be right all the same, each with what is wrong."""
    for name, (check, complaint) in _CHECKS.items():
        value = getattr(settings, name)
        for item in value if isinstance(value, list | tuple) else [value]:
            if not _is_sound(item, check):
                yield name, f"{name} {complaint}, not {item!r}."


def _is_sound(value: Any, check: Callable[[Any], object]) -> bool:
    try:
        return bool(check(value))
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return False


def _is_base_url(text: str) -> bool:
    parts = urlsplit(text)
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and (parts.port or 1) > 0
        and parts.path in {"", "/"}
        and not (parts.query or parts.fragment or parts.username)
        and text.isprintable()
        and " " not in text
    )


def _is_one_line(text: str) -> bool:
    # Not str.isprintable: some scripts need joiners, and a name may have a space that does not break.
    return not any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in text)


def _is_sender(text: str) -> bool:
    local, _, host = parseaddr(text)[1].rpartition("@")
    return not text or (text.isprintable() and bool(local) and bool(host))


def _is_proxy(text: str) -> bool:
    return ipaddress.ip_network(text).prefixlen > 0


def _secret(name: str, file: Path, environ: Mapping[str, str] | None) -> str:
    given = (os.environ if environ is None else environ).get(name)
    if given is not None:
        return given
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise InstanceError(f"The {file.name.replace('_', ' ')} in {file} can't be read: {error}.") from error


def _is_service(address: str) -> bool:
    parts = urlsplit(address)
    is_here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return not address or (bool(parts.hostname) and not parts.username and (parts.scheme == "https" or is_here))


def _is_contact(text: str) -> bool:
    return not text or (text.startswith(("mailto:", "https://")) and text.isprintable() and " " not in text)


def _is_crawler(name: str) -> bool:
    # A product token (RFC 9309, 2.2.1), or all of them.
    return name == "*" or (name.isascii() and name.replace("-", "").replace("_", "").isalnum())


def _is_count(number: int) -> bool:
    return 1 <= number <= 64


_CHECKS: dict[str, tuple[Callable[[Any], object], str]] = {
    "base_url": (_is_base_url, "must be like https://news.example, without a path"),
    "title": (
        lambda name: name.strip() and _is_one_line(name),
        "must be a name in one line, without control characters",
    ),
    "strapline": (_is_one_line, "must be one line, without control characters"),
    "language": (re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*").fullmatch, "must be a tag like en, fr or pt-BR"),
    "time_zone": (ZoneInfo, "must be an IANA zone like Europe/London"),
    "host": (str.strip, "must be an address; 127.0.0.1 serves this machine, 0.0.0.0 everybody"),
    "port": (range(65536).__contains__, "must be between 0 and 65535"),
    "workers": (_is_count, "must be between 1 and 64"),
    "app_workers": (_is_count, "must be between 1 and 64"),
    "max_picture_megapixels": (range(1, 179).__contains__, "must be between 1 and 178"),
    "max_picture_megabytes": (range(1, 1025).__contains__, "must be between 1 and 1024"),
    "max_file_megabytes": (range(1, 102_401).__contains__, "must be between 1 and 102400"),
    "database_url": (lambda url: url.partition(":")[0] in DATABASE_SCHEMES, "must begin with postgres:// or be empty"),
    "log_format": (logs.FORMATS.__contains__, "must be text or json"),
    "log_file_megabytes": (range(1, 10_001).__contains__, "must be between 1 and 10000"),
    "log_files_kept": (range(1, 1001).__contains__, "must be between 1 and 1000"),
    "keep_revisions": (range(1, 10_001).__contains__, "must be between 1 and 10000"),
    **dict.fromkeys(
        (
            "keep_revisions_days",
            "keep_task_results_days",
            "keep_orphans_days",
            "keep_logs_days",
            "keep_audit_days",
            "keep_mails_days",
        ),
        (range(1, 36_501).__contains__, "must be between 1 and 36500"),
    ),
    "required_checks": (CHECKS.__contains__, f"must be among {', '.join(CHECKS)}"),
    "security_contact": (_is_contact, "must begin with mailto: or https://, or be empty"),
    "comments": (COMMENT_MODES.__contains__, "must be open, new-first, hold-first, accounts or closed"),
    "comments_close_days": (range(36_501).__contains__, "must be between 0 and 36500"),
    "comments_hold_after_reports": (range(1001).__contains__, "must be between 0 and 1000"),
    "comments_trusted_after": (range(1, 1001).__contains__, "must be between 1 and 1000"),
    "comments_spam_service": (_is_service, "must begin with https://, or http:// for this machine, or be empty"),
    "comments_surge": (range(100_001).__contains__, "must be between 0 and 100000"),
    "comments_breaking_notice": (lambda text: len(text) <= 1000, "must have at most 1000 characters"),
    "refused_crawlers": (_is_crawler, "must hold names of letters, digits, - and _, or *"),
    "metrics_from": (ipaddress.ip_network, "must hold IP addresses or networks like 10.0.0.0/8"),
    "mail_port": (range(65536).__contains__, "must be between 0 and 65535"),
    "mail_security": (MAIL_PORTS.__contains__, "must be starttls, tls or none"),
    "mail_from": (_is_sender, "must be like desk@news.example or The Paper <desk@news.example>"),
    "trusted_proxies": (_is_proxy, "must hold IP addresses or networks like 10.0.0.0/8, and not everybody"),
}
"""For each setting whose type does not say it all: what must be true of it, or of each of a list, and in words."""
