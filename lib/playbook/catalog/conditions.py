"""Conditions of controls: a checked tree over a team's facts and an option's attributes.

`{fact: data.org_roles, has_any: [us_bank]}`, `{opt: perimeter, in: [on_prem]}`, `{set: vendor}`,
`{all: [...]}`, `{any: [...]}`, `{not: ...}`, `{always: true}`. They are data: evaluation, where a
missing value is *unknown*, is the compliance stage's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from playbook.records import Record
from playbook.vocabulary import Certificate, Contract, DataType, Lane, Modality, Operator, Perimeter

Value = str | bool | int | float
Verb = Literal[
    "is", "in", "has", "has_any", "has_all", "surely_has_any", "subset_of", "within_fact",
    "gt", "gte", "lt", "lte", "stated",
]  # fmt: skip
"""What a leaf asks. `surely_has_any` is no where the list is unknown; `stated` is never unknown."""

LIST_VERBS = ("has", "has_any", "has_all", "surely_has_any", "subset_of", "within_fact")
NUMBER_VERBS = ("gt", "gte", "lt", "lte")
ATTRIBUTES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "operator": ("word", get_args(Operator)),
    "operator_jurisdiction": ("list", ()),
    "processing_regions": ("list", ()),
    "perimeter": ("word", get_args(Perimeter)),
    "lane": ("word", tuple(lane.value for lane in Lane)),
    "retention_days": ("number", ()),
    "trains_on_inputs": ("bool", ()),
    "contracts": ("list", get_args(Contract)),
    "certifications": ("list", get_args(Certificate)),
    "us_persons_only": ("bool", ()),
    "model_origin": ("list", ()),
    "model_developer": ("word", ()),
    "model_modalities": ("list", get_args(Modality)),
    "licence": ("word", ()),
    "open_weights": ("bool", ()),
    "tuned_on": ("list", get_args(DataType)),
    "region_must_be_pinned": ("bool", ()),
}
"""Attribute of an option to its kind and, where closed, its words."""


class Comparison(Record):
    """One comparison; in YAML `{fact: NAME, VERB: VALUE}` or `{opt: NAME, VERB: VALUE}`."""

    of: Literal["fact", "opt"]
    """Whether a fact of the team or an attribute of the option is compared."""
    name: str
    """Profile field such as `data.org_roles`, or option attribute such as `perimeter`."""
    verb: Verb
    """Comparison."""
    values: tuple[Value, ...]
    """What it is compared with."""

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, given: Any) -> Any:  # noqa: ANN401  raw YAML
        if not isinstance(given, dict) or "verb" in given:
            return given
        of = "fact" if "fact" in given else "opt"
        verbs = [key for key in given if key != of]
        if len(verbs) != 1:
            raise ValueError(f"needs `{of}` and exactly one comparison, got {sorted(given)}")
        value = given[verbs[0]]
        if isinstance(value, dict) or value is None:
            raise ValueError(f"{verbs[0]} needs a value or a list of values")
        values = tuple(value) if isinstance(value, list) else (value,)
        return {"of": of, "name": given[of], "verb": _known_verb(verbs[0]), "values": values}

    @model_validator(mode="after")
    def _fits(self) -> Comparison:
        problem = _shape_problem(self) or (_attribute_problem(self) if self.of == "opt" else "")
        if problem:
            raise ValueError(problem)
        return self


class NamedSet(Record):
    """An option set by name, such as `third_party_touch`; filled in when the regimes are read."""

    set: str
    """Its name."""
    condition: Condition | None = None
    """What it stands for."""
    words: str = ""
    """What it stands for, in words."""


class AllOf(Record):
    """Every condition holds."""

    all: tuple[Condition, ...] = Field(min_length=1)
    """Conditions."""


class AnyOf(Record):
    """At least one condition holds."""

    any: tuple[Condition, ...] = Field(min_length=1)
    """Conditions."""


class Not(Record):
    """The condition does not hold."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    condition: Condition = Field(alias="not")
    """Condition."""

    @model_validator(mode="after")
    def _denies_no_surely(self) -> Not:
        if any(test.verb == "surely_has_any" for test in comparisons_in(self.condition)):
            raise ValueError("`not` with surely_has_any takes unknown for no; use has_any")
        return self


