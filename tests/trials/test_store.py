"""The store of answers: what is shared, what never is, and how long it holds."""

from __future__ import annotations

import sqlite3
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from playbook.errors import ArtefactError
from playbook.profile import Profile
from playbook.trials.ledger import Ledger
from playbook.trials.phases import asked_again
from playbook.trials.plan import Trial, plan_trials
from playbook.trials.prompts import load_prompt_set
from playbook.trials.records import Attempt
from playbook.trials.store import (
    OLDEST,
    STORE,
    AnswerStore,
    answer_key,
    keep_new,
    may_be_shared,
    take_stored,
)
from playbook.vocabulary import DataClass
from tests.trials.conftest import (
    FakeClient,
    Workplace,
    a_clearance,
    a_profile,
    a_prompt,
    a_reply,
    an_endpoint,
    write_prompt_set,
)

DAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


def sharing(*endpoints: object, **changes: object) -> Profile:
    values = {"reuse_answers": True, "latency_calls": 0} | changes
    return a_profile(*endpoints, **values)  # type: ignore[arg-type]


def the_trials(place: Workplace, profile: Profile) -> tuple[Trial, ...]:
    return plan_trials(profile, [load_prompt_set(place.params / "prompts" / "demo.jsonl")])


def a_team(root: Path, name: str, *, label: str = "internal", **prompt: object) -> Workplace:
    """Return the workplace of a team whose run folder lies beside those of others."""

    class Team(Workplace):
        @property
        def folder(self) -> Path:
            return root / "reports" / name / "run"

    place = Team(root / name)
    prompts = [a_prompt(number, **prompt) for number in range(4)]
    write_prompt_set(place.params, prompts, data_class=label)
    return place


def lines_of(place: Workplace) -> list[Attempt]:
    text = (place.folder / "trials.jsonl").read_text()
    return [Attempt.model_validate_json(one) for one in text.splitlines()]


def test_a_second_team_is_answered_from_the_store(tmp_path: Path) -> None:
    first, second = FakeClient(), FakeClient()
    a_team(tmp_path, "one").run(sharing(), first)
    other = a_team(tmp_path, "two")

    evidence = other.run(sharing(an_endpoint("named-otherwise")), second)

    assert (len(first.asked), len(second.asked)) == (4, 0)
    assert evidence.status == "complete"
    for line in lines_of(other):
        assert line.stored_on == DAY
        assert (line.total_s, line.first_token_s, line.cost_usd, line.client) == (None,) * 4
        assert line.passed
        assert line.input_tokens == 100


def test_nothing_is_shared_unless_a_team_asks_for_it(tmp_path: Path) -> None:
    client = FakeClient()
    a_team(tmp_path, "one").run(sharing(), FakeClient())
    a_team(tmp_path, "two").run(sharing(reuse_answers=False), client)

    assert len(client.asked) == 4
    assert all(one.stored_on is None for one in lines_of(a_team(tmp_path, "two")))


@pytest.mark.parametrize("label", ["confidential", "restricted"])
def test_answers_to_sensitive_prompts_are_never_kept(tmp_path: Path, label: str) -> None:
    profile, client = sharing(), FakeClient()
    clearance = a_clearance(profile, DataClass.RESTRICTED)

    a_team(tmp_path, "one", label=label).run(profile, FakeClient(), clearance=clearance)
    a_team(tmp_path, "two", label=label).run(profile, client, clearance=clearance)

    assert len(client.asked) == 4
    with sqlite3.connect(tmp_path / "reports" / STORE) as database:
        assert database.execute("SELECT count(*) FROM answers").fetchone() == (0,)


def test_what_may_not_be_sent_is_not_answered_from_the_store(tmp_path: Path) -> None:
    profile = sharing()
    a_team(tmp_path, "one").run(profile, FakeClient())
    other, client = a_team(tmp_path, "two"), FakeClient()

    other.run(profile, client, clearance=a_clearance(profile, DataClass.PUBLIC))

    assert {one.outcome for one in lines_of(other)} == {"refused_by_gate"}
    assert not client.asked


def test_failures_and_wrong_models_are_not_kept(tmp_path: Path) -> None:
    said = iter(
        [
            a_reply("x", finish_reason="length"),
            a_reply("x", finish_reason="content_filter"),
            a_reply("x", model_answered="another"),
            a_reply("x"),
        ]
    )
    a_team(tmp_path, "one").run(sharing(), FakeClient(lambda *_: next(said)))
    client = FakeClient()

    a_team(tmp_path, "two").run(sharing(), client)

    assert len(client.asked) == 3


def test_what_changes_an_answer_changes_its_key(workplace: Workplace) -> None:
    own = an_endpoint(litellm_model="hosted_vllm/m", api_base="http://h:1/v1")
    base = the_trials(workplace, sharing(own))[0]

    def key(**endpoint: object) -> str:
        return answer_key(replace(base, endpoint=own.changed(**endpoint)))

    same = [key(), key(id="x"), key(title="X"), key(rpm=3), key(api_key_variable="OUR_KEY")]
    other = [
        key(litellm_model="hosted_vllm/n"),
        key(api_base="http://h:2/v1"),
        key(expected_model="m2"),
        key(dialect="anthropic"),
        answer_key(replace(base, repeat=1)),
        answer_key(replace(base, request=replace(base.request, temperature=0.5))),
        answer_key(replace(base, request=replace(base.request, max_tokens=17))),
        answer_key(replace(base, request=replace(base.request, seed=1))),
        answer_key(replace(base, request=replace(base.request, response_schema={}))),
    ]
    assert set(same) == {answer_key(base)}
    assert len({answer_key(base), *other}) == 1 + len(other)
    assert answer_key(replace(base, prompt_set="other")) == answer_key(base)


