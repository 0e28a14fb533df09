"""A check says up front which prompts will be kept back, and what is wrong with the decisions."""

from __future__ import annotations

from datetime import date

import pytest

from playbook.profile.trial_settings import ScanOverride, Trials
from playbook.stages.scan_checks import scan_notices, scan_problems
from playbook.trials.prompt_records import Prompt, PromptMessage, PromptSet, PromptSetHeader
from playbook.vocabulary import DataClass

DAY = date(2026, 11, 23)
SSN = "523-84-1967"


def a_set(*contents: str) -> PromptSet:
    prompts = tuple(
        Prompt(
            id=f"p{at}",
            task="t",
            messages=(PromptMessage(role="user", content=text),),
            data_class=DataClass.INTERNAL,
        )
        for at, text in enumerate(contents)
    )
    return PromptSet(header=PromptSetHeader(id="tickets"), prompts=prompts, sha256="0")


def a_section(*overrides: dict[str, object], **changes: object) -> Trials:
    base = {
        "prompt_set": "tickets",
        "rule": "us_ssn",
        "owner": "data protection officer",
        "reason": "made up",
        "decided_on": "2026-11-01",
    }
    decided = tuple(ScanOverride.model_validate(base | one) for one in overrides)
    values = {"prompt_sets": ("tickets",), "scan_overrides": decided}
    return Trials.model_validate(values | changes)


def test_prompts_that_will_be_kept_back_are_named_with_rule_and_place_and_not_the_value() -> None:
    (line,) = scan_notices(a_section(), [a_set("plain", f"SSN {SSN}")], as_of=DAY)

    assert line.startswith("warning: prompts/tickets.jsonl: the scan will keep back 1 of 2 prompts")
    assert "p1: us_ssn (US social security number, restricted) in message 1 (user)" in line
    assert "characters 5 to 15" in line
    assert SSN not in line


def test_only_the_first_of_many_prompts_are_named() -> None:
    (line,) = scan_notices(a_section(), [a_set(*[SSN] * 50)], as_of=DAY)

    assert "keep back 50 of 50 prompts" in line
    assert line.endswith("and 42 more")


def test_prompts_that_are_not_tried_are_not_counted() -> None:
    section = a_section(prompts_per_task=1)

    assert list(scan_notices(section, [a_set("plain", SSN)], as_of=DAY)) == []


def test_a_decision_in_force_leaves_nothing_to_warn_of() -> None:
    assert list(scan_notices(a_section({}), [a_set(SSN)], as_of=DAY)) == []


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"valid_until": "2026-11-22"}, "the decision on us_ssn ended on 2026-11-22"),
        ({"decided_on": "2026-11-24"}, "holds from 2026-11-24 on, not yet"),
    ],
)
def test_a_decision_out_of_force_is_told_and_its_prompts_are_kept_back(
    days: dict[str, object], said: str
) -> None:
    decision, prompts = scan_notices(a_section(days), [a_set(SSN)], as_of=DAY)

    assert decision.startswith("warning: trials.scan_overrides[0]: the decision on us_ssn")
    assert said in decision
    assert "keep back 1 of 1" in prompts


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ({"rule": "us_snn"}, "'us_snn' is no rule of the scan; did you mean us_ssn?"),
        ({"rule": "zzz"}, "rules are aws_access_key"),
        ({"rule": "person_name"}, "'person_name' is no rule of the scan"),
        ({"prompt_set": "ticket"}, "did you mean tickets?"),
        ({"prompt_set": "zzz"}, "'zzz' is not under trials.prompt_sets; there are: tickets"),
        ({"prompts": ("p7",)}, "'p7' is no prompt of tickets"),
    ],
)  # fmt: skip
def test_a_wrong_name_in_a_decision_is_told_with_its_fix(
    override: dict[str, object], said: str
) -> None:
    (line,) = scan_problems(a_section(override), [a_set("plain")])

    assert line.startswith("trials.scan_overrides[0].")
    assert said in line


def test_a_right_decision_is_no_problem() -> None:
    assert list(scan_problems(a_section({"prompts": ("p0",)}), [a_set("plain")])) == []


def test_a_model_that_can_not_be_had_is_a_problem_and_the_rest_is_scanned() -> None:
    section = a_section(scan_model="no_such_model")

    (problem,) = scan_problems(section, [a_set(SSN)])
    (warning,) = scan_notices(section, [a_set(SSN)], as_of=DAY)

    assert "trials.scan_model: 'no_such_model'" in problem
    assert "keep back 1 of 1" in warning


def test_a_set_with_images_is_named_since_no_scan_reads_them() -> None:
    one = a_set("plain", "shown")
    shown = one.prompts[1].messages[0].changed(images=("data:image/gif;base64,R0lGODlh",))
    prompts = (one.prompts[0], one.prompts[1].changed(messages=(shown,)))

    (line,) = scan_notices(a_section(), [one.changed(prompts=prompts)], as_of=DAY)

    assert line == (
        "warning: prompts/tickets.jsonl: 1 prompt of tickets shows images, which the scan can't "
        "read: their label alone decides where they may go"
    )
