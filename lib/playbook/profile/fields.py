"""What the schema says of each field: words for messages, forms and the example file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Unit
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from playbook.profile.profile import SECTIONS, Profile
from playbook.records import Record
from playbook.uncertainty import Estimate

_WORDS: dict[object, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    Estimate: "a number, or {low, likely, high}",
}


@dataclass(frozen=True)
class LeafField:
    """One field of the schema: what it takes, its unit, bounds, choices, default and meaning."""

    path: str
    kind: object
    many: bool
    optional: bool
    unit: str
    low: float | None
    low_excluded: bool
    high: float | None
    choices: tuple[str, ...]
    default: object
    meaning: str

    @property
    def takes(self) -> str:
        """Return what the field takes, in words."""
        one = f"one of {', '.join(self.choices)}" if self.choices else self._kind_words
        return f"a list, each {one}" if self.many else one

    @property
    def _kind_words(self) -> str:
        if isinstance(self.kind, type) and issubclass(self.kind, Record):
            return "a mapping of fields"
        return _WORDS.get(self.kind, "a date (YYYY-MM-DD)")


@dataclass
class _Shape:
    """What is known of an annotation while it is taken apart."""

    kind: object = None
    many: bool = False
    keyed: bool = False
    optional: bool = False
    unit: str = ""
    low: float | None = None
    low_excluded: bool = False
    high: float | None = None
    choices: tuple[str, ...] = ()


def field_at(parts: Sequence[str | int]) -> LeafField | None:
    """Return the field at a path such as `("data", "answers", "HIPAA-01", "answer")`.

    List indexes are ints and keys of open mappings any text; None when the schema has no such path.
    """
    steps = tuple("*" if isinstance(part, int) else part for part in parts)
    return _field_at(steps)


def record_at(parts: Sequence[str | int]) -> type[Record] | None:
    """Return the record class whose fields are the keys at a path, or None."""
    if not parts:
        return Profile
    if len(parts) == 1:
        return SECTIONS.get(str(parts[0]))
    found = _walk(tuple("*" if isinstance(part, int) else part for part in parts))
    kind = found[1].kind if found else None
    is_whole = found is not None and not (found[1].keyed or found[1].many)
    return kind if is_whole and isinstance(kind, type) and issubclass(kind, Record) else None


def is_leaf(parts: Sequence[str | int]) -> bool:
    """Return whether a value at this path is replaced as a whole (not merged key by key)."""
    if len(parts) == 1:
        return str(parts[0]) not in SECTIONS
    found = _walk(tuple(str(part) for part in parts))
    if found is None:
        return True
    shape = found[1]
    is_record = isinstance(shape.kind, type) and issubclass(shape.kind, Record)
    return not (shape.keyed or (is_record and not shape.many))


def leaf_fields() -> tuple[LeafField, ...]:
    """Return every field of the schema, in order.

    Endpoint fields are `trials.endpoints.*.id`, answers `data.answers.*.answer`.
    """
    return tuple(_leaves((), Profile))


def leaf_paths(profile: Profile) -> dict[str, object]:
    """Return the value of every leaf of a profile by dotted path, as plain JSON values."""
    plain = profile.model_dump(mode="json", exclude={"origins"})
    return dict(_values((), plain))


def _values(parts: tuple[str, ...], value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and (not parts or not is_leaf(parts)):
        for key, child in value.items():
            yield from _values((*parts, key), child)
    else:
        yield ".".join(parts), value


def _leaves(parts: tuple[str, ...], kind: type[Record]) -> Iterator[LeafField]:
    for name in kind.model_fields:
        if (*parts, name) == ("origins",):
            continue
        steps = (*parts, name)
        if not parts:
            yield from _leaves(steps, SECTIONS[name])
            continue
        found = _walk(steps)
        shape = found[1] if found else _Shape()
        inner = shape.kind
        if isinstance(inner, type) and issubclass(inner, Record):
            yield from _leaves((*steps, "*") if shape.many or shape.keyed else steps, inner)
        elif leaf := _field_at(steps):
            yield leaf


@cache
def _field_at(steps: tuple[str, ...]) -> LeafField | None:
    found = _walk(steps)
    if found is None:
        return None
    info, shape = found
    default = info.get_default(call_default_factory=True)
    return LeafField(
        path=".".join(steps),
        kind=shape.kind,
        many=shape.many,
        optional=shape.optional,
        unit=shape.unit,
        low=shape.low,
        low_excluded=shape.low_excluded,
        high=shape.high,
        choices=shape.choices,
        default=None if default is PydanticUndefined else default,
        meaning=" ".join((info.description or "").split()),
    )


@cache
def _walk(steps: tuple[str, ...]) -> tuple[FieldInfo, _Shape] | None:
    info: FieldInfo | None = None
    shape = _Shape(kind=Profile)
    for step in steps:
        if shape.many or shape.keyed:  # an item of a list, or the value at a key
            shape = _Shape(**{**shape.__dict__, "many": shape.many and shape.keyed, "keyed": False})
            continue
        kind = shape.kind
        known = isinstance(kind, type) and issubclass(kind, (Record, Estimate))
        fields = kind.model_fields if known else {}  # type: ignore[attr-defined]
        if step not in fields:
            return None
        info = fields[step]
        shape = _Shape()
        _take_apart(info.annotation, info.metadata, shape)
    return (info, shape) if info else None


def _take_apart(annotation: object, metadata: Sequence[object], shape: _Shape) -> None:
    for meta in metadata:
        _read_meta(meta, shape)
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        _take_apart(args[0], args[1:], shape)
    elif origin in (Union, UnionType):
        shape.optional = shape.optional or type(None) in args
        _take_apart(next(one for one in args if one is not type(None)), (), shape)
    elif origin is tuple:
        shape.many = True
        _take_apart(args[0], (), shape)
    elif origin is dict:
        shape.keyed = True
        _take_apart(args[1], (), shape)
    elif origin is Literal:
        shape.kind, shape.choices = str, tuple(str(one) for one in args)
    else:
        _take_class(annotation, shape)


def _take_class(annotation: object, shape: _Shape) -> None:
    shape.kind = annotation
    if annotation is Estimate:
        shape.low = 0  # every estimate of a profile is a NonNegativeEstimate
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        shape.kind, shape.choices = str, tuple(one.value for one in annotation)


def _read_meta(meta: Any, shape: _Shape) -> None:  # noqa: ANN401  annotated-types of any kind
    if isinstance(meta, Unit):
        shape.unit = meta.unit
    for inner in getattr(meta, "metadata", ()):
        _read_meta(inner, shape)
    for name in ("ge", "gt"):
        if (bound := getattr(meta, name, None)) is not None:
            shape.low, shape.low_excluded = bound, name == "gt"
    for name in ("le", "lt"):
        if (bound := getattr(meta, name, None)) is not None:
            shape.high = bound
