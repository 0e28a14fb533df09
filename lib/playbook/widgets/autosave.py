"""Save each answer and fact to the team's file at once, without touching what others changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from playbook.errors import ParamsError, ProblemsError
from playbook.profile import (
    ChangedElsewhereError,
    Profile,
    answer_updates,
    dump_sections,
    load_profile,
    save_profile,
    value_at,
)
from playbook.profile.sections import Answer
from playbook.widgets.messages import in_a_line

ANSWERS, CONTRACTS = "data.answers.", "data.contracts."
Units = dict[str, object]


def units_of(profile: Profile) -> Units:
    """Return what is saved as a whole, by dotted path: fields, contracts by owner, and answers."""
    found: Units = {
        f"{section}.{name}": getattr(getattr(profile, section), name)
        for section, fields in dump_sections(profile).items()
        for name in fields
    }
    del found["data.contracts"], found["data.answers"]
    contracts = {f"{CONTRACTS}{owner}": one for owner, one in profile.data.contracts.items()}
    answers = {f"{ANSWERS}{control}": one for control, one in profile.data.answers.items()}
    return {**found, **contracts, **answers}


@dataclass(frozen=True)
class Saved:
    """What became of a save.

    Attributes:
        at: When something was written; None when nothing was.
        written: Paths that were written.
        failed: Why not, in words, by path.
        elsewhere: Paths of the file that others changed since it was read.
    """

    at: datetime | None = None
    written: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()


class Autosave:
    """Writes what differs from what was read, each answer or fact for itself.

    One that can't be written (locked, changed elsewhere) does not hold up the others; it is tried
    again at the next save.

    Attributes:
        file: The team's file; None where nothing is saved.
        conflicts: What the file holds now, by path, of what others changed under this form.
    """

    def __init__(
        self, read: Profile, file: Path | None, *, now: Callable[[], datetime] = datetime.now
    ) -> None:
        self.file, self._now = file, now
        self._team, self._read = read.team.name, units_of(read)
        self.conflicts: Units = {}

    def pending(self, profile: Profile, *, skip: Collection[str] = ()) -> tuple[str, ...]:
        """Return the paths that the file does not hold yet as the form has them."""
        units = units_of(profile)
        names = dict.fromkeys([*units, *self._read])
        return tuple(
            name for name in names if name not in skip and units.get(name) != self._read.get(name)
        )

    def save(self, profile: Profile, *, skip: Collection[str] = ()) -> Saved:
        """Write what differs, and say what became of it.

        Args:
            profile: The profile as the form has it.
            skip: Paths that are not to be saved, such as an incomplete N.A.
        """
        if self.file is None:
            return Saved()
        units = units_of(profile)
        written: list[str] = []
        failed: dict[str, str] = {}
        latest: Profile | None = None
        for name in self.pending(profile, skip=skip):
            try:
                latest = self._write(self.file, name, units.get(name))
            except ChangedElsewhereError as error:
                failed |= self._conflict(name, units.get(name), error.profile)
            except (ProblemsError, ValidationError, OSError) as error:
                failed[name] = _words(error)
            else:
                self._settled(name, units.get(name))
                written.append(name)
        at = self._now() if written else None
        return Saved(at, tuple(written), failed, self._elsewhere(latest, failed))

    def keep_mine(self) -> None:
        """Let the next save overwrite what others changed, now that somebody has seen it."""
        self._read |= self.conflicts
        self.conflicts = {}

    def read_again(self) -> Profile:
        """Read the file as it is now, and save against that from here on.

        Raises:
            ParamsError: when it can't be read.
        """
        if self.file is None:
            raise FileNotFoundError("there is no params file to read")
        profile = load_profile(self.file)
        self._team, self._read, self.conflicts = profile.team.name, units_of(profile), {}
        return profile

    def _write(self, file: Path, name: str, value: object) -> Profile:
        if value is None and name.startswith((CONTRACTS, ANSWERS)):
            fix = f"to make it unknown again, delete {name} in {file.name}"
            raise ParamsError(file.name, [fix])
        before = self._read.get(name)
        expected = {"team.name": self._team, name: before}
        return save_profile(_updates(name, before, value), file, expected=expected)

    def _settled(self, name: str, value: object) -> None:
        self._read[name] = value
        self.conflicts.pop(name, None)

    def _conflict(self, name: str, mine: object, file: Profile | None) -> dict[str, str]:
        """Note what the file holds, and return in words what is in the way, if anything is."""
        if file is None or file.team.name != self._team:
            other = file.team.name if file else "another team"
            return {name: f"the file is that of {other}, this form is that of {self._team}"}
        theirs = value_at(file, name)
        if theirs == mine:
            self._settled(name, mine)
            return {}
        self.conflicts[name] = theirs
        return {name: f"{shown_path(name)} was changed elsewhere: there it is {told(theirs)}"}

    def _elsewhere(self, latest: Profile | None, known: Collection[str]) -> tuple[str, ...]:
        if latest is None:
            return ()
        units = units_of(latest)
        names = dict.fromkeys([*units, *self._read])
        changed = [name for name in names if units.get(name) != self._read.get(name)]
        return tuple(name for name in changed if name not in known)


def shown_path(name: str) -> str:
    """Return a path as people say it: an answer by its control alone.

    Example:
        >>> shown_path("data.answers.BASE-01"), shown_path("data.uses")
        ('BASE-01', 'data.uses')
    """
    return name.removeprefix(ANSWERS)


def told(value: object) -> str:
    """Return a saved value in words."""
    if isinstance(value, Answer):
        said = [value.answer.value.replace("_", " ")]
        said += [f"owner {value.owner}"] if value.owner else []
        said += [f"due {value.due}"] if value.due else []
        return ", ".join(said)
    if value is None:
        return "not known"
    return (", ".join(map(str, value)) or "none") if isinstance(value, tuple) else str(value)


def _updates(name: str, before: object, now: object) -> dict[str, object]:
    """Return the changed leaves by path: a whole answer if new, else what differs in it."""
    if not isinstance(now, Answer):
        return {name: now}
    control = name.removeprefix(ANSWERS)
    return answer_updates({control: before} if isinstance(before, Answer) else {}, {control: now})


def _words(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return f"{Path(error.filename or '').name or 'the folder'} is read-only here"
    if isinstance(error, ProblemsError):
        return "; ".join(error.problems)
    return in_a_line(error)
