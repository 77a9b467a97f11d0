"""One small tree of errors.

Every error carries what happened and what to do, in words a user can read, and says
whether the same call may succeed later (`retryable`).
"""


class IsraError(Exception):
    """Base of all errors this project raises on purpose.

    `what` names the thing and what happened; `do` says what the user can do about it.
    """

    retryable: bool = False
    code: str = "error"

    def __init__(self, what: str, do: str = "") -> None:
        super().__init__(what, do)
        self.what = what
        self.do = do

    def __str__(self) -> str:
        return f"{self.what} {self.do}".strip()


class ConfigurationError(IsraError):
    """A setting is wrong or missing; names the variable and what it takes."""

    code = "configuration"


class InputError(IsraError):
    """What the user gave cannot be used as it is."""

    code = "input"


class NotFoundError(IsraError):
    """A thing that was asked for does not exist (analysis, report, page, industry)."""

    code = "not_found"


class ConflictError(IsraError):
    """The thing is in a state that forbids the call (already confirmed, already running)."""

    code = "conflict"


class DocumentError(IsraError):
    """A document cannot be read; `code` says why in one word.

    Codes: not_pdf, empty, web_page, password, truncated, no_pages, no_text, too_large,
    too_many_pages, crashed, deadline, memory.
    """

    def __init__(self, what: str, do: str = "", *, code: str = "not_pdf") -> None:
        super().__init__(what, do)
        self.code = code


class StorageError(IsraError):
    """Database, folder or bucket could not be read or written."""

    retryable = True
    code = "storage"


class ProviderError(IsraError):
    """A search provider or model answered with an error or not at all."""

    code = "provider"

    def __init__(self, what: str, do: str = "", *, retryable: bool = False) -> None:
        super().__init__(what, do)
        self.retryable = retryable


class PostponedError(IsraError):
    """A provider takes no calls for `seconds`; the same step can be taken after that."""

    code = "postponed"

    def __init__(self, what: str, do: str = "", *, seconds: float) -> None:
        super().__init__(what, do)
        self.seconds = seconds
