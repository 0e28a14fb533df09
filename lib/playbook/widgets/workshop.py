"""Whether to draw widgets."""

from __future__ import annotations

import os
from importlib.util import find_spec


def in_workshop(interactive: bool | None) -> bool:  # noqa: FBT001  the notebooks' parameter
    """Return whether to draw widgets: as told, else only inside JupyterLab; never without them."""
    wanted = "JPY_SESSION_NAME" in os.environ if interactive is None else interactive
    return wanted and _has_widgets()


def _has_widgets() -> bool:
    try:
        return find_spec("ipywidgets") is not None
    except ValueError:  # somebody put it out of reach on purpose
        return False
