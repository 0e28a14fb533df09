"""One prompt tried by hand: through the gate, within the cap, and never as evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook.catalog import PriceList
from playbook.clearance import Label
from playbook.profile import Endpoint, Profile
from playbook.trials.audit import AUDIT_LOG
from playbook.trials.client import CallError
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.records import Attempt
from playbook.trials.trying import TRIES, Question, most_usd, try_prompt
from playbook.vocabulary import DataClass
from tests.trials.conftest import FakeClient, a_clearance, a_profile, a_reply, an_endpoint

PRICE = PriceList(input_usd_per_million_tokens=1.0, output_usd_per_million_tokens=1_000.0)
INTERNAL = Label(data_class=DataClass.INTERNAL)


def tried(
    folder: Path,
    client: FakeClient,
    question: Question,
    *endpoints: Endpoint,
    prices: dict[str, PriceList | None] | None = None,
    **trials: object,
) -> tuple[Attempt, ...]:
    profile: Profile = a_profile(*endpoints, **trials)
    return try_prompt(
        profile,
        a_clearance(profile),
        question,
        endpoints=profile.trials.endpoints,
        prices=prices or {},
        folder=folder,
        client=client,
    )


def test_every_endpoint_is_asked_once_and_told_in_their_order(tmp_path: Path) -> None:
    client = FakeClient(lambda one, _request, _times: a_reply(f"I am {one.id}"))

    lines = tried(tmp_path, client, Question("hello", INTERNAL), an_endpoint("b"), an_endpoint("a"))

    assert [(one.endpoint, one.text) for one in lines] == [("b", "I am b"), ("a", "I am a")]
    assert client.asked == [("b", "hello"), ("a", "hello")]
    assert client.closed


def test_an_unlabelled_prompt_counts_as_restricted_and_is_kept_back(tmp_path: Path) -> None:
    client = FakeClient()

    (line,) = tried(tmp_path, client, Question("question 1"))

    assert line.outcome == "refused_by_gate"
    assert "restricted data may not go to own" in line.error
    assert client.asked == []
    assert (tmp_path / AUDIT_LOG).read_text(encoding="utf-8").count("\n") >= 1


def test_a_secret_in_a_prompt_is_kept_back_by_the_scan(tmp_path: Path) -> None:
    client = FakeClient()

    (line,) = tried(tmp_path, client, Question("my ssn is 536-90-4399", INTERNAL))

    assert line.outcome == "refused_by_gate"
    assert line.controls == ("SCAN:us_ssn",)
    assert client.asked == []


def test_it_is_in_a_ledger_of_its_own_and_in_no_evidence(tmp_path: Path) -> None:
    tried(tmp_path, FakeClient(), Question("question 1", INTERNAL))

    assert [one.text for one in read_ledger(tmp_path / TRIES)] == ["answer 1"]
    assert not (tmp_path / LEDGER).exists()


def test_a_failure_is_told_and_another_endpoint_still_answers(tmp_path: Path) -> None:
    def rule(one: Endpoint, _request: object, _times: int) -> object:
        dead = CallError("connection", "refused", retry=True)
        return dead if one.id == "dead" else a_reply("here")

    client = FakeClient(rule)  # type: ignore[arg-type]
    asked = Question("hello", INTERNAL)

    lines = tried(tmp_path, client, asked, an_endpoint("dead"), an_endpoint("well"))

    assert [one.outcome for one in lines] == ["error", "answered"]
    assert lines[0].error == "connection: refused"


def test_the_money_cap_counts_all_tries_of_a_folder(tmp_path: Path) -> None:
    asked = Question("question 1", INTERNAL, max_tokens=10)
    prices: dict[str, PriceList | None] = {"own": PRICE}

    for _ in range(2):
        (line,) = tried(tmp_path, FakeClient(), asked, prices=prices, money_cap_usd=0.015)

    assert line.outcome == "error"
    assert "would pass trials.money_cap_usd" in line.error


def test_an_endpoint_of_others_without_a_price_is_not_asked(tmp_path: Path) -> None:
    client, stranger = FakeClient(), an_endpoint("stranger", operator="third_party")

    (line,) = tried(tmp_path, client, Question("hello", INTERNAL), stranger)

    assert "no price is known" in line.error
    assert client.asked == []


def test_what_it_could_cost_is_the_longest_answer_of_all_priced_endpoints() -> None:
    asked = Question("hello", INTERNAL, max_tokens=1_000)

    most = most_usd(asked, {"a": PRICE, "b": PRICE, "free": None})

    assert most == pytest.approx(2.0, rel=0.01)
