"""What the agent measures of itself: recorded where it happens, named in `metrics.yaml`.

Nothing is kept before `collecting` begins (the server and the worker do). From then on values
are there for Prometheus, and with ISRA_METRICS=emf also written as lines on stdout, where
CloudWatch reads them. A name, kind or dimension that the catalogue does not have is refused.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agent.metrics_catalogue import Kind, load_catalogue
from agent.metrics_emf import EmfWriter
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.metrics_prometheus import Exposition

_lock = threading.Lock()
_exposition: "Exposition | None" = None
_emf: EmfWriter | None = None


def count(
    name: str, value: float = 1, *, ids: Mapping[str, str] | None = None, **dimensions: str
) -> None:
    """Add to a count; ids are plain fields for finding the run, never dimensions.

    Raises ValueError where the catalogue has it otherwise, or not at all.
    """
    _record("count", name, value, dimensions, ids or {})


def observe(
    name: str, value: float, *, ids: Mapping[str, str] | None = None, **dimensions: str
) -> None:
    """One value of a distribution. Raises ValueError as `count` does."""
    _record("distribution", name, value, dimensions, ids or {})


def gauge(name: str, value: float, **dimensions: str) -> None:
    """How something stands now. Raises ValueError as `count` does."""
    _record("gauge", name, value, dimensions, {})


@contextmanager
def timed(name: str, **dimensions: str) -> Iterator[None]:
    """Observe the seconds of what runs within, where it ends well."""
    start = time.perf_counter()
    yield
    observe(name, time.perf_counter() - start, ids=None, **dimensions)


def exposition() -> tuple[bytes, str]:
    """All that was collected in this process, as Prometheus reads it: body and content type."""
    return _collected().text()


@contextmanager
def collecting(settings: Settings, write: Callable[[str], object] | None = None) -> Iterator[None]:
    """Collect metrics as set, and write what is left at the end.

    `write` takes the lines instead of stdout.
    """
    global _emf  # noqa: PLW0603 - one collection a process, like its log
    _collected()
    before, own = _emf, None
    if settings.metrics == "emf":
        own = EmfWriter(load_catalogue(), settings.environment, write or _print)
        _emf = own
    try:
        yield
    finally:
        if own is not None:
            _emf = before
            own.flush()


def _collected() -> "Exposition":
    global _exposition  # noqa: PLW0603 - made once a process, when it is first wanted
    # Its import takes a tenth of a second, which a command that serves nothing is spared.
    from agent.metrics_prometheus import Exposition

    with _lock:
        if _exposition is None:
            _exposition = Exposition(load_catalogue())
        return _exposition


def _record(
    kind: Kind, name: str, value: float, dimensions: Mapping[str, str], ids: Mapping[str, str]
) -> None:
    metric = load_catalogue().get(name)
    metric.check(kind, dimensions, ids)
    if _exposition is not None:
        _exposition.record(metric, value, dimensions)
    if _emf is not None:
        _emf.record(metric, value, dimensions, ids)


def _print(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()
