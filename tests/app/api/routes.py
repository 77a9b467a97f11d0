"""Every address of the server, however deep it is mounted."""

from collections.abc import Iterable, Iterator

from starlette.routing import BaseRoute


def walk(routes: Iterable[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of each; GET for what is mounted as files, WEBSOCKET for websockets."""
    for route in routes:
        # An included router of FastAPI tells its routes only through this.
        inner = getattr(route, "effective_route_contexts", None)
        if inner is not None:
            for context in inner():
                path = f"{prefix}{context.path}"
                yield from ((method, path) for method in _methods(context))
            continue
        path = prefix + getattr(route, "path", "").rstrip("/")
        below = getattr(route, "routes", None)
        if below:
            yield from walk(below, path)
        elif hasattr(route, "methods"):
            yield from ((method, path or "/") for method in _methods(route))
        else:
            kind = "WEBSOCKET" if "WebSocket" in type(route).__name__ else "GET"
            yield kind, path or "/"


def _methods(route: object) -> list[str]:
    methods = getattr(route, "methods", None)
    none = {"WEBSOCKET"} if "WebSocket" in type(route).__name__ else set()
    return sorted(set(methods or none) - {"HEAD", "OPTIONS"})
