"""Second line behind the clearance: what the scan finds may raise a prompt's label, never lower it.

The clearance decides first and alone. Of what it allows, a prompt with a hit of a higher class than
its label is kept back, unless the owner of the data decided otherwise in the params.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from playbook.clearance import Ruling
from playbook.profile.trial_settings import ScanOverride, Trials
from playbook.trials.client import Message, Request
from playbook.trials.prompt_records import Prompt, PromptSet
from playbook.trials.scanning import BLIND_SPOTS, RULES, Hit, Rule, scan
from playbook.vocabulary import DataClass, highest

CONTROL = "SCAN:"
PLACES_SHOWN = 4


@dataclass(frozen=True)
class PromptRef:
    """Which prompt a request carries; empty for one that is of no prompt set."""

    prompt_set: str = ""
    prompt: str = ""


@dataclass(frozen=True)
class Screened:
    """What the scan makes of a ruling."""

    ruling: Ruling
    """The clearance's own, or a refusal."""
    overridden: tuple[ScanOverride, ...] = ()
    """Decisions by which hits were passed over; to be written down before the prompt is sent."""


class Screen:
    """Scans prompts before they are sent.

    Args:
        overrides: Decisions of the params.
        as_of: Day on which they must be in force; without one, none is.
        rules: What is looked for.
    """

    def __init__(
        self,
        overrides: Sequence[ScanOverride] = (),
        *,
        as_of: date | None = None,
        rules: Sequence[Rule] = RULES,
    ) -> None:
        self._overrides = tuple(one for one in overrides if as_of and one.in_force(as_of))
        self._rules = tuple(rules)
        self._by_id = {one.id: one for one in rules}
        self._found: dict[tuple[str, ...], tuple[Hit, ...]] = {}

    def after(
        self, ruling: Ruling, request: Request, data_class: DataClass, ref: PromptRef
    ) -> Screened:
        """Return the ruling after the scan; one that refuses is returned as it is.

        Args:
            ruling: What the clearance says.
            request: The prompt.
            data_class: Its label.
            ref: Which prompt it is.
        """
        if not ruling.allowed:
            return Screened(ruling)
        left, passed = self._settled(request.spoken, data_class, ref)
        if left:
            because = (
                f"the scan found, above the {data_class} label: "
                f"{self.places(left, request.spoken)}. Label the prompt {self._needed(left)}, "
                "take it out, or let the owner of the data decide in trials.scan_overrides"
            )
            controls = tuple(sorted({CONTROL + hit.rule for hit in left}))
            return Screened(Ruling(allowed=False, controls=controls, because=because))
        return Screened(ruling, passed)

    def left(self, prompt: Prompt, ref: PromptRef) -> tuple[Hit, ...]:
        """Return the hits for which a prompt is kept back."""
        return self._settled(prompt.request().spoken, prompt.data_class, ref)[0]

    def _settled(
        self, messages: Sequence[Message], data_class: DataClass, ref: PromptRef
    ) -> tuple[tuple[Hit, ...], tuple[ScanOverride, ...]]:
        """Return the hits above a label without a decision, and the decisions on the others."""
        above = self.above(tuple(one.content for one in messages), data_class)
        if not above:
            return (), ()
        decided = {hit.rule: self._override(hit.rule, ref) for hit in above}
        left = tuple(hit for hit in above if decided[hit.rule] is None)
        return left, tuple(dict.fromkeys(one for one in decided.values() if one))

    def above(self, contents: tuple[str, ...], data_class: DataClass) -> tuple[Hit, ...]:
        """Return the hits in some messages whose class is above a label."""
        if contents not in self._found:
            self._found[contents] = tuple(
                hit
                for number, text in enumerate(contents)
                for hit in scan(text, message=number, rules=self._rules)
            )
        found = self._found[contents]
        if not found:
            return ()
        rank = data_class.rank
        return tuple(hit for hit in found if self._by_id[hit.rule].data_class.rank > rank)

    def passed_over(self, override: ScanOverride, prompts: Sequence[Prompt]) -> int:
        """Return how many prompts of its set an override in force lets pass; 0 out of force."""
        if override not in self._overrides:
            return 0
        return sum(
            _covers(override, override.rule, PromptRef(override.prompt_set, one.id))
            and any(hit.rule == override.rule for hit in self.above(_texts(one), one.data_class))
            for one in prompts
        )

    def _override(self, rule: str, ref: PromptRef) -> ScanOverride | None:
        return next((one for one in self._overrides if _covers(one, rule, ref)), None)

    def places(self, hits: Sequence[Hit], messages: Sequence[Message]) -> str:
        """Return rule and place of hits in words, the first few of them."""
        shown = [self._place(hit, messages[hit.message].role) for hit in hits[:PLACES_SHOWN]]
        more = [f"{len(hits) - PLACES_SHOWN} more"] if len(hits) > PLACES_SHOWN else []
        return "; ".join([*shown, *more])

    def _needed(self, hits: Sequence[Hit]) -> DataClass:
        return highest(*(self._by_id[hit.rule].data_class for hit in hits))

    def _place(self, hit: Hit, role: str) -> str:
        rule = self._by_id[hit.rule]
        return (
            f"{rule.id} ({rule.title}, {rule.data_class}) in message {hit.message + 1} ({role}), "
            f"characters {hit.start + 1} to {hit.end}"
        )


