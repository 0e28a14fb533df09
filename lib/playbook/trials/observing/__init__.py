"""What can be watched of a run while it goes: spans, log lines, and how much of a quota it used."""

from playbook.trials.observing.observer import Observer, observing

__all__ = ["Observer", "observing"]
