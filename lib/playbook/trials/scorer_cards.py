"""What each scorer does, expects and takes, as its own file says it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping

from playbook.records import FieldRow, Record, describe
from playbook.trials.scorers import Scorer, all_scorers
from playbook.trials.scorers.registry import KIND_WORDS

READ_BY = {
    "rule": "a rule",
    "judge": "a judge model, in a phase after the answers (`trials.judge`)",
    "judge_of_pairs": "a judge model that compares two endpoints (`trials.judge`)",
}
OUTCOME_WORDS = {"answered": "answers", "filtered": "filtered answers", "truncated": "cut answers"}


class OptionCard(Record):
    """One option of a scorer."""

    name: str
    """Name in a prompt's scorer."""
    values: str
    """What it may be."""
    default: str
    """Default as JSON; empty where it must be given."""
    meaning: str
    """What it does."""


class ScorerCard(Record):
    """One scorer as a reference page shows it."""

    name: str
    """Name in prompt sets."""
    summary: str
    """What it returns, in one sentence."""
    details: str
    """The rest of what must be known, in paragraphs."""
    expects: str
    """Kinds of `expected` that it compares with."""
    scores: str
    """Outcomes that it scores."""
    read_by: str
    """What gives the score."""
    added_by: str
    """Installed package that added it; empty for the playbook's own."""
    options: tuple[OptionCard, ...]
    """Options beside `name`, `expected`, `unwanted` and `at_least`, which every scorer takes."""
    use: str
    """How a prompt names it, as JSON."""
    example: str
    """Its example in Python."""


def scorer_cards() -> tuple[ScorerCard, ...]:
    """Return a card for each scorer that can be used here, by name."""
    return tuple(_card(one) for one in all_scorers().values())


def _card(one: Scorer) -> ScorerCard:
    words = inspect.getdoc(one.function) or ""
    text, _, example = words.partition("\n\nExample:\n")
    summary, _, details = text.partition("\n\n")
    kinds = " or ".join(KIND_WORDS[kind] for kind in one.expects)
    rows = describe(one.options)
    return ScorerCard(
        name=one.name,
        summary=_joined(summary),
        details="\n".join(_joined(part) for part in details.split("\n\n") if part),
        expects=kinds or "nothing",
        scores=", ".join(OUTCOME_WORDS[name] for name in OUTCOME_WORDS if name in one.outcomes),
        read_by=READ_BY[one.read_by],
        added_by=one.added_by,
        options=tuple(_option(row, one.options.model_json_schema()) for row in rows),
        use=json.dumps({"name": one.name} | {row.name: "..." for row in rows if row.required}),
        example=inspect.cleandoc(example),
    )


def _joined(text: str) -> str:
    return " ".join(text.split())


def _option(row: FieldRow, schema: Mapping[str, object]) -> OptionCard:
    properties = schema.get("properties")
    found = properties.get(row.name, {}) if isinstance(properties, dict) else {}
    default = "" if row.required else json.dumps(found.get("default", row.default), default=str)
    return OptionCard(
        name=row.name,
        values=_values(found) + (f", {row.unit}" if row.unit else ""),
        default=default,
        meaning=_joined(row.description),
    )


def _values(schema: Mapping[str, object]) -> str:
    """Return what an option may be, from its JSON schema."""
    several = schema.get("anyOf")
    if isinstance(several, list):
        return " or ".join(_values(one) for one in several)
    if isinstance(listed := schema.get("enum"), list):
        return " or ".join(json.dumps(one) for one in listed)
    words = str(schema.get("type", "any value"))
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    ends = [f"from {low}" if "minimum" in schema else f"above {low}"] if low is not None else []
    ends += [f"to {high}"] if high is not None else []
    return " ".join([{"null": "null", "object": "an object"}.get(words, words), *ends])
