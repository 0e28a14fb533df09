"""`Record`: the base of everything that crosses a file, notebook or widget border."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from annotated_types import Ge, Gt, Le, Lt, Unit
from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

if TYPE_CHECKING:
    import pandas as pd

AnyRecord = TypeVar("AnyRecord", bound="Record")


class Record(BaseModel):
    """A frozen, strict-keyed value with a docstring for each field.

    Unknown keys, NaN and infinity are errors. Change by `changed`, which validates again.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        validate_default=True,
        protected_namespaces=(),
    )

    def changed(self, **update: object) -> Self:
        """Return a copy with some fields changed, validated again.

        Raises:
            pydantic.ValidationError: when the result breaks a bound or a key is unknown.
        """
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**values, **update})


@dataclass(frozen=True)
class FieldRow:
    """One field of a record, for forms and reference pages."""

    name: str
    annotation: object
    unit: str
    low: float | None
    high: float | None
    default: object
    required: bool
    description: str


def describe(kind: type[Record]) -> tuple[FieldRow, ...]:
    """Return a row for each field: type, unit, bounds, default, meaning.

    Example:
        >>> class Load(Record):
        ...     tokens: int = 3
        >>> describe(Load)[0].default
        3
    """
    return tuple(_row(name, field) for name, field in kind.model_fields.items())


def _row(name: str, field: FieldInfo) -> FieldRow:
    unit, low, high = "", None, None
    for meta in field.metadata:
        if isinstance(meta, Unit):
            unit = meta.unit
        low = _bound(meta, "ge", "gt", low)
        high = _bound(meta, "le", "lt", high)
    return FieldRow(
        name=name,
        annotation=field.annotation,
        unit=unit,
        low=low,
        high=high,
        default=None if field.is_required() else field.get_default(call_default_factory=True),
        required=field.is_required(),
        description=(field.description or "").strip(),
    )


def _bound(meta: object, closed: str, open_: str, previous: float | None) -> float | None:
    kinds = {"ge": Ge, "gt": Gt, "le": Le, "lt": Lt}
    for name in (closed, open_):
        if isinstance(meta, kinds[name]):
            return cast("float", getattr(meta, name))
    return previous


def to_frame(records: Iterable[Record], kind: type[Record] | None = None) -> pd.DataFrame:
    """Return a frame with one row per record and the field names as columns.

    Args:
        records: Records of one kind; nested records become dicts.
        kind: Their class; needed for the columns when there may be no record.
    """
    import pandas as pd  # noqa: PLC0415  slow import, only where a frame is made

    rows = [record.model_dump(mode="json") for record in records]
    return pd.DataFrame(rows, columns=list(kind.model_fields) if kind else None)


def from_frame(frame: pd.DataFrame, kind: type[AnyRecord]) -> tuple[AnyRecord, ...]:
    """Return one record per row; the inverse of `to_frame`.

    Raises:
        pydantic.ValidationError: naming the field of the first row that does not fit.
    """
    rows: list[dict[str, Any]] = cast("list[dict[str, Any]]", frame.to_dict(orient="records"))
    return tuple(kind.model_validate(row) for row in rows)
