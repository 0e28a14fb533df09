"""Prompt sets as records: prompts, what a right answer is, and how it is scored."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr

from playbook.profile.sections import PromptId, Slug
from playbook.records import Record
from playbook.trials.client import Message, Request, Tool, ToolCall
from playbook.trials.scorers import Expected
from playbook.vocabulary import DataClass, DataType

ShortText = Annotated[str, Field(max_length=1_000)]
Name = Annotated[str, Field(max_length=120)]
LongText = Annotated[str, Field(max_length=400_000)]


class PromptToolCall(Record):
    """A call of a tool that an assistant's message makes."""

    name: Name
    """Name of the tool."""
    arguments: dict[str, Any] = Field(default_factory=dict)
    """Its arguments."""
    id: Name = ""
    """What the tool's answer refers to."""


class PromptMessage(Record):
    """One chat message of a prompt."""

    role: Literal["system", "user", "assistant", "tool"]
    """Who speaks."""
    content: LongText
    """What is said."""
    images: tuple[str, ...] = ()
    """Images as data URLs; in a file also paths inside its folder. Png, jpeg, webp or gif."""
    tool_calls: tuple[PromptToolCall, ...] = ()
    """Of an assistant: what it called."""
    tool_call_id: Name = ""
    """Of a tool: which call this answers."""

    @property
    def message(self) -> Message:
        """Return it as a request sends it."""
        calls = tuple(
            ToolCall(one.name, json.dumps(one.arguments), one.id) for one in self.tool_calls
        )
        return Message(self.role, self.content, self.images, calls, self.tool_call_id)


class PromptSetHeader(Record):
    """What a prompt set is and how sensitive it is; the first line of its file."""

    id: Slug
    """Name; the file is `<id>.jsonl`."""
    title: ShortText = ""
    """Name as the report shows it."""
    description: ShortText = ""
    """What the prompts ask for."""
    data_class: DataClass = DataClass.RESTRICTED
    """Highest class of data in it; no label counts as restricted."""
    data_types: tuple[DataType, ...] = ()
    """Types of data in it; empty means unknown."""
    owner: ShortText = ""
    """Role that answers for the label."""
    synthetic: bool | None = None
    """Whether it was made up; leave out if unknown."""
    source: ShortText = ""
    """Where the prompts come from."""
    licence: ShortText = ""
    """Licence of the prompts."""
    template: LongText | tuple[PromptMessage, ...] | None = None
    """For prompts that give only `variables`: a text, or messages, with `{{ name }}` to fill in."""


class PromptTool(Record):
    """A tool that the model may call."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    """Name."""
    description: ShortText = ""
    """What it does."""
    parameters: dict[str, Any] = Field(default_factory=dict)
    """JSON schema of its arguments."""


JsonExpected = StrictStr | StrictInt | StrictFloat | dict[str, Any] | list[StrictStr] | None


class ScorerUse(Record):
    """A scorer with its options, as a prompt names it."""

    name: str
    """Name of the scorer."""
    options: dict[str, Any] = Field(default_factory=dict)
    """Its options; those left out have their default."""
    at_least: Annotated[float, Field(gt=0, le=1, strict=True)] = 1.0
    """Least score that passes; full marks where left out."""
    expected: JsonExpected = None
    """What it compares with, if not the prompt's own `expected`."""
    unwanted: StrictBool = False
    """Whether it looks for what must not be there: its score is turned round."""

    def compares_with(self, expected: Expected) -> Expected:
        """Return what it compares with, given the prompt's own expected value."""
        return expected if self.expected is None else self.expected  # type: ignore[return-value]  # list[str] is a list of JSON values

    def turned(self, score: float) -> float:
        """Return the score as it counts.

        Example:
            >>> ScorerUse(name="contains", unwanted=True).turned(1.0)
            0.0
        """
        return 1.0 - score if self.unwanted else score


class Prompt(Record):
    """One prompt, and what a right answer is."""

    id: PromptId
    """Name within its set."""
    task: Slug
    """Task it belongs to; results are given by task."""
    group: Name = ""
    """Template or document that prompts share; empty if it stands alone."""
    messages: Annotated[tuple[PromptMessage, ...], Field(min_length=1, max_length=200)]
    """The conversation so far; the last message is answered."""
    expected: JsonExpected = None
    """What the scorers compare with."""
    scorers: tuple[ScorerUse, ...] = ()
    """How answers are scored; a pass needs full marks, or its `at_least`, of every one."""
    tags: tuple[Name, ...] = ()
    """Free words by which results may be told apart."""
    documents: tuple[LongText, ...] = ()
    """Texts given to answer from, as they stand in the messages; scorers of groundedness look in
    them."""
    tools: tuple[PromptTool, ...] = ()
    """Tools that the model may call."""
    tool_choice: Literal["auto", "required", "none"] = "auto"
    """Whether it may, must or must not call one."""
    response_schema: dict[str, Any] | None = None
    """JSON schema that the endpoint is asked to keep the answer to."""
    max_tokens: Annotated[int, Field(ge=1, le=100_000)] = 256
    """Longest answer, in tokens."""
    repeats: Annotated[int, Field(ge=1, le=100)] = 1
    """Times that it is sent to each endpoint at least; the run may ask for more of all."""
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    """Sampling temperature, where the prompt needs another than the run's."""
    data_class: DataClass
    """Label in force: the higher of the set's and the prompt's own."""
    data_types: tuple[DataType, ...] = ()
    """Types in force: the set's and the prompt's own."""

    @property
    def wanted(self) -> Expected:
        """Return what the scorers compare with."""
        return self.expected  # type: ignore[return-value]  # list[str] is a list of JSON values

    def request(self, *, temperature: float = 0.0, seed: int | None = None) -> Request:
        """Return the request that asks it.

        Args:
            temperature: Of the run; the prompt's own goes before it.
            seed: For sampling; left out at temperature 0, where nothing is drawn.
        """
        own = temperature if self.temperature is None else self.temperature
        return Request(
            messages=tuple(one.message for one in self.messages),
            max_tokens=self.max_tokens,
            temperature=own,
            seed=seed if own > 0 else None,
            tools=tuple(Tool(one.name, one.description, one.parameters) for one in self.tools),
            tool_choice=self.tool_choice,
            response_schema=self.response_schema,
        )

    @property
    def shows_images(self) -> bool:
        """Return whether it holds an image, which no scan can read."""
        return any(one.images for one in self.messages)

    @property
    def cluster(self) -> str:
        """Return the group, or the prompt itself where it stands alone."""
        return self.group or f"prompt:{self.id}"


class PromptSet(Record):
    """A prompt set as read from its file."""

    header: PromptSetHeader
    """Label and origin."""
    prompts: tuple[Prompt, ...]
    """In the order of the file."""
    sha256: str
    """Hash of the file and of the image files that it shows."""

    @property
    def id(self) -> str:
        """Return the set's name."""
        return self.header.id
