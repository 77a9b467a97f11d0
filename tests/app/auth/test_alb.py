"""The load balancer's header: believed only with its signature, its signer and before its end."""

import base64
import json
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from agent.errors import ConfigurationError
from agent.settings import Settings
from app.auth.alb import AlbKeys, AlbVerifier
from app.auth.visitor import Visitor

SIGNER = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/isra/0123"


@dataclass
class KeyServer:
    """Serves public keys by id, as AWS does, and counts what it is asked for."""

    keys: dict[str, ec.EllipticCurvePrivateKey] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def new_key(self) -> str:
        key_id = str(uuid.uuid4())
        self.keys[key_id] = ec.generate_private_key(ec.SECP256R1())
        return key_id

    def pem(self, key_id: str) -> bytes | None:
        self.asked.append(key_id)
        key = self.keys.get(key_id)
        if key is None:
            return None
        return key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@pytest.fixture
def server() -> Iterator[KeyServer]:
    held = KeyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = held.pem(self.path.strip("/"))
            self.send_response(200 if body else 404)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    held.address = f"http://127.0.0.1:{http.server_port}"
    yield held
    http.shutdown()
    thread.join()
    http.server_close()


def token(server: KeyServer, key_id: str, **changes: Any) -> str:
    """A header as the balancer makes it: base64 with padding, which other JWTs do not have."""
    head = {"alg": "ES256", "kid": key_id, "signer": SIGNER, "typ": "JWT"}
    claims: dict[str, Any] = {
        "sub": "u-1",
        "name": "Ada",
        "email": "ada@example.org",
        "exp": int(time.time()) + 60,
    }
    head |= {k: v for k, v in changes.items() if k in head}
    claims |= {k: v for k, v in changes.items() if k not in head}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in (head, claims)]
    signed = jwt.get_algorithm_by_name("ES256").sign(b".".join(parts), server.keys[key_id])
    return b".".join([*parts, base64.urlsafe_b64encode(signed)]).decode()


def verifier(server: KeyServer, claim: Any = "sub") -> AlbVerifier:
    return AlbVerifier(AlbKeys(server.address), SIGNER, claim)


async def named(checked: AlbVerifier, header: str) -> Visitor | None:
    return await checked.visitor({"x-amzn-oidc-data": header})


async def test_a_signed_header_names_its_user_and_its_key_is_fetched_once(
    server: KeyServer,
) -> None:
    key = server.new_key()
    checked = verifier(server)
    for _ in range(3):
        assert await named(checked, token(server, key)) == Visitor("u-1", "Ada")
    assert server.asked == [key]


async def test_the_email_names_the_user_where_it_is_set_and_verified(server: KeyServer) -> None:
    key = server.new_key()
    checked = verifier(server, "email")
    assert await named(checked, token(server, key)) == Visitor("ada@example.org", "Ada")
    for unverified in (False, "false"):
        assert await named(checked, token(server, key, email_verified=unverified)) is None


@pytest.mark.parametrize(
    "changes",
    [{"signer": SIGNER + "4"}, {"exp": 1}, {"alg": "HS256"}, {"alg": "none"}, {"sub": ""}],
)
async def test_another_signer_an_old_header_or_another_algorithm_is_refused(
    server: KeyServer, changes: dict[str, Any]
) -> None:
    key = server.new_key()
    assert await named(verifier(server), token(server, key, **changes)) is None


async def test_a_header_that_was_changed_or_signed_by_another_key_is_refused(
    server: KeyServer,
) -> None:
    key, other = server.new_key(), server.new_key()
    head, _, signature = token(server, key).split(".")
    _, claims, _ = token(server, key, sub="admin").split(".")
    assert await named(verifier(server), f"{head}.{claims}.{signature}") is None
    server.keys[key], server.keys[other] = server.keys[other], server.keys[key]
    forged = token(server, key)
    server.keys[key] = server.keys[other]
    assert await named(verifier(server), forged) is None


async def test_an_unknown_key_is_asked_for_once_and_an_odd_id_never(server: KeyServer) -> None:
    key = server.new_key()
    unknown, odd = token(server, key), token(server, key, kid="../secrets")
    del server.keys[key]
    checked = verifier(server)
    for header in (unknown, unknown, odd, "", "no.token", "…"):
        assert await named(checked, header) is None
    assert server.asked == [key]


def test_the_balancer_must_be_named() -> None:
    with pytest.raises(ConfigurationError, match="ISRA_ALB_SIGNER"):
        AlbVerifier.of(Settings(auth="alb", alb_region="eu-central-1"))
    made = AlbVerifier.of(Settings(auth="alb", alb_region="eu-central-1", alb_signer=SIGNER))
    assert made.keys.address == "https://public-keys.auth.elb.eu-central-1.amazonaws.com"
