"""The outcome policy: what counts as a failure, what is in n, and what is never dropped."""

from __future__ import annotations

from playbook.trials.records import Outcome

OUTCOME_POLICY: dict[Outcome, str] = {
    "answered": "in n; passed or failed by the prompt's scorers",
    "refused_by_gate": "not in n: the clearance or the scan kept it here; counted and listed",
    "error": "in n as a failure: no answer came after all attempts",
    "timeout": "in n as a failure: no full answer within the deadline",
    "truncated": "in n as a failure: the answer was cut at its longest length",
    "filtered": (
        "in n as a failure: the provider refused or cut it, unless every scorer of the prompt "
        "takes refusals"
    ),
    "wrong_model": "in n as a failure: another model answered, whose answers are not evidence here",
}
"""What each outcome counts as, in words; report and documentation show the same ones."""

POLICY_NOTES: tuple[str, ...] = (
    "Passed of sent counts every prompt that left (intention to treat).",
    "Passed of answered leaves out what brought no full answer (per protocol).",
    "A prompt without scorers, or whose answer no scorer could judge, is not in n and is counted.",
    "A trial without a result is missing: bounds show the rate if all of them failed, or passed.",
    "Prompts of a safety part are tasks of their own, outside rate, comparisons and cost of `all`.",
    "Repeats of a prompt are averaged first; they are never counted as prompts.",
    "Only calls sent for the trial itself count; latency, load, judge and repeat calls do not.",
)
"""What holds for all outcomes."""
