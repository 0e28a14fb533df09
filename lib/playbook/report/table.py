"""A titled table of text, and figures in words with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from markupsafe import Markup

from playbook.figures.theme import short, usd
from playbook.trials.interval import Interval
from playbook.uncertainty import Estimate, Percentiles

Tone = Literal["", "red", "amber", "green"]
_STYLES: dict[str, str] = {
    "red": "background:#f9dcd6;color:#1f2933;border-left:3px solid #b3261e",
    "amber": "background:#fff0c2;color:#1f2933;border-left:3px solid #e69f00",
    "green": "background:#dcf1ec;color:#1f2933;border-left:3px solid #1b7f5c",
}
_SET = Markup(" style='table-layout:fixed;width:100%;overflow-wrap:anywhere'")
_LEFT = "text-align:left;vertical-align:top;white-space:pre-line;"


class Cell(str):
    """A cell that stands out; its text must say why too, since colour alone tells some nothing."""

    __slots__ = ("more", "tone")
    tone: Tone
    more: str

    def __new__(cls, text: str, tone: Tone, more: str = "") -> Self:
        """Return a cell; `more` opens on a click where the page can, and is left out elsewhere.

        Example:
            >>> Cell("ended", "red").tone, Cell("ended", "red") == "ended"
            ('red', True)
        """
        made = super().__new__(cls, text)
        made.tone = tone
        made.more = more
        return made


@dataclass(frozen=True, repr=False)
class Table:
    """A titled table of text cells."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    folded: bool = False
    """Whether it starts closed."""
    on_paper: bool = True
    """Whether printing opens it; of a closed one paper shows title and number of rows."""
    widths: Sequence[str] = ()
    """Widths of the columns in the report, as CSS lengths; even if left out."""

    def _repr_html_(self) -> str:
        """Return the table for a notebook, every cell escaped."""
        head = Markup("").join(
            Markup("<th style='text-align:left'>{}</th>").format(c) for c in self.columns
        )
        body = Markup("").join(
            Markup("<tr>{}</tr>").format(Markup("").join(_html(cell) for cell in row))
            for row in self.rows
        )
        page = Markup("<table{}>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table><i>{}</i>")
        set_ = _SET if self.widths else ""
        columns = Markup("").join(
            Markup("<col style='width:{}'>").format(width) for width in self.widths
        )
        filled = page.format(set_, columns, head, body, self.note)
        if not self.rows and self.note:  # a head over nothing tells nothing
            filled = Markup("<p><i>{}</i></p>").format(self.note)
        if not self.folded:
            return str(Markup("<b>{}</b>{}").format(self.title, filled))
        opening = Markup("<details><summary><b>{} ({})</b></summary>{}</details>")
        return str(opening.format(self.title, len(self.rows), filled))

    def __repr__(self) -> str:
        """Return the title and the number of rows."""
        return f"Table({self.title!r}, {len(self.rows)} rows)"


def _html(cell: str) -> Markup:
    style = _LEFT + _STYLES.get(getattr(cell, "tone", ""), "")
    return Markup("<td style='{}'>{}</td>").format(style, _opening(cell))


def _opening(cell: str) -> str | Markup:
    more = getattr(cell, "more", "")
    if not more:
        return str(cell)
    return Markup("<details><summary>{}</summary>{}</details>").format(str(cell), more)


def money(span: Percentiles | None) -> str:
    """Return a cost as median with p10 to p90.

    Example:
        >>> money(Percentiles(p10=900, p50=1000, p90=1250))
        '$1k [$900, $1.2k]'
    """
    return f"{usd(span.p50)} [{usd(span.p10)}, {usd(span.p90)}]" if span else "not known"


def spread(value: Estimate) -> str:
    """Return an estimate as its likely value with low and high."""
    if value.low == value.high:
        return short(value.likely)
    return f"{short(value.likely)} [{short(value.low)}, {short(value.high)}]"


def share(interval: Interval | None) -> str:
    """Return a rate with its 95% interval and n."""
    if interval is None:
        return "not known"
    return f"{interval.value:.0%} [{interval.low:.0%}, {interval.high:.0%}], n={interval.n}"
