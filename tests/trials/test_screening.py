"""The scan keeps back what its label does not say, after the clearance and never instead of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.clearance import Ruling
from playbook.profile.trial_settings import ScanOverride, Trials
from playbook.trials.client import Message, Request
from playbook.trials.prompt_records import Prompt, PromptMessage, PromptSet, PromptSetHeader
from playbook.trials.screening import PromptRef, Screen, scan_notes, screen_of, words_of
from playbook.vocabulary import DataClass

SSN, EMAIL = "523-84-1967", "jane@example.com"
DAY = date(2026, 11, 23)
REF = PromptRef("tickets", "p1")
ALLOWED = Ruling(allowed=True, controls=("BASE-01",), because="within the limit")


def a_request(*contents: str) -> Request:
    roles = ("system", "user", "assistant")
    messages = [Message(roles[at % 3], text) for at, text in enumerate(contents)]
    return Request(messages, max_tokens=5)


def an_override(**changes: object) -> ScanOverride:
    values = {
        "prompt_set": "tickets",
        "rule": "us_ssn",
        "owner": "data protection officer",
        "reason": "made up",
        "decided_on": "2026-11-01",
    }
    return ScanOverride.model_validate(values | changes)


def after(
    text: str, label: DataClass, *overrides: ScanOverride, ruling: Ruling = ALLOWED
) -> tuple[Ruling, tuple[ScanOverride, ...]]:
    screened = Screen(overrides, as_of=DAY).after(ruling, a_request(text), label, REF)
    return screened.ruling, screened.overridden


@pytest.mark.parametrize(
    ("text", "label", "allowed"),
    [
        (SSN, DataClass.CONFIDENTIAL, False),
        (SSN, DataClass.RESTRICTED, True),
        (EMAIL, DataClass.INTERNAL, False),
        (EMAIL, DataClass.CONFIDENTIAL, True),
        ("no such thing", DataClass.PUBLIC, True),
    ],
)
def test_a_hit_above_the_label_keeps_a_prompt_back(
    text: str, label: DataClass, *, allowed: bool
) -> None:
    assert after(text, label)[0].allowed is allowed


def test_the_refusal_names_rule_message_and_characters_and_never_the_value() -> None:
    request = a_request("You are a clerk.", f"Her SSN is {SSN}.")

    ruling = Screen().after(ALLOWED, request, DataClass.INTERNAL, REF).ruling

    assert ruling.controls == ("SCAN:us_ssn",)
    assert "us_ssn (US social security number, restricted) in message 2 (user)" in ruling.because
    assert "characters 12 to 22" in ruling.because
    assert "Label the prompt restricted" in ruling.because
    assert "trials.scan_overrides" in ruling.because
    assert "523" not in ruling.because


def test_a_prompt_full_of_hits_gives_a_short_refusal() -> None:
    ruling, _ = after(" and ".join([EMAIL] * 500), DataClass.PUBLIC)

    assert "496 more" in ruling.because
    assert len(ruling.because) < 800


@pytest.mark.parametrize("at", range(4))
def test_every_message_is_scanned_whatever_its_role(at: int) -> None:
    contents = ["hello"] * 4
    contents[at] = EMAIL

    ruling = Screen().after(ALLOWED, a_request(*contents), DataClass.PUBLIC, REF).ruling

    assert f"in message {at + 1} " in ruling.because


@given(label=st.sampled_from(DataClass), text=st.sampled_from(["", SSN, EMAIL, "plain"]))
def test_the_scan_never_turns_a_refusal_of_the_clearance_into_a_permission(
    label: DataClass, text: str
) -> None:
    refusal = Ruling(allowed=False, controls=("HIPAA-01",), because="Sign a BAA.")
    overrides = (an_override(), an_override(rule="email"))

    assert after(text, label, *overrides, ruling=refusal) == (refusal, ())


@given(label=st.sampled_from(DataClass), text=st.sampled_from(["", SSN, EMAIL, "plain"]))
def test_what_the_scan_lets_pass_is_the_ruling_of_the_clearance(
    label: DataClass, text: str
) -> None:
    ruling, _ = after(text, label)

    assert ruling == ALLOWED or not ruling.allowed


def test_an_override_lets_its_rule_pass_and_is_handed_on_to_be_logged() -> None:
    override = an_override()

    assert after(SSN, DataClass.INTERNAL, override) == (ALLOWED, (override,))
    assert words_of(override, REF) == (
        "us_ssn in tickets/p1 passed over by decision of data protection officer on 2026-11-01: "
        "made up"
    )


def test_an_override_that_was_not_needed_is_not_logged() -> None:
    assert after("plain", DataClass.INTERNAL, an_override()) == (ALLOWED, ())


@pytest.mark.parametrize(
    "changes",
    [
        {"rule": "email"},
        {"prompt_set": "other"},
        {"prompts": ("p2",)},
        {"valid_until": "2026-11-22"},
        {"decided_on": "2026-11-24"},
    ],
)
def test_an_override_holds_for_its_rule_set_prompts_and_days_only(
    changes: dict[str, object],
) -> None:
    assert not after(SSN, DataClass.INTERNAL, an_override(**changes))[0].allowed


@pytest.mark.parametrize(
    "changes",
    [{"prompts": ("p1", "p2")}, {"valid_until": "2026-11-23"}, {"decided_on": "2026-11-23"}],
)
def test_an_override_holds_on_its_first_and_last_day(changes: dict[str, object]) -> None:
    assert after(SSN, DataClass.INTERNAL, an_override(**changes))[0].allowed


def test_a_second_kind_in_the_prompt_is_still_kept_back() -> None:
    ruling, overridden = after(f"{SSN} {EMAIL}", DataClass.INTERNAL, an_override())

    assert (ruling.controls, overridden) == (("SCAN:email",), ())


def test_a_request_of_no_prompt_set_is_scanned_and_has_no_override() -> None:
    screen = Screen((an_override(),), as_of=DAY)

    ruling = screen.after(ALLOWED, a_request(SSN), DataClass.INTERNAL, PromptRef()).ruling

    assert not ruling.allowed


def test_notes_name_the_blind_spots_and_each_override_with_its_prompts() -> None:
    prompts = tuple(
        Prompt(
            id=name,
            task="t",
            messages=(PromptMessage(role="user", content=text),),
            data_class=DataClass.INTERNAL,
        )
        for name, text in (("p1", SSN), ("p2", "plain"), ("p3", f"{SSN}, {SSN}"))
    )
    tickets = PromptSet(header=PromptSetHeader(id="tickets"), prompts=prompts, sha256="0")
    ended = an_override(rule="email", valid_until="2026-11-02")
    section = Trials(scan_overrides=(an_override(), ended))

    blind, *overridden = scan_notes(section, [tickets], as_of=DAY)

    assert "names" in blind
    assert "not detected without a model" in blind
    (line,) = overridden
    assert line.startswith("scan override: data protection officer let us_ssn pass in 2 of the ")
    assert line.endswith(": made up")


def test_the_screen_of_a_profile_has_its_overrides() -> None:
    screen = screen_of(Trials(scan_overrides=(an_override(),)), as_of=DAY)

    assert screen.after(ALLOWED, a_request(SSN), DataClass.PUBLIC, REF).ruling.allowed


def test_a_set_with_images_is_told_apart_since_no_scan_reads_them() -> None:
    picture = PromptMessage(role="user", content="?", images=("data:image/gif;base64,R0lGODlh",))
    prompts = (Prompt(id="p1", task="t", messages=(picture,), data_class=DataClass.INTERNAL),)
    one = PromptSet(header=PromptSetHeader(id="tickets"), prompts=prompts, sha256="0")

    notes = list(scan_notes(Trials(), [one], as_of=DAY))

    assert notes[1:] == [
        "1 prompt of tickets shows images, which the scan can't read: their label alone decides"
    ]
