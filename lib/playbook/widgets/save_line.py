"""The line that says whether the last answer was saved, and what to do if it was not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ipywidgets as widgets
from pydantic import ValidationError

from playbook.errors import PlaybookError
from playbook.profile import Profile
from playbook.widgets.autosave import Autosave, Saved, shown_path
from playbook.widgets.messages import MessageLine

FIRM = {"flex": "0 0 auto"}  # a long message does not squeeze the buttons
NAMED = 4  # changed paths that the line holds


class SaveLine:
    """A message with two buttons: save again, read the file again.

    Attributes:
        message: What became of the last save.
        again: Tries again; after a conflict it overwrites, which its words then say.
        read: Takes what the file says, and drops what was not saved.
        box: The line, to be shown.
    """

    def __init__(
        self, save: Autosave, *, on_again: Callable[[], None], on_read: Callable[[Profile], None]
    ) -> None:
        self._save, self._on_again, self._on_read = save, on_again, on_read
        self.message = MessageLine()
        self.again = widgets.Button(
            icon="save", layout={**FIRM, "width": "200px", "display": "none"}
        )
        self.read = widgets.Button(
            description="Read the file again",
            icon="refresh",
            tooltip="Show what the file says now; drops what was not saved",
            layout={**FIRM, "width": "170px", "display": "" if save.file else "none"},
        )
        self.again.on_click(self._try_again)
        self.read.on_click(self._read_again)
        self.box = widgets.HBox([self.message.widget, self.again, self.read])
        where = f"each answer is saved to {save.file.name} at once" if save.file else ""
        self.message.say(where or "nothing is saved: this form has no params file")

    def save(self, profile: Profile, lacking: Mapping[str, str]) -> None:
        """Save what changed and say so.

        Args:
            profile: The profile as the form has it.
            lacking: Why a path is not to be saved yet, in words.
        """
        saved = self._save.save(profile, skip=lacking)
        self._tell(saved, lacking)
        conflict = bool(self._save.conflicts)
        self.again.description = "Keep mine, overwrite" if conflict else "Save again"
        self.again.tooltip = (
            "Overwrite what was changed elsewhere" if conflict else "Try to write it once more"
        )
        self.again.layout.display = "" if saved.failed else "none"

    def _tell(self, saved: Saved, lacking: Mapping[str, str]) -> None:
        file = self._save.file.name if self._save.file else ""
        said = [f"saved {saved.at:%H:%M} to {file}"] if saved.at else []
        if saved.failed:
            said.append(f"NOT saved: {_reasons(saved.failed)}. What you typed stays here")
        said += [f"NOT saved: {shown_path(name)}: {why}" for name, why in lacking.items()]
        if saved.elsewhere:
            named = ", ".join(map(shown_path, saved.elsewhere[:NAMED]))
            more = " and more" if len(saved.elsewhere) > NAMED else ""
            said.append(f"others changed {named}{more} in the file: read it again to see")
        if not said and file:
            said.append(f"{file} holds all of this")
        if saved.failed or lacking:
            self.message.warn("; ".join(said))
        else:
            self.message.say("; ".join(said) or "not saved: this form has no params file")

    def _try_again(self, _button: object) -> None:
        self._save.keep_mine()
        self._on_again()

    def _read_again(self, _button: object) -> None:
        try:
            self._on_read(self._save.read_again())
        except (ValidationError, PlaybookError, OSError) as error:
            self.message.warn("The file can't be read; the form stays as it is", error)
            return
        self.again.layout.display = "none"
        self.message.say(f"shows what {self._save.file.name if self._save.file else ''} says now")


def _reasons(failed: Mapping[str, str]) -> str:
    """Return why things were not saved: each reason once, with the names that it is about."""
    names: dict[str, list[str]] = {}
    for name, why in failed.items():
        names.setdefault(why, []).append(shown_path(name))
    told = [
        why if why.startswith(about[0]) else f"{', '.join(about)}: {why}"
        for why, about in names.items()
    ]
    return "; ".join(told)
