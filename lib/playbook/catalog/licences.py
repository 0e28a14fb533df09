"""Terms of a licence, clause by clause."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from playbook.catalog.schema import Fact
from playbook.units import Positive


class Licence(Fact):
    """Terms of a licence, clause by clause; a missing yes or no is unknown, never no.

    `commercial_use` is missing where nobody has verified the terms at all. Of verified terms a
    missing ceiling or cap is none.
    """

    title: str
    """Name of the licence."""
    spdx: str
    """SPDX id or `LicenseRef-...`."""
    commercial_use: Literal["yes", "no", "conditional"] | None
    """Whether commercial use is allowed."""
    monthly_user_ceiling: Positive | None = None
    """Monthly active users above which a separate licence is needed."""
    revenue_cap_usd_per_year: Annotated[float, Field(gt=0)] | None = None
    """Yearly revenue above which a separate licence is needed."""
    research_only: bool | None = None
    """Whether only research is allowed."""
    outputs_may_train_other_models: bool | None = None
    """Whether outputs may be used to improve other models."""
    excludes_eu_multimodal: bool | None = None
    """Whether multimodal versions are not licensed to those established in the EU."""
    duties: tuple[str, ...] = ()
    """What its user must do or show."""
    use_restrictions: tuple[str, ...] = ()
    """Fields of use that are barred."""
    note: str = ""
    """What else matters."""
