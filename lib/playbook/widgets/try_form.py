"""Try one prompt on all cleared endpoints: a form in a workshop, a sentence elsewhere."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import ipywidgets as widgets

from playbook.clearance import Clearance, Label
from playbook.errors import PlaybookError
from playbook.figures.theme import usd
from playbook.profile import Endpoint
from playbook.trials.records import Attempt
from playbook.trials.trying import Question
from playbook.vocabulary import DataClass
from playbook.widgets.answer_cards import cards
from playbook.widgets.messages import MessageLine
from playbook.widgets.word_list import MUTED

Ask = Callable[[Question, Sequence[Endpoint]], Sequence[Attempt]]
MOST_CHARACTERS = 100_000
NOT_LABELLED = "not labelled: counts as restricted"
WIDE = widgets.Layout(width="98%")


class TryForm:
    """A prompt, its label, the endpoints with what each may receive, and the answers side by side.

    Attributes:
        box: The form.
        text: The prompt.
        label: Its data class; nothing is preset.
        button: Sends it.
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        clearance: Clearance,
        *,
        ask: Ask,
        most_usd: Callable[[Question, Sequence[Endpoint]], float],
    ) -> None:
        self._endpoints, self._ask, self._most_usd = tuple(endpoints), ask, most_usd
        self.text = widgets.Textarea(
            placeholder="The prompt to try", rows=5, layout=WIDE, continuous_update=False
        )
        self.system = widgets.Textarea(placeholder="System message, if any", rows=2, layout=WIDE)
        self.label = widgets.Dropdown(
            options=[(NOT_LABELLED, ""), *((one.value, one.value) for one in DataClass)],
            description="Holds data that is",
            style={"description_width": "initial"},
            layout=widgets.Layout(width="420px"),
        )
        self.longest = widgets.BoundedIntText(
            value=256, min=1, max=8_192, description="Longest answer, tokens",
            style={"description_width": "initial"}, layout=widgets.Layout(width="260px"),
        )  # fmt: skip
        self.chosen = {one.id: _tick(one, clearance) for one in endpoints}
        self.button = widgets.Button(description="Ask", button_style="primary", icon="paper-plane")
        self.said = MessageLine()
        self.answers = widgets.HTML()
        self.box = self._laid_out()
        self.button.on_click(lambda _: self.send())
        for one in (self.text, self.system, self.longest, *self.chosen.values()):
            one.observe(lambda _: self._tell_cost(), names="value")

    def _laid_out(self) -> widgets.VBox:
        hint = f"<div style='{MUTED}'>It goes to the ticked endpoints that may receive it. The rest"
        hint += " is refused, and the refusal is shown. Answers here are no evidence.</div>"
        more = widgets.Accordion([self.system], selected_index=None, layout=WIDE)
        more.set_title(0, "System message")
        return widgets.VBox(
            [
                widgets.HTML("<b>Try one prompt on all endpoints</b>" + hint),
                self.text,
                more,
                widgets.HBox([self.label, self.longest], layout=widgets.Layout(flex_flow="wrap")),
                widgets.VBox(list(self.chosen.values())),
                widgets.HBox([self.button, self.said.widget]),
                self.answers,
            ]
        )

    @property
    def question(self) -> Question:
        """Return what would be asked."""
        word: str = self.label.value or ""
        label = Label(data_class=DataClass(word)) if word else Label()
        return Question(
            self.text.value.strip(),
            label=label,
            system=self.system.value.strip(),
            max_tokens=self.longest.value,
        )

    def send(self) -> None:
        """Ask the ticked endpoints and show what came back."""
        problem = self._problem()
        if problem:
            self.said.warn(problem)
            return
        asked = self._ticked()
        self.button.disabled = True
        self.said.say(f"asking {len(asked)} endpoints …")
        try:
            lines = self._ask(self.question, asked)
        except (PlaybookError, OSError) as error:
            self.said.warn("nothing more was sent", error)
        else:
            self.answers.value = str(cards(lines, {one.id: one for one in self._endpoints}))
            answered = sum(one.outcome == "answered" for one in lines)
            self.said.say(f"{answered} of {len(lines)} answered; kept in tries.jsonl of the run")
        finally:
            self.button.disabled = False

    def _problem(self) -> str:
        if not self.text.value.strip():
            return "write a prompt first"
        if len(self.text.value) + len(self.system.value) > MOST_CHARACTERS:
            return f"longer than {MOST_CHARACTERS:,} characters; shorten it"
        return "" if self._ticked() else "tick at least one endpoint"

    def _ticked(self) -> tuple[Endpoint, ...]:
        return tuple(one for one in self._endpoints if self.chosen[one.id].value)

    def _tell_cost(self) -> None:
        if not self._problem():
            most = self._most_usd(self.question, self._ticked())
            self.said.say(f"could cost at most {usd(most)}" if most else "costs nothing to ask")


def _tick(endpoint: Endpoint, clearance: Clearance) -> widgets.Checkbox:
    cleared = clearance.of(endpoint.id)
    highest = cleared.highest_class if cleared else None
    may = f"may receive {highest.value} data at most" if highest else "may receive nothing"
    named = html.escape(endpoint.title or endpoint.id)
    return widgets.Checkbox(
        value=highest is not None,
        description=f"{named} ({may})",
        indent=False,
        layout=widgets.Layout(width="auto"),
    )
