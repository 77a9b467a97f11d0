"""How a model is asked for a document of a given shape, and what to do where it cannot be.

Many servers that speak OpenAI's format know less of it. The first of them to refuse a way in
clear words is asked in the next one for as long as the process lives.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, cast

from langchain_core.messages import AIMessage
from langchain_core.runnables import Runnable, RunnableSequence
from pydantic import BaseModel

from agent.limits import status_of
from agent.logs import get_logger
from agent.models.spec import ModelSpec
from agent.models.wire import wire_schema

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

log = get_logger(__name__)

Chat = Runnable[Any, AIMessage]
Way = Literal["shaped", "any_json", "prompted"]
"""`shaped`: the server enforces the schema; `any_json`: it promises JSON and the schema stands
in the prompt; `prompted`: the schema stands in the prompt. Every reply is validated here."""

_NEXT: dict[Way, Way] = {"shaped": "any_json", "any_json": "prompted"}
_REFUSALS = {400, 404, 415, 422, 500, 501}
_SUBJECTS = ("response_format", "json_schema", "json_object", "guided", "structured output")
_ASKED = """

Reply with one JSON object and nothing else. It must fit this JSON schema:
{schema}"""


class Shaping:
    """The way each model is asked; shared by all calls of a process."""

    def __init__(self) -> None:
        self._ways: dict[ModelSpec, Way] = {}

    def way(self, spec: ModelSpec) -> Way:
        """The way that is known to work, or not known to fail."""
        return self._ways.get(spec, "shaped")

    def stepped_down(self, spec: ModelSpec, used: Way, error: BaseException) -> bool:
        """Whether to ask again: the server refused this way, and another is left.

        The exception's text is looked at for the name of the option and never kept.
        """
        following = _NEXT.get(used)
        if spec.provider != "openai" or following is None or not _refuses_shape(error):
            return False
        # Calls side by side are refused together; only the first of them changes the way.
        if self.way(spec) == used:
            self._ways[spec] = following
            log.warning("model cannot be given a schema", model=str(spec), instead=following)
        return True


def structured_method(spec: ModelSpec, model: "BaseChatModel") -> str:
    """How the model is asked for a document of a given shape: natively, or through a tool.

    Models of Bedrock differ, so native output is used only where the profile promises it; local
    servers often ignore a tool, so everything else is asked natively unless the profile denies.
    """
    promised = (model.profile or {}).get("structured_output")
    native = promised is True if spec.provider == "bedrock" else promised is not False
    return "json_schema" if native else "function_calling"


def shaped(model: "BaseChatModel", spec: ModelSpec, shape: type[BaseModel], way: Way) -> Chat:
    """The model bound to the shape, without the library's parser (see `read_reply`)."""
    if way == "any_json":
        return cast(Chat, model.bind(response_format={"type": "json_object"}))
    if way == "prompted":
        return cast(Chat, model)
    options = {"strict": True} if spec.provider == "openai" else {}
    bound = model.with_structured_output(
        wire_schema(shape, spec.provider), method=structured_method(spec, model), **options
    )
    return cast(Chat, cast("RunnableSequence[Any, Any]", bound).first)


def in_words(shape: type[BaseModel], spec: ModelSpec, way: Way) -> str:
    """What the prompt has to say of the shape; nothing where the server is told."""
    if way == "shaped":
        return ""
    return _ASKED.format(schema=json.dumps(wire_schema(shape, spec.provider)))


def _refuses_shape(error: BaseException) -> bool:
    if status_of(error) not in _REFUSALS:
        return False
    return any(subject in text for text in _texts(error) for subject in _SUBJECTS)


def _texts(error: BaseException) -> Iterator[str]:
    link: BaseException | None = error
    while link is not None:
        yield f"{link} {getattr(link, 'body', '')}".casefold()
        link = link.__cause__
