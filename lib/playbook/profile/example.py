"""The commented example of every field, made from the schema, and a new team's first file."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from importlib import resources

from playbook.errors import ParamsError
from playbook.profile.fields import LeafField, field_at
from playbook.profile.hints import written
from playbook.profile.profile import SECTIONS
from playbook.profile.sections import Team
from playbook.profile.writing import flow
from playbook.records import Record, describe

_WIDTH = 100
_HEAD = """\
# Every field of a params file, with what it takes and its default. Made from the schema.
# Lines that begin with `#` and a name are fields without a default: leave them out if unknown.
# Numbers may be written 10_000_000 or 1.0e7; shares go from 0 to 1; money is US dollars.
# Where {low, likely, high} is taken, one number stands for a value that is known exactly.
"""
_SAMPLES: dict[str, object] = {
    "date": "2027-01-29",
    "infrastructure.gpus": ("h100", "l40s"),
    "candidate_models": ("llama-3.1-8b-instruct", "claude-haiku-4-5-20251001"),
    "hourly_shape": (1, 1, 1, 1, 1, 1, 2, 4, 6, 8, 8, 8, 7, 8, 8, 8, 7, 5, 4, 3, 3, 2, 2, 1),
    "workload.tokens_counted_by": "gpt-4o-2024-08-06",
    "key": {"answers": "HIPAA-01", "contracts": "mistral", "suppliers": "openai"},
    "data.data_class": "internal",
    "id": "my_server",
    "litellm_model": "hosted_vllm/my-model",
    "api_base": "http://gpu-host.example:8000/v1",
    "engine": "vllm",
    "gpu": "h100",
    "trials.endpoints.*.gpus": 1,
    "precision": "bf16",
    "api_key_variable": "MY_SERVER_KEY",
    "prompt_set": "my_prompts",
    "rule": "email",
    "decided_on": "2026-11-23",
    "data.suppliers.*.processing_regions": ("US",),
    "trials.scan_overrides.*.owner": "data protection officer",
    "trials.scan_overrides.*.reason": "the addresses are made up",
    "trials.judge": "my_server",
    "trials.parity.*.first": "my_server",
    "trials.parity.*.second": "my_other_server",
    "trials.parity.*.margin": 0.05,
    "trials.load_lengths.*.input_tokens": 1_500,
    "trials.load_lengths.*.output_tokens": 256,
}
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")


def example_text() -> str:
    """Return `params/example.yaml`: every field with unit, bounds or choices, default, meaning."""
    return _HEAD + "".join(f"\n{line}" if line[:1].isalpha() else line for line in _lines())


def new_params_text(team_name: str) -> str:
    """Return the commented params file from which a new team starts.

    Args:
        team_name: Short name, also the folder of its reports.

    Raises:
        ParamsError: when the name cannot be a folder's.
    """
    if not _SLUG.fullmatch(team_name):
        meaning = next(row.description for row in describe(Team) if row.name == "name")
        raise ParamsError("playbook new", [f"{team_name[:60]!r} cannot be a name. {meaning}"])
    template = resources.files("playbook.profile").joinpath("new_team.yaml")
    return template.read_text(encoding="utf-8").replace("TEAM_NAME", team_name)


def _lines() -> Iterator[str]:
    for name, kind in SECTIONS.items():
        yield f"{name}:  # {' '.join((kind.__doc__ or '').split())}\n"
        yield from _fields((name,), kind, indent=2, hidden=False)


def _fields(
    steps: tuple[str, ...], kind: type[Record], *, indent: int, hidden: bool
) -> Iterator[str]:
    """Yield the lines of a record's fields; `hidden` ones are commented out."""
    for row in describe(kind):
        path = (*steps, row.name)
        yield from _comment(row.description, indent)
        inner = _inner(path)
        if inner:
            many = "*" in (*inner[0][len(path) :],)
            yield f"{' ' * indent}{'#' if many or hidden else ''}{row.name}:\n"
            yield from _inside(inner[0], inner[1], row.name, indent + 2)
            continue
        field = field_at(path)
        if field is not None:
            yield from _leaf(field, row.name, indent, hidden=hidden)


def _inner(path: tuple[str, ...]) -> tuple[tuple[str, ...], type[Record]] | None:
    """Return where the fields inside a field are, and their record class, if it holds any."""
    field = field_at(path)
    kind = field.kind if field else None
    if field is None or not (isinstance(kind, type) and issubclass(kind, Record)):
        return None
    keyed = field.many or field.default == {}
    return ((*path, "*") if keyed else path), kind


def _inside(path: tuple[str, ...], kind: type[Record], name: str, indent: int) -> Iterator[str]:
    if path[-1] != "*":
        yield from _fields(path, kind, indent=indent, hidden=False)
        return
    keys = _SAMPLES["key"]
    key = keys.get(name) if isinstance(keys, dict) else None
    if key:
        yield f"{' ' * indent}#{key}:\n"
        yield from _fields(path, kind, indent=indent + 2, hidden=True)
        return
    yield f"{' ' * indent}#-\n"
    yield from _fields(path, kind, indent=indent + 2, hidden=True)


def _leaf(field: LeafField, name: str, indent: int, *, hidden: bool) -> Iterator[str]:
    unset = field.optional and field.default is None
    yield from _comment(_facts(field, unset=unset), indent)
    sampled = hidden and (name in _SAMPLES or field.path in _SAMPLES)
    value = _sample(field, name) if unset or sampled else field.default
    if name == "contracts" and field.default == {}:
        value, unset = {"own_network": field.choices[:1]}, True
    yield f"{' ' * indent}{'#' if unset or hidden else ''}{name}: {flow(value)}\n"


def _facts(field: LeafField, *, unset: bool) -> str:
    facts = [field.takes[:1].upper() + field.takes[1:]]
    if field.unit:
        facts.append(f"unit: {field.unit}")
    if (field.low is not None or field.high is not None) and not field.unit.startswith("share, "):
        facts.append(_bounds(field))
    facts.append("no default" if unset or field.default is None else f"default: {_default(field)}")
    return "; ".join(facts) + "."


def _default(field: LeafField) -> str:
    return "empty" if field.default in ("", (), {}) else flow(field.default)


def _bounds(field: LeafField) -> str:
    high = "" if field.high is None else f"at most {written(field.high)}"
    if field.low is None:
        return high
    low = f"{'above' if field.low_excluded else 'at least'} {written(field.low)}"
    return f"{low}, {high}" if high else low


def _sample(field: LeafField, name: str) -> object:
    """Return a value that an unset field would take."""
    if name in _SAMPLES or field.path in _SAMPLES:
        return _SAMPLES.get(field.path, _SAMPLES.get(name))
    if name == "embedded":
        return None  # instead of litellm_model
    if field.choices:
        return field.choices[:1] if field.many else field.choices[0]
    by_kind: dict[object, object] = {bool: False, str: "", int: 1, float: 1.0}
    return by_kind.get(field.kind, _SAMPLES["date"])


def _comment(text: str, indent: int) -> Iterator[str]:
    prefix = f"{' ' * indent}# "
    for line in textwrap.wrap(text, _WIDTH - len(prefix), break_on_hyphens=False):
        yield f"{prefix}{line}\n"
