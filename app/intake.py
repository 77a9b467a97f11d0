"""Analyses asked for by other systems, by messages of an SQS queue: one request a message.

A message may come twice, late or out of order, so its `id` names the analysis: sent again, it
starts no second one. What cannot be used is left in the queue, which puts it aside after a few
tries (its dead-letter queue).
"""

import asyncio
import hashlib
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.domain import AnalysisRequest
from agent.errors import ConflictError, InputError
from agent.logs import get_logger
from agent.memory.outage import is_outage
from agent.settings import Settings
from app.api.models import NewAnalysis
from app.stopping import sleep_until
from graph.runner import Research

log = get_logger(__name__)

_WAIT_SECONDS = 5
"""How long one question to the queue waits for a message; a stopping worker waits as long."""
_PAUSE_SECONDS = 10.0
_AT_ONCE = 10


class IntakeMessage(BaseModel):
    """One message: an id of the sender's own, whom the result is for, and what to research."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")
    owner: str = Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")
    """The user who will see the analysis, named as sign-in names them."""
    analysis: NewAnalysis

    @property
    def analysis_id(self) -> str:
        """The id of the analysis this message starts, the same however often it comes."""
        named = f"{len(self.owner)}:{self.owner}:intake:{self.id}"
        return hashlib.sha256(named.encode()).hexdigest()[:32]

    def to_request(self, settings: Settings) -> AnalysisRequest:
        """The request; nobody is there to review the companies. Raises InputError."""
        asked = self.analysis.to_request(self.owner, settings)
        return asked.model_copy(update={"unattended": True})


async def take_in(settings: Settings, research: Research, stop: asyncio.Event) -> None:
    """Start the analyses of the queue `settings.intake_queue` until told to stop.

    A queue that cannot be reached is asked again later.
    """
    queue = _Queue(settings)
    log.info("intake started")
    while not stop.is_set():
        try:
            for message in await queue.receive():
                await _start(queue, message, settings, research)
        except (BotoCoreError, ClientError) as error:
            log.warning("intake queue not reached", error=type(error).__name__)
            await sleep_until(stop, _PAUSE_SECONDS)


async def _start(
    queue: "_Queue", message: dict[str, Any], settings: Settings, research: Research
) -> None:
    sent = message["MessageId"]
    try:
        analysis_id = await _started(message["Body"], settings, research)
    except (ValidationError, InputError) as error:
        # The content is somebody's words: the log says which fields are wrong, not what is in them.
        log.warning("message cannot be used", message=sent, wrong=_wrong(error))
        await queue.return_at_once(message)
    except Exception as error:
        # Left in the queue: after some tries it is put aside, and an alarm tells of it.
        if is_outage(error) or isinstance(error, OSError):
            log.warning("message left for later", message=sent, error=type(error).__name__)
        else:
            log.exception("message left for later", message=sent, error=type(error).__name__)
    else:
        log.info("analysis taken in", message=sent, analysis=analysis_id)
        await queue.delete(message)


async def _started(body: str, settings: Settings, research: Research) -> str:
    """Start what the body asks for; gives the analysis' id.

    Raises:
        ValidationError: the body is not a message of ours.
        InputError: it asks for what this server does not offer, or its id names other work.
    """
    asked = IntakeMessage.model_validate_json(body)
    request = asked.to_request(settings)
    try:
        await research.start(request, analysis_id=asked.analysis_id, priority="batch")
    except ConflictError:
        if (await research.status(asked.analysis_id)).request != request:
            raise InputError(
                "The id of this message was used for another analysis.", "Send a new one."
            ) from None
    return asked.analysis_id


def _wrong(error: ValidationError | InputError) -> str:
    if isinstance(error, InputError):
        return error.what
    fields = {".".join(map(str, found["loc"])) or "message" for found in error.errors()}
    return ", ".join(sorted(fields))


class _Queue:
    """The queue, by a plain client in threads."""

    def __init__(self, settings: Settings) -> None:
        import boto3

        self._url = settings.intake_queue
        self._client = boto3.client(
            "sqs",
            region_name=settings.s3_region or None,
            config=Config(
                connect_timeout=5,
                read_timeout=_WAIT_SECONDS + 10,
                retries={"mode": "standard", "total_max_attempts": 3},
            ),
        )

    async def receive(self) -> list[dict[str, Any]]:
        """Up to ten messages; none after a while without any."""
        told = await asyncio.to_thread(
            self._client.receive_message,
            QueueUrl=self._url,
            MaxNumberOfMessages=_AT_ONCE,
            WaitTimeSeconds=_WAIT_SECONDS,
        )
        found: list[dict[str, Any]] = told.get("Messages", [])
        return found

    async def delete(self, message: dict[str, Any]) -> None:
        """The message is done with."""
        await asyncio.to_thread(
            self._client.delete_message,
            QueueUrl=self._url,
            ReceiptHandle=message["ReceiptHandle"],
        )

    async def return_at_once(self, message: dict[str, Any]) -> None:
        """Give it back: after the tries the queue allows it is put aside."""
        await asyncio.to_thread(
            self._client.change_message_visibility,
            QueueUrl=self._url,
            ReceiptHandle=message["ReceiptHandle"],
            VisibilityTimeout=0,
        )
