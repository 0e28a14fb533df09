"""A fact among the open questions: where it is answered, and what hangs on it."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets
from markupsafe import Markup

from playbook.compliance.records import OpenQuestion
from playbook.widgets.question import ROW

IN_FILE = "stated in the team's file; then read the file again"
ELSEWHERE = {
    "provider.": "a fact of the catalogue: ask the provider, then add it to your facts",
    "place.": "a fact of the catalogue: ask the host, then add it to your facts",
    "trials.": "stated with the trial endpoint, in the team's file",
    "data.suppliers.": f"what the supplier says in writing, {IN_FILE}",
}


class OpenFact:
    """A row of the form that asks for a fact; a button leads to where it is answered.

    Attributes:
        go: The button to the screen of facts; None for a fact that is stated elsewhere.
        box: The row, to be shown.
    """

    def __init__(self, question: OpenQuestion, *, go: Callable[[], None] | None) -> None:
        self.go = None
        self._head = widgets.HTML()
        children = [self._head]
        if go is not None:
            self.go = widgets.Button(
                description="Answer under Facts",
                icon="arrow-right",
                tooltip=question.question,
                layout={"width": "180px"},
            )
            self.go.on_click(lambda _button: go())
            children.append(self.go)
        self.box = widgets.VBox(children, layout=ROW)
        self.show(question)

    def show(self, question: OpenQuestion) -> None:
        """Show the question as it stands."""
        count = question.options_it_can_change
        told = (words for start, words in ELSEWHERE.items() if question.id.startswith(start))
        where = "a fact: it is asked once" if self.go else next(told, IN_FILE)
        self._head.value = str(
            Markup("<div style='line-height:1.5'><b>{}</b><br>{} · {}<br>{}</div>").format(
                question.question,
                question.id,
                where,
                f"can still change {count} option{'s' * (count != 1)}",
            )
        )
