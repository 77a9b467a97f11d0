import json

import pytest

from agent.errors import InputError
from app.exports.bundle import from_bundle, to_bundle
from tests.app.exports.published import EVIL, analysis


def test_a_bundle_is_read_back_as_the_same_analysis() -> None:
    published = analysis(text=EVIL, fictional=True)
    assert from_bundle(to_bundle(published)) == published


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format":"other","version":1}'])
def test_anything_else_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(InputError, match="not an exported analysis") as caught:
        from_bundle(text)
    assert "Export the analysis again" in caught.value.do


def test_a_later_version_is_refused() -> None:
    later = json.loads(to_bundle(analysis())) | {"version": 2}
    with pytest.raises(InputError):
        from_bundle(json.dumps(later))
