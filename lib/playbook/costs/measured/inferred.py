"""A typical architecture of a model of which only the size is known."""

from __future__ import annotations

import numpy as np

from playbook.catalog import Architecture, Catalog, Model
from playbook.provenance import Source

LEAST_MODELS = 8
HEAD_DIM = 128
KV_HEADS = 8
SPARSE_SHARE = 0.2  # below it experts are many and small
MANY_EXPERTS, FEW_EXPERTS = (128, 8), (8, 2)
PREFIX = "inferred-"


def inferred_model(
    catalog: Catalog, parameters_billion: float, active_parameters_billion: float | None = None
) -> Model:
    """Return a model of so many parameters with the depth and width that are usual for them.

    Depth and width are straight lines in the logarithm of the size through all dense models of the
    catalog's tables; a mixture of experts is as deep and wide as a dense model of its active
    parameters. It is assumed, and never a seen model.

    Args:
        catalog: Holds the architectures.
        parameters_billion: All parameters, in billions.
        active_parameters_billion: Those used for each token; None for all.
    """
    active = min(active_parameters_billion or parameters_billion, parameters_billion)
    layers, hidden = _depth_and_width(catalog, active)
    share = active / parameters_billion
    experts, chosen = MANY_EXPERTS if share < SPARSE_SHARE else FEW_EXPERTS
    sparse = share < 1
    heads = max(1, round(hidden / HEAD_DIM))
    return Model(
        id=f"{PREFIX}{parameters_billion:g}b-a{active:g}b",
        title=f"a model of {parameters_billion:g} billion parameters",
        family="inferred",
        developer="",
        developer_jurisdiction=(),
        open_weights=True,
        licence="unverified",
        parameters_billion=parameters_billion,
        active_parameters_billion=active,
        architecture=Architecture(
            layers=max(1, round(layers)),
            hidden=heads * HEAD_DIM,
            heads=heads,
            kv_heads=min(KV_HEADS, heads),
            head_dim=HEAD_DIM,
            experts=experts if sparse else None,
            active_experts=chosen if sparse else None,
        ),
        source=_source(catalog),
    )


def is_inferred(model: Model) -> bool:
    """Return whether a model's architecture was inferred from its size."""
    return model.family == "inferred"


def _depth_and_width(catalog: Catalog, parameters_billion: float) -> tuple[float, float]:
    dense = [
        one
        for table in catalog.architectures
        for one in table.models
        if one.active_parameters_billion >= one.parameters_billion
    ]
    if len(dense) < LEAST_MODELS:
        msg = f"the catalog holds {len(dense)} dense architectures; {LEAST_MODELS} are needed"
        raise ValueError(msg)
    size = np.log([one.parameters_billion for one in dense])
    wanted = np.log(parameters_billion)
    lines = (
        np.polyfit(size, np.log([float(getattr(one, name)) for one in dense]), 1)
        for name in ("layers", "hidden")
    )
    layers, hidden = (float(np.exp(np.polyval(line, wanted))) for line in lines)
    return layers, hidden


def _source(catalog: Catalog) -> Source:
    newest = max(table.source.as_of for table in catalog.architectures)
    return Source(title="Typical for the size", as_of=newest, kind="assumption")
