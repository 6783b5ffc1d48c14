"""How much a reply is like spam: a small statistical model of its own, which knows words and shapes and no person.

It only ever holds. Nothing here asks the database or another machine.
"""

from stoppress.comments.spam.model import Model, shipped

__all__ = ["Model", "shipped"]
