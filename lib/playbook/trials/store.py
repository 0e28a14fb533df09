"""Answers that teams share: the same prompt to the same endpoint is paid for once.

Only where a team asks for it (`trials.reuse_answers`), only answers to prompts labelled public or
internal, and only of endpoints that are not part of the bundle. What may not be sent is not
answered from here either. A stored answer enters the ledger as an attempt of its own, with the
time of the first answer and without times or cost. One file of SQLite beside the runs: each answer
is a transaction, so a crash leaves whole answers, and several runs may read and write it at once.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from playbook.errors import ArtefactError
from playbook.profile.endpoints import Endpoint
from playbook.records import Record
from playbook.runs import canonical_json
from playbook.trials.attempting import accepted_models
from playbook.trials.client import ToolCall
from playbook.trials.ledger import Ledger
from playbook.trials.plan import Trial
from playbook.trials.records import Attempt
from playbook.trials.samples import SHOWN_CLASSES
from playbook.trials.scoring import scored_at_once

STORE = ".answers.sqlite"
OLDEST = timedelta(days=30)
"""A provider may change what serves a dated model id, and its filters, without a word. A month
spans a workshop and what follows it; an older answer is asked for again."""
WAIT_FOR_LOCK_S = 30.0
_TABLE = """CREATE TABLE IF NOT EXISTS answers (
    key TEXT NOT NULL, endpoint TEXT NOT NULL, model TEXT NOT NULL, at TEXT NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY (key, at)
)"""
_NEWEST_MODELS = "SELECT endpoint, model, MAX(at) FROM answers GROUP BY endpoint"
_NEWEST_ANSWER = (
    "SELECT body, model FROM answers WHERE key = ? AND at >= ? ORDER BY at DESC LIMIT 1"
)
_INDEX = "CREATE INDEX IF NOT EXISTS by_endpoint ON answers (endpoint, at)"


class StoredAnswer(Record):
    """What an endpoint answered, without what belongs to the run that asked."""

    text: str
    """The answer; hostile text."""
    tool_calls: tuple[ToolCall, ...] = ()
    """What the model wanted to call; hostile text."""
    model_answered: str
    """Model id that the endpoint reported."""
    input_tokens: int | None = None
    """As the endpoint counted them."""
    output_tokens: int | None = None
    """As the endpoint counted them."""
    cached_input_tokens: int | None = None
    """Of the input, read from the provider's cache."""
    cache_written_tokens: int | None = None
    """Of the input, written to it."""
    reasoning_tokens: int | None = None
    """Of the output, spent on reasoning."""
    at: datetime
    """When it was first given, UTC."""


