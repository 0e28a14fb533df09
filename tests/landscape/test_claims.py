"""Claims about the world: every verdict follows from the facts, and follows them when they move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.catalog.boards import Board, BoardScore
from playbook.catalog.claims import Claim
from playbook.landscape.claim_records import ClaimFinding
from playbook.landscape.claims import CHECKS, check_claims
from playbook.landscape.gap import measure_gap
from playbook.landscape.judging import Known
from playbook.landscape.records import Landscape
from playbook.landscape.screen import screen_models
from playbook.landscape.tier_prices import tier_prices
from playbook.profile.profile import Profile

TODAY = date(2026, 11, 23)
CATALOG = load_catalog()


@cache
def the_landscape() -> Landscape:
    return screen_models(Profile(), CATALOG, as_of=TODAY)


def known(catalog: Catalog = CATALOG) -> Known:
    return Known(
        catalog=catalog, gap=measure_gap(catalog), pairs=the_landscape().parity_pairs, as_of=TODAY,
        tiers=tier_prices(catalog, as_of=TODAY),
    )  # fmt: skip


def found(name: str, facts: Known | None = None) -> ClaimFinding:
    return next(one for one in check_claims(facts or known()) if one.claim == name)


def figure(name: str, part: str) -> float:
    return next(one.value for one in found(name).figures if part in one.name)


def test_every_catalogued_claim_about_the_world_has_a_check_and_every_check_a_claim() -> None:
    assert {one.id for one in CATALOG.claims if one.about == "world"} == set(CHECKS)


def test_every_model_that_a_claim_compares_is_on_its_board() -> None:
    boards = {board.id: {one.model for one in board.scores} for board in CATALOG.boards}

    for claim in CATALOG.claims:
        for one in claim.comparisons:
            assert {*one.models, *one.against} <= boards[one.board], (claim.id, one.board)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("gap-closed", "holds_in_part"),
        ("lag-of-6-to-12-months", "holds_in_part"),
        ("open-improves-faster", "cannot_be_settled"),
        ("llama-3-70b-matches-gpt-3.5", "holds_in_part"),
        ("llama-3-8b-on-one-gpu", "holds"),
        ("llama-3-8b-equals-frontier-of-two-years-before", "holds"),
        ("llama-3-in-mid-2024", "does_not_hold"),
        ("llama-3-licence-without-threshold", "holds_in_part"),
        ("mixtral-near-70b-at-lower-cost", "holds_in_part"),
        ("deepseek-coder-is-a-reference", "holds_in_part"),
        ("api-prices-cut", "holds_in_part"),
        ("multimodal-gap-closes-next", "cannot_be_settled"),
        ("cost-and-compliance-decide", "cannot_be_settled"),
    ],
)
def test_the_shipped_facts_lead_to_these_verdicts(claim: str, verdict: str) -> None:
    assert found(claim).verdict == verdict


@pytest.mark.parametrize(
    ("claim", "part", "value"),
    [
        ("llama-3-70b-matches-gpt-3.5", "knowledge", 79.3 - 71.4),
        ("llama-3-70b-matches-gpt-3.5", "people prefer", 1206 - 1117),
        ("llama-3-70b-matches-gpt-3.5", "code editing", 49.2 - 57.9),
        ("mixtral-near-70b-at-lower-cost", "knowledge, against Llama 2", 70.6 - 69.9),
        ("mixtral-near-70b-at-lower-cost", "school", 74.4 - 69.6),
        ("mixtral-near-70b-at-lower-cost", "mathematics, against Llama 3", 10.0 - 22.6),
        ("deepseek-coder-is-a-reference", "code editing", 72.9 - 72.9),
        ("multimodal-gap-closes-next", "best open", 73.5 - 75.0),
        ("api-prices-cut", "anthropic small", 4.0),
        ("api-prices-cut", "anthropic flagship", 1 / 3),
    ],
)
def test_figures_are_those_of_the_boards_and_price_tables(
    claim: str, part: str, value: float
) -> None:
    """Scores: Epoch AI, benchmark-stitching@f87d3cc, open-model-trends@a72b3e9; Aider@5dc9490bb.

    Prices: Claude 3 Haiku 0.25/1.25, Haiku 4.5 1/5; Opus 15/75, then 5/25 USD per million tokens.
    """
    assert figure(claim, part) == pytest.approx(value, abs=1e-9)


def test_every_figure_has_a_source_and_every_finding_says_how_it_was_checked() -> None:
    for one in check_claims(known()):
        assert one.method, one.claim
        assert one.because.endswith("."), one.claim
        for number in one.figures:
            assert number.sources, (one.claim, number.name)
            assert number.unit, (one.claim, number.name)


def test_without_any_facts_nothing_is_settled() -> None:
    bare = Known(catalog=Catalog(claims=CATALOG.claims), gap=None, pairs=(), tiers=(), as_of=TODAY)

    assert {one.verdict for one in check_claims(bare)} == {"cannot_be_settled"}


def with_claim(name: str, **changes: object) -> Known:
    claims = [one if one.id != name else one.changed(**changes) for one in CATALOG.claims]
    return known(CATALOG.changed(claims=tuple(claims)))


def test_a_date_within_the_time_claimed_holds() -> None:
    facts = with_claim("llama-3-in-mid-2024", claimed_from=date(2024, 4, 1))

    assert found("llama-3-in-mid-2024", facts).verdict == "holds"


def test_a_lag_wholly_within_the_range_claimed_holds_and_outside_it_does_not() -> None:
    wide = with_claim("lag-of-6-to-12-months", claimed={"low": 0, "high": 60, "unit": "months"})
    far = with_claim("lag-of-6-to-12-months", claimed={"low": 40, "high": 60, "unit": "months"})

    assert found("lag-of-6-to-12-months", wide).verdict == "holds"
    assert found("lag-of-6-to-12-months", far).verdict == "does_not_hold"


def test_prices_that_rose_in_every_rank_are_no_cut() -> None:
    facts = known()
    risen = tuple(
        one.changed(output_usd_per_million_tokens=one.output_usd_per_million_tokens * 100)
        if one.on > date(2024, 7, 31) else one
        for one in facts.tiers
    )  # fmt: skip
    one = found("api-prices-cut", replace(facts, tiers=risen))

    assert one.verdict == "does_not_hold"
    assert "0 became clearly cheaper (none)" in one.because


def a_board(*, ours: float, theirs: float, noise: float = 1.5) -> Board:
    """Return a board with one open and one closed model."""
    rows = [
        BoardScore(model=name, developer="x", open_weights=weights_open, score=score,
                   released=date(2026, 5, 1))
        for name, weights_open, score in (("ours", True, ours), ("theirs", False, theirs))
    ]  # fmt: skip
    return Board(
        id="b", title="B", unit="percent", score_noise=noise, scores=tuple(rows),
        source=CATALOG.boards[0].source,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "verdict"), [(80.0, "holds"), (76.6, "holds"), (76.4, "does_not_hold")]
)
def test_scores_within_the_noise_of_repeats_count_as_level(ours: float, verdict: str) -> None:
    """Noise 1.5: 1.645 x sqrt 2 x 1.5 = 3.49 points tell two scores apart (worked by hand)."""
    comparison = {"board": "b", "models": ["ours"], "against": ["theirs"], "what": "all"}
    claim = Claim(
        id="llama-3-70b-matches-gpt-3.5", title="t", about="world", method="m",
        comparisons=(comparison,), source=CATALOG.claims[0].source,
    )  # type: ignore[arg-type]  # fmt: skip
    catalog = Catalog(boards=(a_board(ours=ours, theirs=80.0),), claims=(claim,))

    (one,) = check_claims(Known(catalog=catalog, gap=None, pairs=(), tiers=(), as_of=TODAY))

    assert one.verdict == verdict


def test_the_landscape_carries_the_ledger() -> None:
    assert {one.claim for one in the_landscape().claims} == set(CHECKS)