class Always(Record):
    """Holds for everyone."""

    always: Literal[True] = True
    """Only `true` makes sense."""


_KEYS = {"fact": "test", "opt": "test", "set": "set", "all": "all", "any": "any", "not": "not",
         "always": "always"}  # fmt: skip


def _kind(given: object) -> str:
    """Return which kind of condition raw YAML or a record is."""
    if isinstance(given, dict):
        return next((kind for key, kind in _KEYS.items() if key in given), "test")
    if isinstance(given, Always):
        return "always"
    return next((_KEYS[key] for key in ("set", "all", "any") if hasattr(given, key)), (
        "not" if isinstance(given, Not) else "test"
    ))  # fmt: skip


Condition = Annotated[
    Annotated[Comparison, Tag("test")]
    | Annotated[NamedSet, Tag("set")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Always, Tag("always")],
    Discriminator(_kind),
]

for _record in (NamedSet, AllOf, AnyOf, Not):
    _record.model_rebuild()


def comparisons_in(condition: Condition) -> Iterator[Comparison]:
    """Yield every comparison of a condition, named sets opened."""
    if isinstance(condition, Comparison):
        yield condition
    elif isinstance(condition, (AllOf, AnyOf)):
        for part in condition.all if isinstance(condition, AllOf) else condition.any:
            yield from comparisons_in(part)
    elif isinstance(condition, (Not, NamedSet)) and condition.condition is not None:
        yield from comparisons_in(condition.condition)


def _known_verb(verb: object) -> str:
    known = get_args(Verb)
    if verb in known:
        return str(verb)
    near = get_close_matches(str(verb), known, n=1)
    advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
    raise ValueError(f"comparison {verb!r} is unknown; {advice}")


def _shape_problem(test: Comparison) -> str:
    numbers = [isinstance(one, (int, float)) and not isinstance(one, bool) for one in test.values]
    if test.verb in NUMBER_VERBS and not (len(numbers) == 1 and numbers[0]):
        return f"{test.verb} needs one number, got {test.values}"
    if test.verb == "stated" and test.values != (True,):
        return "stated takes only `true`"
    if test.verb == "is" and len(test.values) != 1:
        return "`is` needs one value; use `in` for several"
    if test.verb in LIST_VERBS and not all(isinstance(one, str) for one in test.values):
        return f"{test.verb} needs words, got {test.values}; quote words such as 'NO'"
    return ""


def _attribute_problem(test: Comparison) -> str:
    if test.name not in ATTRIBUTES:
        near = get_close_matches(test.name, ATTRIBUTES, n=1)
        advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(ATTRIBUTES)}"
        return f"option attribute {test.name!r} is unknown; {advice}"
    kind, words = ATTRIBUTES[test.name]
    return comparison_problem(test, kind, words)


def comparison_problem(test: Comparison, kind: str, words: tuple[str, ...]) -> str:
    """Return why a comparison does not fit a value of a kind, or an empty string.

    Args:
        test: The comparison.
        kind: `word`, `list`, `number` or `bool`: what the compared value is.
        words: The words it may hold; empty where the list is open.
    """
    allowed: dict[str, tuple[str, ...]] = {
        "list": LIST_VERBS, "number": (*NUMBER_VERBS, "is"), "bool": ("is",), "word": ("is", "in"),
    }  # fmt: skip
    if test.verb != "stated" and test.verb not in allowed[kind]:
        return f"{test.name} is a {kind}; {test.verb} does not fit, use {', '.join(allowed[kind])}"
    if test.verb in ("stated", "within_fact"):
        return ""
    if kind == "bool" and not isinstance(test.values[0], bool):
        return f"{test.name} is true or false, got {test.values[0]!r}"
    if kind == "word" and not all(isinstance(one, str) for one in test.values):
        return f"{test.name} is a word, got {test.values}"
    for value in test.values:
        if words and value not in words:
            near = get_close_matches(str(value), words, n=1)
            advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(words)}"
            return f"{value!r} is no value of {test.name}; {advice}"
    return ""
