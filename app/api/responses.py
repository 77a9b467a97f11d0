"""Answers as the description of the API tells them."""

from typing import Any

from app.api.problems import MEDIA_TYPE

_WORDS = {
    400: "What was sent cannot be read.",
    401: "Nobody known calls, or the token is not valid.",
    403: "The caller may not do this.",
    404: "There is no such thing of the caller's.",
    409: "The thing is in a state that forbids the call.",
    413: "What was sent is too large.",
    422: "What was sent does not fit.",
    429: "Too many calls; `Retry-After` says when to go on.",
    503: "Not now; `Retry-After` says when to try again.",
}
_BYTES = {"type": "string", "format": "binary"}
Responses = dict[int | str, dict[str, Any]]


def problems(*statuses: int) -> Responses:
    """The problems an operation may answer with, besides those that all may."""
    return {
        status: {
            "description": _WORDS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


ALWAYS = problems(400, 401, 403, 413, 422, 503)


def files(*mimes: str, description: str, **headers: str) -> Responses:
    """An answer that is a file of one of these kinds, with headers told by their meaning."""
    return {
        200: {
            "description": description,
            "content": {mime: {"schema": {"type": "string", "format": "binary"}} for mime in mimes},
            "headers": {
                name.replace("_", "-"): {"description": words, "schema": {"type": "string"}}
                for name, words in headers.items()
            },
        }
    }


def created_analysis() -> Responses:
    """The answer to the start of an analysis, linked to what can be done with it."""
    by_id = {"parameters": {"analysis_id": "$response.body#/id"}}
    operations = (
        "getAnalysis",
        "getProposal",
        "followEvents",
        "cancelAnalysis",
        "getUsage",
        "deleteAnalysis",
    )
    return {
        202: {
            "description": "It runs from now on.",
            "headers": {
                "Location": {
                    "description": "Where the analysis is.",
                    "schema": {"type": "string"},
                }
            },
            "links": {name: {"operationId": name, **by_id} for name in operations},
        }
    }
