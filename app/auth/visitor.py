"""Who stands behind a request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person: the identifier their data belongs to, and the name they are shown."""

    identifier: str
    display_name: str
