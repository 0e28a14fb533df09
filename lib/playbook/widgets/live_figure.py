"""A figure that is redrawn in place: one message to the browser, no flicker."""

from __future__ import annotations

from collections.abc import Mapping

import ipywidgets as widgets
import plotly.graph_objects as go

KEPT = {"uid", "type"}  # a trace's identity
WIDTH = 840  # pixels: a notebook's cell in a window of 1280, beside the file browser
LIFT = 24  # pixels that make up for the height of a second line


class LiveFigure:
    """A FigureWidget in a box; redrawn in one batch while its traces keep their kind."""

    def __init__(self, figure: go.Figure) -> None:
        self._widget = go.FigureWidget(_fixed(figure))
        self.box = widgets.VBox([self._widget])

    @property
    def title(self) -> str:
        """The title that is shown."""
        text: str = self._widget.layout.title.text or ""
        return text

    def draw(self, figure: go.Figure) -> None:
        """Show another figure in place of this one."""
        figure = _fixed(figure)
        if [one.type for one in figure.data] != [one.type for one in self._widget.data]:
            old, self._widget = self._widget, go.FigureWidget(figure)
            self.box.children = (self._widget,)
            old.close()
            return
        with self._widget.batch_update():
            for trace, new in zip(self._widget.data, figure.data, strict=True):
                trace.update(_over(trace.to_plotly_json(), new.to_plotly_json()), overwrite=True)
            layout = self._widget.layout
            layout.update(
                _over(layout.to_plotly_json(), figure.layout.to_plotly_json()), overwrite=True
            )


def _fixed(figure: go.Figure) -> go.Figure:
    """Return the figure with width and caption that do not depend on measuring.

    plotly draws a widget before it is part of the page, where every text measures nothing.
    """
    fixed = go.Figure(figure).update_layout(width=WIDTH)
    title = fixed.layout.title
    caption = title.subtitle.text if title.subtitle else None
    if caption:
        font = title.subtitle.font
        style = f"font-size:{font.size or 12}px;color:{font.color or 'gray'}"
        title.update(
            text=f'{title.text}<br><span style="{style}">{caption}</span>', pad={"t": LIFT}
        )
        title.subtitle = {}
    return fixed


def _over(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    """Return the new properties, with those that only the old had taken away."""
    gone = dict.fromkeys(set(old) - set(new) - KEPT)
    return {**gone, **new}
