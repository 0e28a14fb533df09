"""A figure that is redrawn in place: one message to the browser, no flicker."""

from __future__ import annotations

import ipywidgets as widgets
import plotly.graph_objects as go


class LiveFigure:
    """A FigureWidget in a box; redrawn in one batch while its traces keep their kind."""

    def __init__(self, figure: go.Figure) -> None:
        self._widget = go.FigureWidget(figure)
        self.box = widgets.VBox([self._widget])

    def draw(self, figure: go.Figure) -> None:
        """Show another figure in place of this one."""
        if [one.type for one in figure.data] != [one.type for one in self._widget.data]:
            self._widget = go.FigureWidget(figure)
            self.box.children = (self._widget,)
            return
        with self._widget.batch_update():
            for old, new in zip(self._widget.data, figure.data, strict=True):
                old.update(new.to_plotly_json(), overwrite=True)
            self._widget.layout.update(figure.layout.to_plotly_json(), overwrite=True)
