"""Django's ASGI application, run by the app processes behind the front.

A request is answered from its first middleware to its last in one thread of a pool. Django's own handler takes it from
thread to thread wherever a middleware knows only one of the two worlds, in threads that live as long as the request,
so that no connection to the database outlives one either: a third of what it costs to take a reply.
"""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from http import HTTPStatus
from typing import Any

import django
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import connections
from django.urls import set_script_prefix

from stoppress.core.process_guard import die_with_parent

THREADS = 16
"""Requests that are answered at once; each thread keeps its connection to the database for a while."""

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Body = tempfile.SpooledTemporaryFile[bytes]


class Application(ASGIHandler):
    """Answers HTTP with views and middleware that are all synchronous."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    def load_middleware(self, is_async: bool = False) -> None:
        """Build the chain for one thread, whatever the caller is."""
        super().load_middleware(is_async=False)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the whole request, let a thread answer it, and send that."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        # A context of its own: what a request sets (its language, its time zone) ends with it, as the thread does not.
        response = await self._in_thread(copy_context().run, self._answer, scope, body)
        try:
            await self.send_response(response, send)
        finally:
            if response.streaming:
                await self._in_thread(response.close)

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _answer(self, scope: Scope, body: Body) -> Any:
        with body:
            set_script_prefix(get_script_prefix(scope))
            signals.request_started.send(sender=type(self), scope=scope)
            request, refusal = self.create_request(scope, body)
            response: Any = refusal if request is None else self.get_response(request)
            response._handler_class = type(self)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                # It may be the connection's fault: one to SQLite goes on with a file that was taken away meanwhile.
                connections.close_all()
            if not response.streaming:
                response.close()  # tells that the request has ended, to the thread that has its connection
        return response


die_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stoppress.config.settings")
django.setup(set_prefix=False)
application = Application()
