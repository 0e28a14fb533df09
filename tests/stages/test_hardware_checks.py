import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.profile import Profile
from playbook.stages.hardware_checks import hardware_problems
from tests.trials.conftest import a_profile
from tests.trials.measured_runs import an_own_server


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def problems(catalog: Catalog, **fields: object) -> list[str]:
    profile: Profile = a_profile(an_own_server(**fields))
    return list(hardware_problems(profile, catalog))


def test_known_hardware_is_no_problem(catalog: Catalog) -> None:
    assert problems(catalog) == []


def test_hardware_may_be_left_out(catalog: Catalog) -> None:
    assert problems(catalog, engine="", gpu="", gpus=None, precision="") == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"engine": "vlm"}, "engine: 'vlm' is no engine of the catalogue; did you mean vllm?"),
        ({"gpu": "h1000"}, "gpu: 'h1000' is no gpu of the catalogue; did you mean h100?"),
        (
            {"precision": "fp88"},
            "precision: 'fp88' is no precision of the catalogue; did you mean fp8?",
        ),
        ({"gpu": ""}, "gpus: is 1 of an unnamed GPU; give gpu, or leave gpus out"),
    ],
)
def test_unknown_hardware_is_named_with_the_nearest_one(
    catalog: Catalog, fields: dict[str, object], told: str
) -> None:
    assert problems(catalog, **fields) == [f"trials.endpoints.own.{told}"]


def test_a_demonstration_model_has_no_gpu(catalog: Catalog) -> None:
    (told,) = problems(catalog, embedded="demo-base", litellm_model="", option="")

    assert "runs on this machine's CPU; delete engine, gpu, gpus, precision" in told
