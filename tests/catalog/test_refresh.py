"""A refresh plans first, appends prices, sets the rest, and keeps what people wrote."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.catalog.observations import CONFIRM_AFTER_DAYS, Announced, PricePackages
from playbook.catalog.prices import MapEntry
from playbook.catalog.pricing import PriceList, SecondOpinion
from playbook.catalog.refresh import apply_plan, filed_offers, refresh_prices
from playbook.catalog.refresh_records import RefreshPlan
from playbook.catalog.seals import seal_problems, unsealed
from playbook.errors import CatalogError
from playbook.provenance import Source
from tests.catalog.builders import AS_OF, a_catalog

TEXT = """\
# Prices of one host.
sources:
  map: {title: "litellm 1.0 bundled price map", url: u, as_of: 2026-11-01, kind: package}  # read
  page: {title: "the host's page", url: example.org, as_of: 2026-10-01, kind: vendor}

api_offers:
  # the one that we use
  - model: small
    provider: host
    litellm_id: host/small  # dated
    context_tokens: 1000
    source: map
    prices:  # oldest first
      - {since: 2026-10-01, input_usd_per_million_tokens: 2, output_usd_per_million_tokens: 5, source: page}
      - {since: 2026-11-01, input_usd_per_million_tokens: 1, output_usd_per_million_tokens: 4, source: map}  # fell
  - model: other
    provider: host
    litellm_id: host/other
    prices:
      - since: 2026-11-01
        input_usd_per_million_tokens: 3
        output_usd_per_million_tokens: 6
        source: map
