"""One prompt tried by hand from a notebook: prices and clearance of its session, no evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from playbook.compliance.records import Compliance
from playbook.profile import Endpoint
from playbook.stages.session import Session
from playbook.trials.money import endpoint_price
from playbook.trials.records import Attempt
from playbook.trials.trying import Question, most_usd, try_prompt

if TYPE_CHECKING:
    from playbook.catalog import PriceList


def ask_by_hand(
    session: Session, question: Question, endpoints: Sequence[Endpoint]
) -> tuple[Attempt, ...]:
    """Ask some endpoints one question and return what became of it on each.

    Raises:
        EngineError: when an embedded engine can't be started.
        TrialError: when another try is under way in the run folder.
        ArtefactError: when the audit log can't be written.
    """
    compliance = cast("Compliance", session.earlier("compliance"))
    return try_prompt(
        session.profile,
        compliance.clearance,
        question,
        endpoints=endpoints,
        prices=_prices(session, endpoints),
        folder=session.run.folder,
    )


def most_usd_by_hand(session: Session, question: Question, endpoints: Sequence[Endpoint]) -> float:
    """Return what asking could cost at most, US dollars."""
    return most_usd(question, _prices(session, endpoints))


def _prices(session: Session, endpoints: Sequence[Endpoint]) -> dict[str, PriceList | None]:
    return {
        one.id: endpoint_price(one, session.profile, session.catalog, as_of=session.as_of)
        for one in endpoints
    }