def test_embedded_endpoints_and_measurements_are_never_shared(workplace: Workplace) -> None:
    trial = the_trials(workplace, sharing())[0]
    embedded = an_endpoint(litellm_model="", embedded="demo-base")

    assert may_be_shared(trial)
    assert not may_be_shared(replace(trial, endpoint=embedded))
    assert not may_be_shared(replace(trial, load=4))
    for purpose in ("latency", "load", "judge", "again"):
        assert not may_be_shared(replace(trial, purpose=purpose))  # type: ignore[arg-type]


def test_a_measurement_neither_takes_from_the_store_nor_adds_to_it(workplace: Workplace) -> None:
    trial = the_trials(workplace, sharing())[0]
    store = AnswerStore(workplace.root / STORE)
    store.keep([(trial, an_answer(trial))])
    others = [asked_again(trial, purpose, 0) for purpose in ("again", "latency")]  # type: ignore[arg-type]
    answers = [an_answer(one, purpose=one.purpose, text="measured") for one in others]

    with Ledger(workplace.folder / "trials.jsonl") as ledger:
        taken = take_stored(store, ledger, others, may_send=lambda _: True, now=DAY)
        lines = ledger.attempts()

    assert (taken, lines) == (0, ())
    assert keep_new(store, answers, [*others, trial]) == 0
    found = store.answer(trial, now=DAY)
    assert found is not None
    assert found.text != "measured"


def an_answer(trial: Trial, at: datetime = DAY, **changes: object) -> Attempt:
    values = {
        "run_key": trial.run_key,
        "prompt_set": "demo",
        "prompt": trial.prompt.id,
        "task": "t",
        "group": "g",
        "data_class": "internal",
        "endpoint": trial.endpoint.id,
        "repeat": 0,
        "attempt": 1,
        "final": True,
        "outcome": "answered",
        "text": "kept",
        "model_answered": "model-x",
        "at": at,
    }
    return Attempt.model_validate(values | changes)


def test_an_answer_holds_for_thirty_days(workplace: Workplace, tmp_path: Path) -> None:
    trial = the_trials(workplace, sharing())[0]
    store = AnswerStore(tmp_path / STORE)
    store.keep([(trial, an_answer(trial))])

    last, after = DAY + OLDEST, DAY + OLDEST + timedelta(seconds=1)

    assert store.answer(trial, now=last) is not None
    assert store.answer(trial, now=after) is None


def test_an_answer_ends_when_its_endpoint_answers_as_another_model(
    workplace: Workplace, tmp_path: Path
) -> None:
    endpoint = an_endpoint(litellm_model="openai/org/model-x")
    trial, other = the_trials(workplace, sharing(endpoint))[:2]
    store = AnswerStore(tmp_path / STORE)
    store.keep([(trial, an_answer(trial, model_answered="org/model-x"))])
    assert store.answer(trial, now=DAY) is not None

    later = an_answer(other, at=DAY + timedelta(hours=1), model_answered="model-x")
    store.keep([(other, later)])

    assert store.answer(trial, now=DAY) is None
    assert store.answer(other, now=DAY) is not None


def test_a_model_that_is_not_expected_any_more_is_no_answer(
    workplace: Workplace, tmp_path: Path
) -> None:
    trial = the_trials(workplace, sharing())[0]
    store = AnswerStore(tmp_path / STORE)
    store.keep([(trial, an_answer(trial, model_answered="stranger"))])

    assert store.answer(trial, now=DAY) is None


def test_the_same_answer_is_kept_once(workplace: Workplace, tmp_path: Path) -> None:
    trial = the_trials(workplace, sharing())[0]
    store = AnswerStore(tmp_path / STORE)

    assert store.keep([(trial, an_answer(trial))]) == 1
    assert store.keep([(trial, an_answer(trial))]) == 0


def test_several_writers_lose_nothing(workplace: Workplace, tmp_path: Path) -> None:
    trials = the_trials(workplace, sharing(repeats=8))
    writers = [
        threading.Thread(
            target=lambda part=trials[at::4]: [
                AnswerStore(tmp_path / STORE).keep([(one, an_answer(one))]) for one in part
            ]
        )
        for at in range(4)
    ]

    for one in writers:
        one.start()
    for one in writers:
        one.join()

    store = AnswerStore(tmp_path / STORE)
    assert all(store.answer(one, now=DAY) for one in trials)


def test_only_its_owner_reads_the_store(tmp_path: Path) -> None:
    path = tmp_path / STORE
    AnswerStore(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    path.chmod(0o644)

    with pytest.raises(ArtefactError, match="others may read or write these answers"):
        AnswerStore(path)


def test_a_link_or_a_damaged_file_is_not_used(tmp_path: Path) -> None:
    real, link, broken = (tmp_path / name for name in ("real", "link", "broken"))
    real.touch(0o600)
    link.symlink_to(real)
    broken.touch(0o600)
    broken.write_bytes(b"no database" * 400)

    with pytest.raises(ArtefactError, match="can't be opened"):
        AnswerStore(link)
    with pytest.raises(ArtefactError, match="delete it, and answers are asked for again"):
        AnswerStore(broken)


def test_a_run_that_fails_keeps_what_it_was_answered(tmp_path: Path) -> None:
    def rule(_endpoint: object, request: object, _times: int) -> object:
        if request.messages[-1].content == "question 3":  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return a_reply("x")

    with pytest.raises(KeyboardInterrupt):
        a_team(tmp_path, "one").run(sharing(concurrency=1), FakeClient(rule))  # type: ignore[arg-type]
    client = FakeClient()

    a_team(tmp_path, "two").run(sharing(), client)

    assert 1 <= len(client.asked) < 4