# end
"""  # noqa: E501  a file of facts has one price on a line
NEW_YEAR = date(2027, 1, 1)
USUAL = {"host/small": (1.0, 4.0), "host/other": (3.0, 6.0)}


def a_list(price: tuple[float, float], **more: object) -> PriceList:
    own = {"input_usd_per_million_tokens": price[0], "output_usd_per_million_tokens": price[1]}
    return PriceList.model_validate(own | more)


def some_packages(
    *,
    opinions: dict[str, list[PriceList]] | None = None,
    announced: Announced = (),
    version: str = "1.0",
    second_version: str = "9",
    facts: dict[str, object] | None = None,
    more: dict[str, object] | None = None,
    **prices: tuple[float, float] | None,
) -> PricePackages:
    """Return planted packages; `small=(2, 8)` gives host/small another price, None removes it."""
    stated = USUAL | {f"host/{name}": price for name, price in prices.items()}
    entries = {
        name: MapEntry.model_validate({
            "prices": a_list(price, **(more or {}) if name == "host/small" else {}),
            "context_tokens": 1000 if name == "host/small" else None,
            **((facts or {}) if name == "host/small" else {}),
        })
        for name, price in stated.items() if price is not None
    }  # fmt: skip

    def second(as_of: date) -> Source:
        return Source(title=f"second {second_version}", as_of=as_of, kind="package")

    def said(_: str, litellm_id: str, *, as_of: date) -> tuple[SecondOpinion, ...]:
        found = (opinions or {}).get(litellm_id, [])
        return tuple(
            SecondOpinion.model_validate({**dict(one), "source": second(as_of)}) for one in found
        )

    return PricePackages(
        facts=entries.get,
        opinions=said,
        announced=lambda _, name, as_of: (
            announced if name == "host/small" and as_of < AS_OF + timedelta(99) else ()
        ),
        source=lambda as_of: Source(
            title=f"litellm {version} bundled price map", url="u", as_of=as_of, kind="package"
        ),
        second_source=second,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "host.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "notes.yaml").write_text("licences: []\n", encoding="utf-8")
    return tmp_path


def plan_of(
    folder: Path, packages: PricePackages, *, as_of: date = AS_OF, seal: bool = False
) -> RefreshPlan:
    return refresh_prices(folder, as_of=as_of, seal=seal, packages=packages)


def text_of(folder: Path) -> str:
    return (folder / "host.yaml").read_text(encoding="utf-8")


def test_packages_that_say_the_same_change_nothing(folder: Path) -> None:
    plan = plan_of(folder, some_packages())

    assert (plan.changes, plan.notes) == ((), ())
    assert plan.packages == ("litellm 1.0 bundled price map", "second 9")


@pytest.mark.parametrize(("price", "changes"), [((1.009, 4.0), 0), ((1.02, 4.0), 1)])
def test_a_price_is_appended_when_it_moved_by_more_than_one_percent(
    folder: Path, price: tuple[float, float], changes: int
) -> None:
    plan = plan_of(folder, some_packages(small=price))

    assert [change.kind for change in plan.changes] == ["price"] * changes


def test_an_appended_price_leaves_the_old_ones_and_every_comment(folder: Path) -> None:
    packages = some_packages(small=(2.0, 8.0))

    written = apply_plan(folder, plan_of(folder, packages))

    assert written == (folder / "host.yaml",)
    small, other = (filed.offer for filed in filed_offers(folder))
    assert [price.input_usd_per_million_tokens for price in small.prices] == [2, 1, 2]
    assert small.prices[-1].since == AS_OF
    assert small.prices[-1].source == packages.source(AS_OF)
    assert len(other.prices) == 1
    kept = [line for line in text_of(folder).splitlines() if line in TEXT.splitlines()]
    assert kept == TEXT.splitlines()


def test_a_second_run_finds_nothing(folder: Path) -> None:
    packages = some_packages(
        small=(2.0, 8.0), opinions={"host/other": [a_list((3.0, 7.0))]}, facts={"retires": AS_OF}
    )
    apply_plan(folder, plan_of(folder, packages, seal=True))
    before = text_of(folder)

    again = plan_of(folder, packages, seal=True)
    tomorrow = plan_of(folder, packages, seal=True, as_of=AS_OF + timedelta(1))

    assert again.changes == tomorrow.changes == ()
    assert apply_plan(folder, again) == ()
    assert text_of(folder) == before


def test_a_tier_that_is_stated_for_the_first_time_is_a_new_price(folder: Path) -> None:
    tier = {
        "above_input_tokens": 200_000,
        "input_usd_per_million_tokens": 2.0,
        "output_usd_per_million_tokens": 8.0,
    }

    apply_plan(folder, plan_of(folder, some_packages(more={"tiers": [tier]})))

    newest = filed_offers(folder)[0].offer.prices[-1]
    assert [one.above_input_tokens for one in newest.tiers] == [200_000]


def test_a_newer_package_confirms_an_old_price_by_noting_it_again(folder: Path) -> None:
    later = date(2026, 11, 1) + timedelta(CONFIRM_AFTER_DAYS + 1)

    same = plan_of(folder, some_packages(), as_of=later)
    newer = plan_of(folder, some_packages(version="2.0"), as_of=later)
    soon = plan_of(folder, some_packages(version="2.0"), as_of=later - timedelta(1))

    assert same.changes == soon.changes == ()
    assert [change.stated for change in newer.changes] == ["unchanged, seen again"] * 2


def test_a_price_from_the_vendors_own_page_is_not_replaced_but_noted(folder: Path) -> None:
    text = TEXT.replace(
        "output_usd_per_million_tokens: 4, source: map",
        "output_usd_per_million_tokens: 4, source: page",
    )
    (folder / "host.yaml").write_text(text, encoding="utf-8")

    plan = plan_of(folder, some_packages(small=(9.0, 9.0)))

    assert plan.changes == ()
    assert "litellm states 9 in, 9 out" in plan.notes[0]
    assert "the host's page" in plan.notes[0]


def test_an_id_that_is_gone_from_the_map_is_kept_and_said(folder: Path) -> None:
    plan = plan_of(folder, some_packages(small=None))

    assert plan.changes == ()
    assert plan.notes[0].startswith("small@host: litellm does not know host/small; kept")


def test_context_and_end_are_set_with_the_source_that_states_them(folder: Path) -> None:
    packages = some_packages(facts={"context_tokens": 2000, "retires": date(2027, 5, 1)})

    apply_plan(folder, plan_of(folder, packages))

    offer = filed_offers(folder)[0].offer
    assert (offer.context_tokens, offer.retires) == (2000, date(2027, 5, 1))
    assert offer.source == packages.source(AS_OF)
    assert "litellm_id: host/small  # dated" in text_of(folder)


def test_second_opinions_are_set_replaced_and_dropped(folder: Path) -> None:
    two = {"host/small": [a_list((1.0, 4.0)), a_list((1.5, 6.0))]}
    one = {"host/small": [a_list((1.0, 5.0))]}

    for opinions in (two, one, None):
        apply_plan(folder, plan_of(folder, some_packages(opinions=opinions)))
        said = filed_offers(folder)[0].offer.second_opinions
        expected = (opinions or {}).get("host/small", [])
        assert [each.output_usd_per_million_tokens for each in said] == [
            each.output_usd_per_million_tokens for each in expected
        ]
    assert "# fell" in text_of(folder)


def test_an_opinion_from_elsewhere_is_kept(folder: Path) -> None:
    value = "{input_usd_per_million_tokens: 1, output_usd_per_million_tokens: 5, source: page}"
    by_hand = f"    second_opinions:\n      - {value}\n"
    text = TEXT.replace("    prices:  # oldest", f"{by_hand}    prices:  # oldest")
    (folder / "host.yaml").write_text(text, encoding="utf-8")
    packages = some_packages(opinions={"host/small": [a_list((1.0, 6.0))]})

    assert plan_of(folder, some_packages()).changes == ()
    apply_plan(folder, plan_of(folder, packages))

    said = filed_offers(folder)[0].offer.second_opinions
    assert [one.output_usd_per_million_tokens for one in said] == [5, 6]
    assert plan_of(folder, packages).changes == ()


def test_a_newer_second_source_renews_its_date(folder: Path) -> None:
    opinions = {"host/small": [a_list((1.0, 4.0))]}
    apply_plan(folder, plan_of(folder, some_packages(opinions=opinions)))
    later = AS_OF + timedelta(5)

    same = plan_of(folder, some_packages(opinions=opinions), as_of=later)
    newer = plan_of(folder, some_packages(opinions=opinions, second_version="10"), as_of=later)

    assert same.changes == ()
    assert [change.kind for change in newer.changes] == ["second_opinion"]


def test_an_announced_price_is_written_apart_from_those_that_were_seen(folder: Path) -> None:
    packages = some_packages(announced=((NEW_YEAR, a_list((2.0, 8.0))),))
    before = [filed.offer.prices for filed in filed_offers(folder)]

    plan = plan_of(folder, packages)
    apply_plan(folder, plan)

    assert [(one.kind, one.stated) for one in plan.changes] == [
        ("announced", "2 in, 8 out USD per million tokens from 2027-01-01")
    ]
    offers = [filed.offer for filed in filed_offers(folder)]
    assert [offer.prices for offer in offers] == before
    assert [one.since for one in offers[0].announced] == [NEW_YEAR]
    assert offers[0].announced[0].source.title == "second 9"
    assert plan_of(folder, packages, as_of=AS_OF + timedelta(5)).changes == ()


def test_of_prices_by_the_hour_the_dearest_is_announced(folder: Path) -> None:
    by_hour = ((NEW_YEAR, a_list((4.0, 8.0))), (NEW_YEAR, a_list((2.0, 4.0))))

    (change,) = plan_of(folder, some_packages(announced=by_hour)).changes

    assert change.stated == "4 in, 8 out USD per million tokens from 2027-01-01"


def test_a_withdrawn_announcement_goes_and_one_whose_day_has_come_stays(folder: Path) -> None:
    apply_plan(folder, plan_of(folder, some_packages(announced=((NEW_YEAR, a_list((2.0, 8.0))),))))

    withdrawn = plan_of(folder, some_packages())
    begun = plan_of(folder, some_packages(), as_of=NEW_YEAR)

    assert [(one.kind, one.stated) for one in withdrawn.changes] == [("announced", "none")]
    assert "announced" not in [one.kind for one in begun.changes]


def test_an_alias_that_litellm_prices_otherwise_may_have_moved(folder: Path) -> None:
    text = TEXT.replace(
        "    context_tokens: 1000\n",
        "    context_tokens: 1000\n    aliases: [host/small-latest]\n    aliases_source: page\n",
    )
    (folder / "host.yaml").write_text(text, encoding="utf-8")

    plan = plan_of(folder, some_packages(**{"small-latest": (2.0, 8.0)}))

    assert "its alias host/small-latest at 2 in, 8 out" in plan.notes[0]
    assert plan.notes[0].endswith("has it moved?")


def test_sealing_writes_only_seals_and_an_appended_price_continues_them(folder: Path) -> None:
    apply_plan(folder, plan_of(folder, some_packages(), seal=True))
    seals = [price.seal for filed in filed_offers(folder) for price in filed.offer.prices]

    apply_plan(folder, plan_of(folder, some_packages(small=(2.0, 8.0))))

    offers = tuple(filed.offer for filed in filed_offers(folder))
    catalog = a_catalog(api_offers=offers)
    assert None not in seals
    assert [price.seal for price in offers[0].prices[:2]] == seals[:2]
    assert seal_problems(catalog) == ()
    assert unsealed(catalog) == ()


def test_an_overwritten_price_stays_overwritten_by_a_refresh(folder: Path) -> None:
    """A refresh never seals over a change: that would hide it."""
    apply_plan(folder, plan_of(folder, some_packages(), seal=True))
    changed = text_of(folder).replace(
        "input_usd_per_million_tokens: 3", "input_usd_per_million_tokens: 0.3"
    )
    (folder / "host.yaml").write_text(changed, encoding="utf-8")

    apply_plan(folder, plan_of(folder, some_packages(), seal=True))

    offers = tuple(filed.offer for filed in filed_offers(folder))
    assert "price overwritten" in seal_problems(a_catalog(api_offers=offers))[0]


def test_a_price_of_the_same_day_waits_and_one_of_tomorrow_stays_newest(folder: Path) -> None:
    packages = some_packages(small=(2.0, 8.0))

    same_day = plan_of(folder, packages, as_of=date(2026, 11, 1))
    earlier = plan_of(folder, packages, as_of=date(2026, 10, 31))

    assert same_day.changes == earlier.changes == ()
    assert "append it tomorrow" in same_day.notes[0]
    assert "after 2026-10-31; nothing is appended" in earlier.notes[0]


def test_a_stop_between_two_files_leaves_whole_files_and_the_next_run_does_the_rest(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = folder / "more.yaml"
    second.write_text(TEXT.replace("model: ", "model: more-"), encoding="utf-8")
    packages = some_packages(small=(2.0, 8.0))
    plan = plan_of(folder, packages)
    replace, calls = Path.replace, []

    def stop_at_the_second(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stop_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            apply_plan(folder, plan)

    assert second.read_text(encoding="utf-8") == TEXT.replace("model: ", "model: more-")
    assert sorted(path.name for path in folder.iterdir()) == [
        "host.yaml",
        "more.yaml",
        "notes.yaml",
    ]
    rest = plan_of(folder, packages)
    assert [change.file for change in rest.changes] == ["more.yaml"]
    apply_plan(folder, rest)
    assert plan_of(folder, packages).changes == ()


def test_a_killed_run_leaves_whole_files(folder: Path) -> None:
    """The process ends by SIGKILL between the two renames: no clean-up runs."""
    (folder / "more.yaml").write_text(TEXT.replace("model: ", "model: more-"), encoding="utf-8")
    script = (
        "import os, signal, sys; from datetime import date; from pathlib import Path\n"
        "from playbook.catalog.refresh import apply_plan, refresh_prices\n"
        "folder = Path(sys.argv[1])\n"
        "plan = refresh_prices(folder, as_of=date(2026, 11, 23), seal=True)\n"
        "real, done = Path.replace, []\n"
        "def once(self, target):\n"
        "    done and os.kill(os.getpid(), signal.SIGKILL)\n"
        "    done.append(real(self, target))\n"
        "Path.replace = once\n"
        "apply_plan(folder, plan)\n"
    )

    ended = subprocess.run([sys.executable, "-c", script, str(folder)], check=False).returncode

    rest = refresh_prices(folder, as_of=AS_OF, seal=True)
    assert ended == -signal.SIGKILL
    assert {change.file for change in rest.changes} == {"more.yaml"}
    apply_plan(folder, rest)
    assert refresh_prices(folder, as_of=AS_OF, seal=True).changes == ()


def test_line_breaks_and_a_link_stay_what_they_were(folder: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "real.txt"
    real.parent.mkdir()
    real.write_bytes(TEXT.replace("\n", "\r\n").encode())
    (folder / "host.yaml").unlink()
    (folder / "host.yaml").symlink_to(real)

    apply_plan(folder, plan_of(folder, some_packages(small=(2.0, 8.0))))

    written = real.read_bytes()
    assert (folder / "host.yaml").is_symlink()
    assert written.count(b"\n") == written.count(b"\r\n") == TEXT.count("\n") + 2


def test_nothing_is_written_when_one_file_cannot_be(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "more.yaml").write_text(TEXT.replace("model: ", "model: more-"), encoding="utf-8")
    plan = plan_of(folder, some_packages(small=(2.0, 8.0)))
    synced: list[int] = []

    def disk_full(handle: int) -> None:
        synced.append(handle)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="No space"):
        apply_plan(folder, plan)

    assert text_of(folder) == TEXT
    assert len(list(folder.iterdir())) == 3


def test_a_plan_that_no_longer_fits_its_file_is_refused(folder: Path) -> None:
    plan = plan_of(folder, some_packages(small=(2.0, 8.0)))
    (folder / "host.yaml").write_text(TEXT.replace("model: small", "model: tiny"), encoding="utf-8")

    with pytest.raises(CatalogError, match="small@host"):
        apply_plan(folder, plan)


def test_a_broken_file_is_said_with_its_line(folder: Path) -> None:
    (folder / "host.yaml").write_text("api_offers: [{model: x}]", encoding="utf-8")

    with pytest.raises(CatalogError, match="prices is missing; give it"):
        plan_of(folder, some_packages())


def test_the_shipped_prices_need_no_refresh_from_the_pinned_packages() -> None:
    from playbook.catalog.load import DATA  # noqa: PLC0415  only here

    newest = max(price.since for offer in load_catalog().api_offers for price in offer.prices)

    assert refresh_prices(DATA, as_of=max(newest, AS_OF), seal=True).changes == ()
