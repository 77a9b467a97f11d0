"""The API does what its OpenAPI document says, for whatever is sent to it."""

import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

from tests.app.api.conftest import Api

CONFIG = Path(__file__).with_name("schemathesis.toml")


def test_the_description_names_its_version_and_gives_examples(api: Api) -> None:
    document = api.root.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert document["components"]["schemas"]["NewAnalysis"]["examples"]
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert all(one["security"] and one["operationId"] for one in operations)
    assert all("application/json" not in one["responses"]["422"]["content"] for one in operations)


def test_schemathesis_finds_nothing(start: Callable[..., Api], tmp_path: Path) -> None:
    """All its checks over all operations, and over ways through them; with an owner's token."""
    # A few analyses are enough to go through, and each costs seconds of computing.
    api = start(ISRA_MESSAGES_PER_MINUTE="4")
    done = subprocess.run(
        [
            Path(sysconfig.get_path("scripts")) / "schemathesis",
            f"--config-file={CONFIG}",
            "run",
            f"{api.server.base}/api/v1/openapi.json",
            f"--header=Authorization: Bearer {api.tokens['olga']}",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
