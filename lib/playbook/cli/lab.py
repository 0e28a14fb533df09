"""`playbook lab`: JupyterLab on the notebooks."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from playbook.errors import ParamsError
from playbook.profile import params_dir
from playbook.stages.places import notebooks_dir

SETTINGS = Path(__file__).parent / "jupyter_config"  # no look-up of news or updates


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("jupyter_args", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--params",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Params file that the notebooks open with; params/demo.yaml if left out.",
)
def lab(jupyter_args: tuple[str, ...], params: Path | None) -> None:
    """Open JupyterLab on the notebooks; further arguments go to it."""
    if os.geteuid() == 0 and "--allow-root" not in jupyter_args:
        fix = "JupyterLab wants to be told: `playbook lab --allow-root`"
        raise ParamsError("playbook lab", [f"you are root; {fix}"])
    if wrong := [one for one in jupyter_args if one.endswith((".yaml", ".yml"))]:
        fix = f"name it as `playbook lab --params {wrong[0]}`"
        raise ParamsError("playbook lab", [f"{wrong[0]} is a params file, no notebook; {fix}"])
    notebooks = notebooks_dir()
    os.environ["PLAYBOOK_PARAMS_DIR"] = str(params_dir())
    if params:
        os.environ["PLAYBOOK_PARAMS"] = str(params.resolve())
    paths = [str(SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(path for path in paths if path)
    command = [sys.executable, "-m", "jupyterlab", "--notebook-dir", str(notebooks)]
    os.execv(sys.executable, [*command, *jupyter_args])  # noqa: S606  our own interpreter
