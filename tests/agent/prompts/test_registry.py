"""Prompts in files: checked, drawn by thread, told apart by their sha."""

from collections import Counter
from pathlib import Path

import pytest

from agent.errors import ConfigurationError, NotFoundError
from agent.models.tokens import estimate_tokens
from agent.prompts.registry import PromptRegistry, draw, load

PROMPT = """---
version: 1
description: Test.
variables: [company, text]
max_output_tokens: 100
weight: {weight}
---
## system
You cite.

## user
{greeting} {{{{ company }}}}
{{{{ text }}}}
"""


@pytest.fixture
def prompts(tmp_path: Path) -> PromptRegistry:
    (tmp_path / "greet").mkdir()
    for arm, weight, greeting in (("a", 80, "Hello"), ("b", 20, "Dear")):
        text = PROMPT.format(weight=weight, greeting=greeting)
        (tmp_path / "greet" / f"{arm}.md").write_text(text, "utf-8")
    return PromptRegistry(tmp_path)


def test_every_prompt_of_the_project_is_sound() -> None:
    registry = PromptRegistry()
    names = {prompt.name for prompt in registry.all}
    assert {"summarize", "synthesize", "answer", "identify", "understand", "repair"} <= names
    for prompt in registry.all:
        rendered = prompt.render(**dict.fromkeys(prompt.head.variables, "x"))
        assert estimate_tokens(rendered.system + rendered.user) < 900
        assert "data" in rendered.system
        assert prompt.head.variables.count("fence") == 1


def test_values_are_filled_in_and_never_run_as_a_template(prompts: PromptRegistry) -> None:
    rendered = prompts.get("greet", "a").render(company="{{ 7 * 7 }}", text="{% raw %}")
    assert rendered.user == "Hello {{ 7 * 7 }}\n{% raw %}"
    assert rendered.system == "You cite."
    assert len(rendered.sha) == 12


def test_a_missing_or_unknown_variable_is_refused(prompts: PromptRegistry) -> None:
    prompt = prompts.get("greet", "a")
    for values in ({"company": "x"}, {"company": "x", "text": "y", "more": "z"}):
        with pytest.raises(ConfigurationError, match="It takes: company, text"):
            prompt.render(**values)


def test_a_thread_keeps_its_arm_and_threads_share_out_by_weight(prompts: PromptRegistry) -> None:
    arms = [prompts.choose("greet", f"thread-{n}").arm for n in range(2000)]
    assert arms == [prompts.choose("greet", f"thread-{n}").arm for n in range(2000)]
    assert 0.75 < Counter(arms)["a"] / 2000 < 0.85


def test_a_pinned_arm_wins_over_the_draw(prompts: PromptRegistry) -> None:
    for n in range(20):
        assert prompts.choose("greet", f"t{n}", {"greet": "b"}).arm == "b"
    assert set(prompts.arms("t1")) == {"greet"}


def test_the_draw_is_the_same_everywhere() -> None:
    weights = {"a": 50, "b": 50}
    assert [draw("summarize", f"t{n}", weights) for n in range(8)] == list("ababbbbb")


def test_an_arm_of_no_weight_is_never_drawn() -> None:
    assert {draw("x", str(n), {"a": 0, "b": 1}) for n in range(50)} == {"b"}
    with pytest.raises(ConfigurationError, match="weight above 0"):
        draw("x", "t", {"a": 0})


def test_any_change_of_the_file_changes_the_sha(prompts: PromptRegistry, tmp_path: Path) -> None:
    before = prompts.get("greet", "a").sha
    path = tmp_path / "greet" / "a.md"
    path.write_text(path.read_text("utf-8") + " ", "utf-8")
    assert load(path).sha != before


def test_shows_lists_and_compares(prompts: PromptRegistry) -> None:
    assert [(p.name, p.arm, p.head.weight) for p in prompts.all] == [
        ("greet", "a", 80),
        ("greet", "b", 20),
    ]
    assert prompts.show("greet", "a").startswith("---\nversion: 1")
    diff = prompts.diff("greet", "a", "b")
    assert "-Hello {{ company }}" in diff
    assert "+Dear {{ company }}" in diff
    assert prompts.diff("greet", "a", "a") == ""


def test_an_unknown_prompt_or_arm_names_those_there_are(prompts: PromptRegistry) -> None:
    with pytest.raises(NotFoundError, match="There are: greet"):
        prompts.choose("greets", "t")
    with pytest.raises(NotFoundError, match="It has: a, b"):
        prompts.show("greet", "../a")


@pytest.mark.parametrize(
    ("change", "reason"),
    (
        (("## user", "## uesr"), "not laid out"),
        (("version: 1\n", ""), "not valid"),
        (("version: 1", "version: one"), "not valid"),
        (("[company, text]", "[company]"), "declares"),
        (("{{ text }}", "{{ text"), "not valid"),
        (("Test.", "Test.\nmore: 1"), "not valid"),
    ),
)
def test_a_faulty_file_is_named_with_its_fault(
    tmp_path: Path, change: tuple[str, str], reason: str
) -> None:
    path = tmp_path / "greet" / "a.md"
    path.parent.mkdir()
    path.write_text(PROMPT.format(weight=1, greeting="Hi").replace(*change), "utf-8")
    with pytest.raises(ConfigurationError, match=reason) as error:
        load(path)
    assert "greet/a.md" in str(error.value)
