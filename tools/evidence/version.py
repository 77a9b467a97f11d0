"""Which version of the rules found something: what was found by others is found again."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_PACKAGES = ("tools.evidence", "agent.domain", "agent.prompts")
_RULES = (".py", ".yaml")


@cache
def evidence_version() -> str:
    """A digest of all code and data that evidence comes from; reads their files once."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        for name, content in sorted(_rules(files(package), package)):
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:12]


def _rules(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _rules(item, f"{path}/{item.name}")
        elif item.name.endswith(_RULES):
            yield f"{path}/{item.name}", item.read_bytes()
