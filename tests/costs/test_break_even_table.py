"""The break-even table that was worked out before this project began, on the staircase.

Million tokens/day above which own servers are cheaper, at a mix of 3 input tokens to 1 output,
24 hours a day, a third of the capacity usable. Blended USD per million tokens from the prices of
litellm 1.106.2; USD a month and total tokens/s of one replica as stated with the table (L4 and A10G
by estimate, H100 and H200 from their full-load cost). "Team" adds a spare replica and a quarter of
an engineer at 180,000 USD a year. None: never, as each further replica costs more than the API.

Where one replica is enough the table is met within its rounding and half a per cent. Where replicas
are added the crossing rests on the small difference between two rounded costs per token, so that
the table's last digits move it by up to a fifth; its "never" are all met.
"""

import numpy as np
import pytest

from playbook.costs.staircase import Block, Line, Staircase, cheaper_intervals, first_crossing
from playbook.units import DAYS_PER_MONTH

APIS = {
    "GPT-4": 37.5, "Sonnet 4.6": 6.0, "GPT-4o": 4.38, "GPT-5": 3.44, "Haiku 4.5": 2.0,
    "Gemini Flash": 0.85, "GPT-5-mini": 0.69, "GPT-4o-mini": 0.26,
}  # fmt: skip
HOSTS = {
    "8B": {"Together": 0.18, "Fireworks": 0.10, "DeepInfra": 0.035},
    "70B": {"Together": 1.04, "DeepInfra": 0.155},
}
SERVERS = {
    "8B on L4": (588, 3_000),
    "8B on A10G": (734, 1_850),
    "8B on H100": (1_672, 18_700),
    "70B on H200": (2_475, 3_036),
    "70B on 2 H100": (4_307, 5_100),
    "70B on 2 H100 of a hyperscaler": (10_050, 5_100),
}
TABLE = {
    ("8B on L4", "bare"): (0.5, 3.2, 4.4, 5.6, 9.7, 23, 28, 74),
    ("8B on L4", "team"): (4.3, 27, 37, 47, 81, 228, 308, 3_700),
    ("8B on A10G", "bare"): (0.6, 4.0, 5.5, 7.0, 12, 28, 35, None),
    ("8B on A10G", "team"): (4.6, 29, 39, 50, 96, 377, 646, None),
    ("8B on H100", "bare"): (1.5, 9.2, 13, 16, 28, 65, 80, 210),
    ("8B on H100", "team"): (6.2, 39, 53, 68, 117, 275, 339, 1_120),
    ("70B on H200", "bare"): (2.2, 14, 19, 24, 41, None, None, None),
    ("70B on H200", "team"): (7.6, 48, 65, 83, 194, None, None, None),
    ("70B on 2 H100", "bare"): (3.8, 24, 32, 41, 71, None, None, None),
    ("70B on 2 H100", "team"): (10.8, 68, 93, 118, 258, None, None, None),
    ("70B on 2 H100 of a hyperscaler", "team"): (21, 131, 216, 389, None, None, None, None),
}
SAME_WEIGHTS = {
    ("8B on L4", "bare"): (None, None, None),
    ("8B on L4", "team"): (None, None, None),
    ("8B on A10G", "bare"): (None, None, None),
    ("8B on H100", "bare"): (306, None, None),
    ("8B on H100", "team"): (2_300, None, None),
    ("70B on H200", "bare"): (78, None),
    ("70B on H200", "team"): (2_100, None),
    ("70B on 2 H100", "bare"): (136, None),
    ("70B on 2 H100", "team"): (4_000, None),
    ("70B on 2 H100 of a hyperscaler", "team"): (None, None),
}
CELLS = [
    (*row, name, usd, expected)
    for row, line in TABLE.items()
    for (name, usd), expected in zip(APIS.items(), line, strict=True)
] + [
    (*row, name, usd, expected)
    for row, line in SAME_WEIGHTS.items()
    for (name, usd), expected in zip(HOSTS[row[0].split()[0]].items(), line, strict=True)
]


def stairs(servers: str, kind: str) -> Staircase:
    usd, tokens_per_second = SERVERS[servers]
    return Staircase(
        fixed_usd=np.array([3_750.0 if kind == "team" else 0.0]),
        gpu_usd=np.array([float(usd)]),
        replicas_per_daily_token=np.array([1 / (tokens_per_second * 86_400 / 3)]),
        block=Block(gpus=1, replicas=1),
        spare=1 if kind == "team" else 0,
    )


def api(usd_per_million_tokens: float) -> Line:
    return Line(np.zeros(1), np.array([usd_per_million_tokens * DAYS_PER_MONTH / 1e6]))


@pytest.mark.parametrize(("servers", "kind", "name", "usd", "expected"), CELLS)
def test_table_of_break_evens_is_met(
    servers: str, kind: str, name: str, usd: float, expected: float | None
) -> None:
    own = stairs(servers, kind)

    found = float(first_crossing(own, api(usd), low=1e4, high=1e11)[0]) / 1e6

    if expected is None:
        assert np.isnan(found), name
    else:
        one_is_enough = int(own.replicas_for_peak(np.array([found * 1e6]))[0]) == 1
        printed = next(half for most, half in ((10, 0.05), (100, 0.5), (1e9, 5)) if expected < most)
        within = {"abs": printed + 0.005 * expected} if one_is_enough else {"rel": 0.2}
        assert found == pytest.approx(expected, **within)


def test_cheapest_hosts_of_the_same_8b_are_never_met_on_an_l4() -> None:
    """Together, Fireworks and DeepInfra all cost less per token than a third of an L4."""
    own = stairs("8B on L4", "bare")

    assert all(
        cheaper_intervals(own, api(usd), low=1e4, high=1e11) == () for usd in HOSTS["8B"].values()
    )


def test_rule_of_thumb_was_right_at_the_price_of_gpt_4_and_is_not_at_today_s() -> None:
    """With a spare and a quarter engineer: 4 to 21M tokens/day at 37.5 USD, 23M up at 0.85."""
    usd = APIS["GPT-4"], APIS["Gemini Flash"]
    then, now = (
        [
            first_crossing(stairs(servers, "team"), api(each), low=1e4, high=1e11)[0] / 1e6
            for servers in SERVERS
        ]
        for each in usd
    )

    assert 4 < min(then) < max(then) < 21.5
    assert all(np.isnan(one) or one > 23 for one in now)
