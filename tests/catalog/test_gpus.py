"""Data sheets of GPUs agree with themselves, and none is taken for another."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.costs.measured import gpu_keys


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_narrower_formats_are_as_fast_or_up_to_four_times_faster(catalog: Catalog) -> None:
    """Half the width doubles the rate; FP4 is thrice FP8 on GB300, four times on GeForce 50."""
    odd = []
    for gpu in catalog.gpus:
        rates = [gpu.dense_bf16_tflops, gpu.dense_fp8_tflops, gpu.dense_fp4_tflops]
        given = [rate for rate in rates if rate is not None]
        steps = [narrow / wide for wide, narrow in pairwise(given)]
        if any(not 1 <= step <= 4.01 for step in steps):
            odd.append(gpu.id)

    assert odd == []


def test_every_gpu_names_its_family_of_chips(catalog: Catalog) -> None:
    assert [gpu.id for gpu in catalog.gpus if gpu.generation is None] == []


def test_no_name_of_a_gpu_means_two(catalog: Catalog) -> None:
    keys = Counter(
        key
        for gpu in catalog.gpus
        for key in {gpu_keys(name)[0] for name in (gpu.id, *gpu.aliases)}
    )

    assert [key for key, count in keys.items() if count > 1] == []


def test_all_gpus_of_the_measured_points_and_their_kin_are_known(catalog: Catalog) -> None:
    known = {gpu.id for gpu in catalog.gpus}

    assert {
        "a10", "a10g", "a40", "l4", "l40s", "a100-40gb", "a100-80gb", "a100-80gb-pcie", "h100",
        "h100-pcie", "h100-nvl", "h200", "h200-nvl", "gh200", "gh200-144gb", "h20", "b200", "gb200",
        "b300", "gb300", "mi250", "mi300x", "mi325x", "mi355x", "rtx-3090", "rtx-4080", "rtx-4090",
        "rtx-a6000", "rtx-6000-ada", "rtx-pro-6000", "gaudi2", "m1-7core", "m1-max", "m2-ultra",
        "m3-max",
    } <= known  # fmt: skip


def test_gpus_without_an_offer_or_purchase_price_are_no_servers_of_a_team(
    catalog: Catalog,
) -> None:
    rented = {offer.gpu for offer in catalog.gpu_offers}

    sized = {gpu.id for gpu in catalog.gpus} - rented

    assert {"mi300x", "rtx-4090", "m1-max", "gb300"} <= sized
    assert not [one for one in catalog.assumptions if one.id.rpartition("_gpu_")[2] in sized]
