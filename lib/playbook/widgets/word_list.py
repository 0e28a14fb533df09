"""Check boxes for a closed list of words, where *not known* is a state of its own."""

from __future__ import annotations

import html
from collections.abc import Sequence

import ipywidgets as widgets
import traitlets

NOT_KNOWN = "not known"
MUTED = "color:#5f6c7b"
BOX = {"width": "auto", "margin": "0 14px 0 0"}


class WordList(widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A list of words to tick: None while it is not known, () when nothing of it holds.

    `unset` are the words for None where that means something else, such as *any*.

    Attributes:
        value: The words ticked, in the list's order; None for not known.
        boxes: The check box of each word.
        unknown: The check box *not known*; None where the field is always known.
    """

    value = traitlets.Tuple(default_value=None, allow_none=True)
    tooltip = traitlets.Unicode()  # the browser's boxes take none: kept on this side

    def __init__(
        self,
        words: Sequence[str],
        value: Sequence[str] | None,
        *,
        optional: bool,
        description: str,
        tooltip: str,
        unset: str = "",
    ) -> None:
        layout = widgets.Layout(**BOX)  # one for all boxes: a model less for each
        self.boxes = {
            word: _box(word.replace("_", " "), word in (value or ()), layout) for word in words
        }
        self._unset = unset
        self.unknown = _box(unset or f"? {NOT_KNOWN}", value is None, layout) if optional else None
        self._name, self._head = description, widgets.HTML(layout={"width": "216px"})
        ticked = [*([self.unknown] if self.unknown else []), *self.boxes.values()]
        flow = widgets.Box(ticked, layout={"flex_flow": "row wrap", "width": "680px"})
        given = None if value is None else tuple(value)
        super().__init__([self._head, flow], tooltip=tooltip, value=given)
        self._say()
        self._busy = False
        for one in self.boxes.values():
            one.observe(self._on_word, names="value")
        if self.unknown:
            self.unknown.observe(self._on_unknown, names="value")

    def _on_word(self, _change: object) -> None:
        if not self._busy:
            self._settle(unknown=False)

    def _on_unknown(self, change: dict[str, bool]) -> None:
        if not self._busy:
            self._settle(unknown=change["new"])

    def _settle(self, *, unknown: bool) -> None:
        """Make the boxes agree: a word rules out *not known*, and *not known* every word."""
        self._busy = True
        try:
            if self.unknown:
                self.unknown.value = unknown
            for one in self.boxes.values() if unknown else ():
                one.value = False
        finally:
            self._busy = False
        ticked = tuple(word for word, one in self.boxes.items() if one.value)
        self.value = None if unknown else ticked
        self._say()

    def _say(self) -> None:
        if self.value is None:
            said = self._unset or "? not known: no is another answer"
        elif self.value:
            said = f"{len(self.value)} chosen"
        else:
            said = "∅ none of these"
        self._head.value = (
            f"<div style='text-align:right;line-height:1.4'>{html.escape(self._name)}"
            f"<br><span style='{MUTED};font-size:12px'>{said}</span></div>"
        )


def _box(name: str, ticked: bool, layout: widgets.Layout) -> widgets.Checkbox:  # noqa: FBT001  private
    return widgets.Checkbox(
        value=ticked,
        description=name,
        indent=False,
        layout=layout,
        style={"description_width": "initial"},
    )
