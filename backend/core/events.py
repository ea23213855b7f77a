"""Notices from a lower slice to the ones above it, inside the transaction that causes them.

A slice announces what happened in it and does not know who listens:

    announce(session, "request.sent", request_id=request.id)

Whoever builds on it listens, in a module that the application and the worker name:

    @listen("request.sent")
    def open_case(session: Session, *, request_id: int) -> None: ...
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlmodel import Session

Listener = Callable[..., object]
_listeners: dict[str, list[Listener]] = defaultdict(list)


def listen(event: str) -> Callable[[Listener], Listener]:
    """Have this called whenever the event is announced, in the order of registration."""

    def register(listener: Listener) -> Listener:
        if listener not in _listeners[event]:
            _listeners[event].append(listener)
        return listener

    return register


def announce(session: Session, event: str, **facts: Any) -> None:  # noqa: ANN401 - each event has its own facts
    """Tell everybody who listens. What they do belongs to the same transaction; if one fails, nothing happened."""
    for listener in tuple(_listeners[event]):
        listener(session, **facts)
