"""The licences of the models clause by clause, those of models in the race first."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.catalog import Catalog
from playbook.landscape.records import LicenceTerms, ModelInRace


def licence_terms(catalog: Catalog, models: Sequence[ModelInRace]) -> tuple[LicenceTerms, ...]:
    """Return the terms of each licence that a model carries.

    Args:
        catalog: Holds the licences.
        models: The models, those in the race first.
    """
    carriers: dict[str, list[str]] = {}
    for one in models:
        carriers.setdefault(catalog.model(one.model).licence, []).append(one.model)
    return tuple(
        LicenceTerms(
            licence=licence,
            title=catalog.licence(licence).title,
            models=tuple(carried),
            rows=catalog.licence(licence).rows,
            source=catalog.licence(licence).source,
        )
        for licence, carried in carriers.items()
    )