def screen_of(section: Trials, *, as_of: date, today: date | None = None) -> Screen:
    """Return the screen that a profile's trials ask for.

    Args:
        section: The profile's trials.
        as_of: Day for which the run holds.
        today: Day on which prompts are sent: a run for an earlier day revives no decision that
            has ended since. Left out where nothing is sent.

    Raises:
        TrialError: when it names a model for names that can't be had.
    """
    rules = RULES
    if section.scan_model:
        from playbook.trials.scanning.presidio import name_rule  # noqa: PLC0415  seldom needed

        rules = (*RULES, name_rule(section.scan_model))
    overrides = [one for one in section.scan_overrides if one.in_force(today or as_of)]
    return Screen(overrides, as_of=as_of, rules=rules)


def kept_back(
    screen: Screen, prompt_set: str, prompts: Sequence[Prompt]
) -> tuple[tuple[str, str], ...]:
    """Return the id of each prompt that the scan keeps back, and where it found what.

    Args:
        screen: The scan with its overrides.
        prompt_set: Id of the set.
        prompts: Those of the set that would be sent.
    """
    found = ((one, screen.left(one, PromptRef(prompt_set, one.id))) for one in prompts)
    return tuple((one.id, screen.places(left, one.request().spoken)) for one, left in found if left)


def unread_images(prompt_set: PromptSet) -> str:
    """Return what is to be said of a set that shows images; empty for one that shows none."""
    count = sum(one.shows_images for one in prompt_set.prompts)
    shown = f"{count} prompt{'s' * (count != 1)} of {prompt_set.id} show{'s' * (count == 1)} images"
    return f"{shown}, which the scan can't read: their label alone decides" if count else ""


def words_of(override: ScanOverride, ref: PromptRef) -> str:
    """Return an override as the audit log tells it."""
    until = f" until {override.valid_until}" if override.valid_until else ""
    return (
        f"{override.rule} in {ref.prompt_set}/{ref.prompt} passed over by decision of "
        f"{override.owner} on {override.decided_on}{until}: {override.reason}"
    )


def scan_notes(
    section: Trials, prompt_sets: Sequence[PromptSet], *, as_of: date, screen: Screen | None = None
) -> Iterator[str]:
    """Yield what the evidence must say of the scan: what it can't see, and each override.

    Args:
        section: The profile's trials.
        prompt_sets: Those that were tried.
        as_of: Day of the run.
        screen: The scan of the run; left out, one that looks for no names.
    """
    model = f" (names were looked for with {section.scan_model})" if section.scan_model else ""
    yield BLIND_SPOTS + model
    yield from (words for one in prompt_sets if (words := unread_images(one)))
    screen = screen or Screen(section.scan_overrides, as_of=as_of)
    prompts = {one.id: one.prompts for one in prompt_sets}
    for one in section.scan_overrides:
        if one.in_force(as_of):
            count = screen.passed_over(one, prompts.get(one.prompt_set, ()))
            yield (
                f"scan override: {one.owner} let {one.rule} pass in {count} of the prompts of "
                f"{one.prompt_set}: {one.reason}"
            )


def _covers(override: ScanOverride, rule: str, ref: PromptRef) -> bool:
    named = not override.prompts or ref.prompt in override.prompts
    return named and (override.rule, override.prompt_set) == (rule, ref.prompt_set)


def _texts(prompt: Prompt) -> tuple[str, ...]:
    return tuple(one.content for one in prompt.request().spoken)
