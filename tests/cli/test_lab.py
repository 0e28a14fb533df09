"""`playbook lab` says what is wrong before JupyterLab starts."""

import pytest

from playbook.cli import main


def test_a_params_file_in_the_wrong_place_is_told_with_the_fix(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["lab", "--allow-root", "params/teams/acme.yaml"])

    assert stop.value.code == 2
    assert "`playbook lab --params params/teams/acme.yaml`" in capsys.readouterr().err
