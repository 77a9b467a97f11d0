"""Requests of other systems, by messages of a real SQS server (moto), to workers on Postgres."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from pydantic import ValidationError

from agent.memory.database import make_engine, upgrade
from agent.settings import Settings
from app.intake import IntakeMessage
from graph.analyses import AnalysisTable
from tests.bucket import Bucket
from tests.graph.storage import settings_over
from tests.graph.test_queue import working

OWNER = "ada"
TRIES = 2


@dataclass(frozen=True)
class Queues:
    url: str
    dead_url: str
    client: Any

    def send(self, body: str) -> None:
        self.client.send_message(QueueUrl=self.url, MessageBody=body)

    def waiting(self, url: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.client.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(told[name]) for name in names)


@pytest.fixture
def queues(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queues]:
    # `bucket` sets the keys of the same server.
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", bucket.endpoint)
    client = boto3.client("sqs", region_name="eu-central-1")
    dead = client.create_queue(QueueName="dead")["QueueUrl"]
    arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]
    policy = {"deadLetterTargetArn": arn["QueueArn"], "maxReceiveCount": TRIES}
    url = client.create_queue(QueueName="intake", Attributes={"RedrivePolicy": json.dumps(policy)})[
        "QueueUrl"
    ]
    yield Queues(url, dead, client)
    for made in (url, dead):
        client.delete_queue(QueueUrl=made)


@pytest.fixture
def settings(tmp_path: Path, postgres_url: str, queues: Queues) -> Settings:
    made = settings_over(
        tmp_path / "data",
        postgres_url,
        worker_heartbeat=0.5,
        drain_seconds=1,
        intake_queue=queues.url,
        s3_region="eu-central-1",
    )
    upgrade(made.resolved_database_url)
    return made


def message(id_: str = "crm-1", **analysis: Any) -> str:
    wanted = {"industry": "sample cement", "limit": 1, **analysis}
    return json.dumps({"id": id_, "owner": OWNER, "analysis": wanted})


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await holds():
            await asyncio.sleep(0.2)


async def found(settings: Settings) -> list[str]:
    engine = make_engine(settings.resolved_database_url)
    try:
        return [row.analysis_id for row in await AnalysisTable(engine).newest(OWNER)]
    finally:
        await engine.dispose()


async def test_a_message_sent_twice_starts_one_analysis(settings: Settings, queues: Queues) -> None:
    queues.send(message())
    queues.send(message())

    async def taken() -> bool:
        return queues.waiting(queues.url) == 0

    async with working(settings):
        await until(taken)
    asked = IntakeMessage.model_validate_json(message())
    assert await found(settings) == [asked.analysis_id]
    assert queues.waiting(queues.dead_url) == 0


async def test_messages_that_cannot_be_used_are_put_aside(
    settings: Settings, queues: Queues
) -> None:
    nothing_asked = '{"id": "x", "owner": "ada"}'
    unusable = ["not JSON", nothing_asked, message(limit=0), message(model="openai:unknown")]
    for body in unusable:
        queues.send(body)

    async def put_aside() -> bool:
        return queues.waiting(queues.dead_url) == len(unusable)

    async with working(settings):
        await until(put_aside)
    assert await found(settings) == []


async def test_an_id_used_for_other_work_is_put_aside(settings: Settings, queues: Queues) -> None:
    queues.send(message(limit=1))

    async def taken() -> bool:
        return queues.waiting(queues.url) == 0

    async def put_aside() -> bool:
        return queues.waiting(queues.dead_url) == 1

    async with working(settings):
        await until(taken)
        queues.send(message(limit=2))
        await until(put_aside)
    assert len(await found(settings)) == 1


def test_the_same_id_of_two_users_is_two_analyses() -> None:
    first = IntakeMessage.model_validate_json(message())
    assert first.model_copy(update={"owner": "bob"}).analysis_id != first.analysis_id


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError, match="surprise"):
        IntakeMessage.model_validate_json(message(surprise=1))
