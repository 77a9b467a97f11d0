"""The client's files: no outside host, the same keys as the client's own translation."""

import json
import re
import tomllib
from pathlib import Path

import chainlit
import pytest

from app.chat.boot import app_root

ROOT = app_root()
PUBLIC = ROOT / "public"
NAMESPACE = "http://www.w3.org/2000/svg"


@pytest.mark.parametrize(
    "path", sorted(p for p in PUBLIC.rglob("*") if p.is_file()), ids=lambda p: p.name
)
def test_no_file_of_the_client_calls_another_host(path: Path) -> None:
    # Latin-1 maps every byte to one character: pictures are searched as well as text.
    text = path.read_text("latin-1").replace(NAMESPACE, "")
    assert not re.search(r"https?://|//[a-z0-9-]+\.[a-z]{2,}/", text)


def test_no_font_is_fetched() -> None:
    assert json.loads((PUBLIC / "theme.json").read_text())["custom_fonts"] == []


def keys(value: object, path: str = "") -> set[str]:
    if not isinstance(value, dict):
        return {path}
    return {key for name, part in value.items() for key in keys(part, f"{path}.{name}")}


def test_our_translation_has_exactly_the_client_s_keys() -> None:
    theirs = Path(chainlit.__file__).parent / "translations" / "en-US.json"
    ours = ROOT / ".chainlit" / "translations" / "en-US.json"
    assert keys(json.loads(ours.read_text())) == keys(json.loads(theirs.read_text()))


def test_the_client_s_risky_features_are_off() -> None:
    config = tomllib.loads((ROOT / ".chainlit" / "config.toml").read_text())
    features = config["features"]
    off = ("unsafe_allow_html", "edit_message", "allow_thread_sharing", "latex")
    assert not any(features[name] for name in off)
    assert not features["mcp"]["enabled"]
    assert list(features["spontaneous_file_upload"]["accept"]) == ["application/pdf"]
    assert config["project"]["transports"] == ["websocket"]


@pytest.mark.parametrize("path", sorted((PUBLIC / "elements").glob("*.jsx")), ids=lambda p: p.stem)
def test_every_element_keeps_one_component_across_evaluations(path: Path) -> None:
    """Else what a reader types is lost whenever the client draws anew (see isra.js)."""
    text = path.read_text()
    assert f'keep("{path.stem}", {path.stem})' in text
    assert "export default <Kept" in text
