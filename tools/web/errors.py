"""Why something could not be fetched, in words an analyst understands."""

from typing import Literal

from agent.errors import ProviderError

WebCode = Literal[
    "bad_address",
    "refused_address",
    "unreachable",
    "tls",
    "timeout",
    "robots",
    "forbidden",
    "not_found",
    "busy",
    "server",
    "redirects",
    "encoded",
    "too_large",
    "not_pdf",
    "not_page",
    "truncated",
]

UPLOAD = "Upload the PDF instead."


class WebError(ProviderError):
    """A page or file of the web could not be had; `code` says why in one word.

    `retry_after` are the seconds the site asks to wait, where it says so.
    """

    def __init__(
        self,
        what: str,
        do: str = UPLOAD,
        *,
        code: WebCode,
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(what, do, retryable=retryable)
        self.code: WebCode = code
        self.retry_after = retry_after


def status_error(status: int, host: str, retry_after: float | None) -> WebError:
    """The error for an answer that is none of 200, 206 and 304."""
    if status in {401, 402, 403, 405, 406, 451}:
        return WebError(
            f"The site {host} refuses automated downloads ({status}).", code="forbidden"
        )
    if status in {404, 410}:
        return WebError(f"{host} has no such page or file any more ({status}).", code="not_found")
    if status in {429, 503}:
        wait = f" It asks to wait {retry_after:.0f} seconds." if retry_after else ""
        return WebError(
            f"{host} is too busy to answer ({status}).{wait}",
            "Try again later, or upload the PDF.",
            code="busy",
            retryable=True,
            retry_after=retry_after,
        )
    return WebError(
        f"{host} answered with an error ({status}).",
        "Try again later, or upload the PDF.",
        code="server",
        retryable=status >= 500,
    )
