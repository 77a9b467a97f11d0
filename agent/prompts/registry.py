"""Prompts in files: `<name>/<arm>.md` with YAML front matter, `## system` and `## user`.

The first twelve digits of a file's sha256 stand with every call and result made with it.
"""

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml
from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import ConfigurationError, NotFoundError

FOLDER = Path(__file__).parent

_ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
)


class FrontMatter(BaseModel):
    """What stands at the head of a prompt file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    version: int = Field(ge=1)
    description: str = Field(min_length=1)
    variables: list[str]
    """Every name the texts use; a prompt is rendered with these and no others."""
    max_output_tokens: int = Field(ge=16, le=32_768)
    weight: int = Field(default=100, ge=0)
    """Share of threads this arm gets, among the arms of its prompt."""


@dataclass(frozen=True)
class Rendered:
    """A prompt ready to be sent."""

    name: str
    arm: str
    sha: str
    system: str
    user: str
    max_output_tokens: int


@dataclass(frozen=True)
class Prompt:
    """One arm of one prompt."""

    name: str
    arm: str
    sha: str
    head: FrontMatter
    system: Template
    user: Template

    def render(self, **values: object) -> Rendered:
        """Fill in the values.

        Raises ConfigurationError where a declared variable is missing or one is not declared.
        """
        if set(values) != set(self.head.variables):
            raise ConfigurationError(
                f"The prompt {self.name}/{self.arm} was given other variables than it declares.",
                f"It takes: {', '.join(self.head.variables)}.",
            )
        return Rendered(
            name=self.name,
            arm=self.arm,
            sha=self.sha,
            system=self.system.render(values),
            user=self.user.render(values),
            max_output_tokens=self.head.max_output_tokens,
        )


class PromptRegistry:
    """The prompts of a folder, read and checked once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @cached_property
    def _prompts(self) -> dict[str, dict[str, Prompt]]:
        prompts: dict[str, dict[str, Prompt]] = {}
        for path in sorted(self._folder.glob("*/*.md")):
            prompts.setdefault(path.parent.name, {})[path.stem] = load(path)
        return prompts

    @property
    def all(self) -> tuple[Prompt, ...]:
        """Every arm of every prompt, by name."""
        return tuple(prompt for arms in self._prompts.values() for prompt in arms.values())

    def get(self, name: str, arm: str) -> Prompt:
        """One arm.

        Raises NotFoundError, naming those there are.
        """
        arms = self._arms(name)
        if arm not in arms:
            raise NotFoundError(
                f"The prompt {name} has no arm {arm!r}.", f"It has: {', '.join(arms)}."
            )
        return arms[arm]

    def choose(self, name: str, thread: str, pinned: Mapping[str, str] | None = None) -> Prompt:
        """The arm of a thread: the pinned one where there is one, else the drawn one.

        The draw depends on prompt and thread alone, so a thread keeps its arm. Keep the arms
        of a run with it all the same (`arms`): weights may change before it is resumed. An arm
        that was taken out meanwhile is drawn anew.
        """
        arms = self._arms(name)
        if pinned and pinned.get(name) in arms:
            return arms[pinned[name]]
        return arms[draw(name, thread, {arm: p.head.weight for arm, p in arms.items()})]

    def arms(self, thread: str) -> dict[str, str]:
        """The arm of every prompt for a thread, to be stored with its run."""
        return {name: self.choose(name, thread).arm for name in self._prompts}

    def show(self, name: str, arm: str) -> str:
        """The file's text as it is.

        Raises NotFoundError.
        """
        self.get(name, arm)
        return (self._folder / name / f"{arm}.md").read_text("utf-8")

    def diff(self, name: str, arm: str, other: str) -> str:
        """A unified diff between two arms; empty where they do not differ.

        Raises NotFoundError.
        """
        one, two = self.show(name, arm).splitlines(), self.show(name, other).splitlines()
        names = (f"{name}/{arm}.md", f"{name}/{other}.md")
        return "\n".join(difflib.unified_diff(one, two, *names, lineterm=""))

    def _arms(self, name: str) -> dict[str, Prompt]:
        if name not in self._prompts:
            raise NotFoundError(
                f"There is no prompt {name!r}.", f"There are: {', '.join(self._prompts)}."
            )
        return self._prompts[name]


def draw(experiment: str, thread: str, weights: Mapping[str, int]) -> str:
    """The arm of a thread in an experiment: the same whenever and wherever it is drawn.

    Raises ConfigurationError where no arm has a weight.
    """
    total = sum(weights.values())
    if total <= 0:
        raise ConfigurationError(
            f"No arm of the prompt {experiment} has a weight above 0.", "Give one a weight."
        )
    digest = hashlib.sha256(f"{experiment}:{thread}".encode()).digest()
    point = int.from_bytes(digest[:8], "big") % total
    for arm, weight in sorted(weights.items()):
        if point < weight:
            return arm
        point -= weight
    raise AssertionError("the point lies below the sum of the weights")


def load(path: Path) -> Prompt:
    """Read and check one prompt file.

    Raises ConfigurationError naming the file and what is wrong with it.
    """
    text = path.read_text("utf-8")
    label = f"{path.parent.name}/{path.name}"
    _, _, rest = text.partition("---\n")
    front, mark, body = rest.partition("\n---\n")
    opening, system_mark, sections = body.partition("## system\n")
    system, user_mark, user = sections.partition("\n## user\n")
    if not (mark and system_mark and user_mark) or opening.strip():
        raise ConfigurationError(
            f"The prompt {label} is not laid out as it must be.",
            "It takes front matter between two lines of ---, then ## system, then ## user.",
        )
    try:
        head = FrontMatter.model_validate(yaml.safe_load(front))
        used = meta.find_undeclared_variables(_ENVIRONMENT.parse(body))
        templates = (_template(system), _template(user))
    except (ValidationError, yaml.YAMLError, TemplateError) as error:
        raise ConfigurationError(
            f"The prompt {label} is not valid: {error}", "Correct it."
        ) from None
    if used != set(head.variables):
        raise ConfigurationError(
            f"The prompt {label} declares {sorted(head.variables)} and uses {sorted(used)}.",
            "Make the two equal.",
        )
    sha = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Prompt(path.parent.name, path.stem, sha, head, *templates)


def _template(text: str) -> Template:
    return _ENVIRONMENT.from_string(text.strip())