class AnswerStore:
    """Answers on disk, shared by runs; nothing in it is ever changed or removed.

    Args:
        path: The file; made readable by its owner alone.

    Raises:
        ArtefactError: when it can't be used: others may write to it, or it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._opened() as database:
            database.execute(_TABLE)
            database.execute(_INDEX)

    def answer(self, trial: Trial, *, now: datetime) -> StoredAnswer | None:
        """Return the newest answer to a trial that still holds, or None; see `answers`."""
        return self.answers([trial], now=now).get(trial.run_key)

    def answers(self, trials: Sequence[Trial], *, now: datetime) -> dict[str, StoredAnswer]:
        """Return the newest answers that still hold, by run key of their trial.

        One holds for 30 days, and while its endpoint has answered as no other model since.

        Args:
            trials: What would be asked.
            now: Time of day, UTC.
        """
        since, found = (now - OLDEST).isoformat(), {}
        with self._opened() as database:
            newest = {place: model for place, model, _ in database.execute(_NEWEST_MODELS)}
            for trial in trials:
                row = database.execute(_NEWEST_ANSWER, (answer_key(trial), since)).fetchone()
                if row is not None and row[1] == newest[endpoint_hash(trial.endpoint)]:
                    found[trial.run_key] = self._read(row[0])
        accepted = {one.run_key: accepted_models(one.endpoint) for one in trials}
        return {key: one for key, one in found.items() if one.model_answered in accepted[key]}

    def _read(self, body: str) -> StoredAnswer:
        try:
            return StoredAnswer.model_validate_json(body)
        except ValidationError as error:
            raise self._broken() from error

    def keep(self, answers: Sequence[tuple[Trial, Attempt]]) -> int:
        """Store answers that are not in it yet; return how many were new.

        Args:
            answers: Trials with their results.
        """
        rows = [
            (
                answer_key(trial),
                endpoint_hash(trial.endpoint),
                result.model_answered,
                result.at.isoformat(),
                _stored(result).model_dump_json(),
            )
            for trial, result in answers
        ]
        with self._opened() as database:
            before = database.total_changes
            database.executemany("INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?)", rows)
            return database.total_changes - before

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction, which is on disk when it is left."""
        self._make_private()
        try:
            with closing(sqlite3.connect(self.path, timeout=WAIT_FOR_LOCK_S)) as database, database:
                database.execute("PRAGMA synchronous = FULL")
                yield database
        except sqlite3.DatabaseError as error:
            raise self._broken() from error

    def _make_private(self) -> None:
        """Make the file if it is missing; refuse one that others could have written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle) as file:
                found = os.fstat(file.fileno())
        except OSError as error:
            raise ArtefactError(f"{self.path}: can't be opened ({error.strerror})") from error
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            fix = "delete it, or set trials.reuse_answers: false"
            raise ArtefactError(f"{self.path}: others may read or write these answers; {fix}")

    def _broken(self) -> ArtefactError:
        fix = "delete it, and answers are asked for again"
        return ArtefactError(f"{self.path}: can't be read or written as a store of answers; {fix}")


def answer_key(trial: Trial) -> str:
    """Return the hash of all that an answer depends on; names of teams and sets are not in it."""
    request = trial.request
    content = {
        **request.content,
        "endpoint": endpoint_hash(trial.endpoint),
        "parameters": [request.max_tokens, request.temperature, request.seed],
        "repeat": trial.repeat,
    }
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def endpoint_hash(endpoint: Endpoint) -> str:
    """Return the hash of what answers: model, address, dialect and the model id expected."""
    names = ("litellm_model", "api_base", "dialect", "embedded", "expected_model")
    content = {name: getattr(endpoint, name) for name in names}
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def may_be_shared(trial: Trial) -> bool:
    """Return whether an answer to a trial may be taken from, or kept in, the store."""
    plain = trial.purpose == "trial" and not trial.load and trial.endpoint.embedded is None
    return plain and trial.prompt.data_class in SHOWN_CLASSES


def take_stored(
    store: AnswerStore,
    ledger: Ledger,
    trials: Sequence[Trial],
    *,
    may_send: Callable[[Trial], bool],
    now: datetime,
) -> int:
    """Write stored answers into a ledger for the trials that have no result; return how many.

    Args:
        store: The store.
        ledger: Open ledger of the run.
        trials: The run's trials.
        may_send: What clearance and scan say; they are asked before the store is.
        now: Time of day, UTC.
    """
    asked = [
        one
        for one in trials
        if may_be_shared(one) and not _is_settled(ledger, one) and may_send(one)
    ]
    found = store.answers(asked, now=now)
    answered = [one for one in asked if one.run_key in found]
    ledger.append(*(_attempt(one, found[one.run_key], now) for one in answered))
    return len(found)


def _is_settled(ledger: Ledger, trial: Trial) -> bool:
    result = ledger.result(trial.run_key)
    return result is not None and result.outcome != "refused_by_gate"


def keep_new(store: AnswerStore, attempts: Sequence[Attempt], trials: Sequence[Trial]) -> int:
    """Store the answers of a run that were given by a call; return how many are new.

    Args:
        store: The store.
        attempts: Lines of the run's ledger.
        trials: The run's trials.
    """
    by_key = {one.run_key: one for one in trials if may_be_shared(one)}
    return store.keep(
        [
            (by_key[one.run_key], one)
            for one in attempts
            if one.run_key in by_key
            and one.final
            and one.outcome == "answered"
            and one.stored_on is None
            and not one.recorded
        ]
    )


def _stored(result: Attempt) -> StoredAnswer:
    return StoredAnswer.model_validate(
        {name: getattr(result, name) for name in StoredAnswer.model_fields}
    )


def _attempt(trial: Trial, found: StoredAnswer, now: datetime) -> Attempt:
    told = {name: getattr(found, name) for name in StoredAnswer.model_fields if name != "at"}
    line = Attempt.model_validate(
        {
            **told,
            "run_key": trial.run_key,
            "prompt_set": trial.prompt_set,
            "prompt": trial.prompt.id,
            "task": trial.prompt.task,
            "group": trial.prompt.cluster,
            "data_class": trial.prompt.data_class,
            "endpoint": trial.endpoint.id,
            "repeat": trial.repeat,
            "attempt": 1,
            "final": True,
            "outcome": "answered",
            "stored_on": found.at,
            "at": now,
        }
    )
    return scored_at_once(trial.prompt, line)
