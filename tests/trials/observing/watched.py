"""Attempts to watch, and places for their spans."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from playbook.trials.observing.spans import SpanRecord
from playbook.trials.plan import Trial
from playbook.trials.prompt_records import Prompt, PromptMessage
from playbook.vocabulary import DataClass
from tests.trials.measured_runs import an_own_server

QUESTION = "what is the colour of the sea"


def a_trial(data_class: DataClass = DataClass.INTERNAL, **endpoint: object) -> Trial:
    prompt = Prompt(
        id="p1",
        task="all",
        messages=(PromptMessage(role="user", content=QUESTION),),
        max_tokens=64,
        data_class=data_class,
    )
    request = prompt.request(temperature=0.5, seed=7)
    return Trial("demo", prompt, an_own_server(**endpoint), 0, request, "key-1")


@dataclass
class Kept:
    """Keeps what it is given; may fail or hang."""

    spans: list[SpanRecord] = field(default_factory=list)
    fails: bool = False
    hangs: threading.Event | None = None
    threads: set[str] = field(default_factory=set)

    def write(self, spans: Sequence[SpanRecord]) -> None:
        self.threads.add(threading.current_thread().name)
        if self.hangs is not None:
            self.hangs.wait()
        if self.fails:
            raise ConnectionRefusedError
        self.spans += spans

    def close(self) -> None:
        return
