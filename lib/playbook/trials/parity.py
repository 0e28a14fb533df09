"""Are two endpoints one model? Pass rates by a margin, answers against the noise floor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from playbook.profile.profile import Profile
from playbook.profile.trial_settings import Parity
from playbook.trials.book import Book
from playbook.trials.interval import Interval
from playbook.trials.parity_answers import Both, answer_agreement, asked_of_both, share_of
from playbook.trials.parity_plan import noise_trials
from playbook.trials.parity_records import ParityResult, ParityVerdict
from playbook.trials.parity_settings import pinned_settings
from playbook.trials.plan import plan_trials
from playbook.trials.prompt_records import PromptSet
from playbook.trials.records import Attempt
from playbook.trials.results import marks_by_endpoint
from playbook.trials.statistics.equivalence import judge_by_margin, shares_within_margin
from playbook.trials.statistics.means import clustered_mean
from playbook.trials.statistics.paired import Pairs, paired_difference
from playbook.trials.statistics.power import effective_pairs, pairs_to_settle
from playbook.trials.statistics.versus import paired_marks
from playbook.trials.tuning_shift import tuning_shift


def parity_results(
    profile: Profile, prompt_sets: Sequence[PromptSet], book: Book, attempts: Sequence[Attempt]
) -> tuple[ParityResult, ...]:
    """Return the result of each parity pair of a profile.

    Args:
        profile: Its section `trials` names the pairs.
        prompt_sets: Its prompt sets.
        book: Results of the trials.
        attempts: Lines of the ledger; those of purpose `again` set the noise floor.
    """
    section = profile.trials
    if not section.parity:
        return ()
    finals = {one.run_key: one for one in attempts if _is_asked_anew(one)}
    again = {
        trial.run_key: finals[twice.run_key]
        for trial, twice in noise_trials(section, plan_trials(profile, prompt_sets))
        if twice.run_key in finals
    }
    known = {one.id for one in section.endpoints}
    return tuple(
        _result(profile, pair, book, again)
        for pair in section.parity
        if {pair.first, pair.second} <= known
    )


def _is_asked_anew(attempt: Attempt) -> bool:
    """Return whether it is a second answer: one that was kept or recorded shows no noise."""
    asked = attempt.purpose == "again" and attempt.final
    return asked and not attempt.recorded and attempt.stored_on is None


def _result(
    profile: Profile, pair: Parity, book: Book, again: Mapping[str, Attempt]
) -> ParityResult:
    section = profile.trials
    margin = pair.margin or section.non_inferiority_margin
    endpoints = {one.id: one for one in section.endpoints}
    both = asked_of_both(book.results.get(pair.first, ()), book.results.get(pair.second, ()), again)
    marks = marks_by_endpoint(book.results)
    pairs = paired_marks(marks.get(pair.second, {}), marks.get(pair.first, {}))
    answered_as = (_models([one.first for one in both]), _models([one.second for one in both]))
    plain = ParityResult(
        first=pair.first,
        second=pair.second,
        kind=pair.kind,
        margin=margin,
        n=len(pairs.first),
        difference=paired_difference(pairs) if pairs.first else None,
        p_equivalent=_p_equivalent(pairs, margin) if pairs.first else None,
        verdict=None,
        because=(),
        agreement=answer_agreement(both),
        same_outcome=share_of([one.first.outcome == one.second.outcome for one in both], both),
        outcomes_that_differ=_different_ends(both),
        output_tokens=_tokens(both, "output_tokens"),
        input_tokens=_tokens(both, "input_tokens"),
        settings=pinned_settings(
            endpoints[pair.first], endpoints[pair.second], section, answered_as=answered_as
        ),
    )
    if pair.kind == "base_and_tuned":
        return tuning_shift(plain, pair, book)
    return _judged(plain, pairs)


def _judged(plain: ParityResult, pairs: Pairs) -> ParityResult:
    """Return the result with its verdict: by pass rates, or by the answers where none is scored."""
    verdict, why = _verdict(plain)
    needed = None
    if verdict == "inconclusive" and pairs.first:
        needed = pairs_to_settle(pairs, margin=plain.margin)
    return plain.changed(verdict=verdict, because=(why, *_seen_beside(plain)), needed=needed)


def _verdict(plain: ParityResult) -> tuple[ParityVerdict, str]:
    """Return the verdict and its reason: by pass rates, else by answers against the noise floor.

    Not equivalent is what lies wholly beyond the margin, or what differs beyond chance by more than
    the margin as far as can be seen: the same weights would not.
    """
    margin = f"the margin of {100 * plain.margin:g} points"
    if plain.difference is not None:
        gap, said = plain.difference, "pass rates differ by"
    elif plain.agreement is not None:
        gap, said = plain.agreement.beyond_noise, "no scored prompt is shared; agreement is lost by"
        gap = gap.changed(low=max(gap.low, 0.0), high=max(gap.high, 0.0))
    else:
        return "inconclusive", "no scored prompt is shared and no noise floor is known"
    found = judge_by_margin(gap, margin=plain.margin)
    if found == "equivalent":
        return "equivalent", f"{said} {_points(gap)}, within {margin}"
    if found in {"inferior", "different"}:
        return "not equivalent", f"{said} {_points(gap)}, beyond {margin}"
    return "inconclusive", f"{said} {_points(gap)}, not clear of {margin}"


def _seen_beside(plain: ParityResult) -> list[str]:
    lines = []
    found = plain.agreement
    if found is None:
        lines.append("the first endpoint was not asked twice: its noise floor is unknown")
    else:
        beyond = "more than noise" if found.differs_beyond_noise else "no more than noise shows"
        lines.append(
            f"answers alike on {found.alike.value:.0%} of {found.n} prompts, of the first asked "
            f"twice on {found.alike_of_itself.value:.0%}: the two differ by {beyond}"
        )
    if plain.input_tokens is not None and (plain.input_tokens.low or plain.input_tokens.high):
        lines.append("input tokens differ: another chat template or tokenizer is in use")
    for state in ("different", "unknown"):
        names = [one.name for one in plain.settings if one.state == state]
        if names:
            lines.append(f"{state}: {', '.join(names)}")
    return lines


def _different_ends(both: Sequence[Both]) -> dict[str, int]:
    ends = Counter(
        f"{one.first.outcome} and {one.second.outcome}"
        for one in both
        if one.first.outcome != one.second.outcome
    )
    return dict(sorted(ends.items()))


def _tokens(both: Sequence[Both], field: str) -> Interval | None:
    rows = [(getattr(one.first, field), getattr(one.second, field), one.group) for one in both]
    known = [(b - a, group) for a, b, group in rows if a is not None and b is not None]
    return clustered_mean([gap for gap, _ in known], [group for _, group in known])


def _models(attempts: Sequence[Attempt]) -> str:
    return ", ".join(sorted({one.model_answered for one in attempts if one.model_answered}))


def _p_equivalent(pairs: Pairs, margin: float) -> float:
    n, size = len(pairs.first), effective_pairs(pairs)
    scale = size / n
    return max(
        shares_within_margin(
            pairs.only_first * scale, pairs.only_second * scale, size, margin=margin
        )
    )


def _points(gap: Interval) -> str:
    return f"{100 * gap.value:+.1f} points ({100 * gap.low:+.1f} to {100 * gap.high:+.1f})"
