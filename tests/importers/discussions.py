"""Writes what Disqus, isso and Coral write, from one list of replies, each as that system has it."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from stoppress.importers.discussions.coral import CoralFolder
from stoppress.importers.discussions.disqus import DisqusExport
from stoppress.importers.discussions.isso import IssoDatabase
from stoppress.importers.discussions.records import Reader

HOST = "https://old.example"


@dataclass
class Said:
    """A reply; an approved one when nothing else is said. ``state`` is one of ours, or ``deleted``."""

    id: int
    text: str = ""
    parent: int = 0
    state: str = "approved"
    name: str = "Reader"
    email: str = "reader@mail.example"
    website: str = ""
    machine: str = "198.51.100.7"
    at: str = "2024-05-03T10:00:00"


@dataclass
class Talk:
    """What was said on one address."""

    address: str
    said: Sequence[Said] = field(default_factory=list)
    title: str = "A headline"


def disqus(folder: Path, *talks: Talk) -> Reader:
    """Disqus's XML."""
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<disqus xmlns="http://disqus.com"'
        ' xmlns:dsq="http://disqus.com/disqus-internals" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
        '<category dsq:id="1"><forum>old</forum><title>General</title><isDefault>true</isDefault></category>',
    ]
    posts = []
    for number, talk in enumerate(talks, 1):
        parts.append(
            f'<thread dsq:id="{number}"><id>{number} {HOST}/?p={number}</id><forum>old</forum><category dsq:id="1" />'
            f"<link>{escape(HOST + talk.address)}</link><title>{escape(talk.title)}</title><message />"
            "<createdAt>2024-05-01T08:00:00Z</createdAt><author><name>Anna</name><isAnonymous>false</isAnonymous>"
            "<username>anna</username></author><isClosed>false</isClosed><isDeleted>false</isDeleted></thread>"
        )
        for one in talk.said:
            flags = {"isDeleted": one.state == "deleted", "isSpam": one.state == "spam"}
            flags |= {"isApproved": False} if one.state == "held" else {}
            parent = f"<parent dsq:id={quoteattr(str(one.parent))} />" if one.parent else ""
            posts.append(
                f'<post dsq:id="{one.id}"><id>w={one.id}</id><message>{escape(one.text or f"<p>Said {one.id}.</p>")}'
                f"</message><createdAt>{one.at}Z</createdAt>"
                + "".join(f"<{name}>{str(is_so).lower()}</{name}>" for name, is_so in flags.items())
                + f"<author><email>{escape(one.email)}</email><name>{escape(one.name)}</name>"
                f"<isAnonymous>true</isAnonymous></author><ipAddress>{escape(one.machine)}</ipAddress>"
                f'<thread dsq:id="{number}" />{parent}</post>'
            )
    # An answer may stand before what it answers, and threads lie between one another.
    file = folder / "disqus.xml"
    file.write_text("\n".join([*parts, *reversed(posts), "</disqus>\n"]), encoding="utf-8")
    return DisqusExport(file)


def isso(folder: Path, *talks: Talk) -> Reader:
    """isso's database."""
    file = folder / "comments.db"
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as rows, rows:
        rows.executescript(
            "CREATE TABLE preferences (key VARCHAR PRIMARY KEY, value VARCHAR);"
            "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));"
            "CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER,"
            " created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR, author VARCHAR,"
            " email VARCHAR, website VARCHAR, likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0, voters BLOB,"
            " notification INTEGER DEFAULT 0);"
        )
        modes = {"approved": 1, "held": 2, "deleted": 4}
        for number, talk in enumerate(talks, 1):
            rows.execute("INSERT INTO threads VALUES (?, ?, ?)", (number, talk.address, talk.title))
            for one in talk.said:
                text = "" if one.state == "deleted" else one.text or f"Said {one.id}."
                seconds = rows.execute("SELECT unixepoch(?)", [one.at]).fetchone()[0]
                values = (number, one.id, one.parent or None, seconds, None, modes[one.state], one.machine, text)
                rows.execute(
                    "INSERT INTO comments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0)",
                    (*values, one.name, one.email, one.website, b"\0" * 256),
                )
    return IssoDatabase(file)


def coral(folder: Path, *talks: Talk) -> Reader:
    """Coral's collections, as ``mongoexport`` writes them: comments one a line, users in one list."""
    states = {
        "approved": "NONE",
        "held": "PREMOD",
        "refused": "REJECTED",
        "spam": "SYSTEM_WITHHELD",
        "deleted": "APPROVED",
    }
    stories: list[Any] = []
    comments: list[Any] = []
    users: list[Any] = []
    for number, talk in enumerate(talks, 1):
        story = f"story-{number}"
        stories.append({"id": story, "tenantID": "t", "url": HOST + talk.address, "metadata": {"title": talk.title}})
        for one in talk.said:
            users.append({"id": f"user-{one.id}", "username": one.name, "email": one.email, "profiles": []})
            revision = {
                "id": f"r{one.id}",
                "body": one.text or f"<div>Said {one.id}.</div>",
                "createdAt": {"$date": f"{one.at}Z"},
            }
            revision["metadata"] = {"akismet": one.state == "spam"}
            comment = {"id": f"c-{one.id}", "storyID": story, "authorID": f"user-{one.id}", "status": states[one.state]}
            comment |= {"revisions": [revision], "createdAt": {"$date": f"{one.at}.000Z"}, "tags": []}
            comment |= {"parentID": f"c-{one.parent}"} if one.parent else {}
            if one.state == "deleted":
                comment |= {"deletedAt": {"$date": {"$numberLong": "1714730400000"}}, "authorID": None, "revisions": []}
            comments.append(comment)
    lines = lambda rows: "".join(f"{json.dumps(row)}\n" for row in rows)  # noqa: E731 - two words
    (folder / "stories.json").write_text(lines(stories), encoding="utf-8")
    (folder / "comments.json").write_text(lines(reversed(comments)), encoding="utf-8")
    (folder / "users.json").write_text(json.dumps(users, indent=1), encoding="utf-8")
    return CoralFolder(folder)
