"""The calendar: ended offers stand out, the team's own are marked, nothing is lost in silence."""

from playbook import figures
from playbook.figures.calendar import MOST, PAST
from tests.figures.builders import a_landscape, a_model, some_ends


def test_what_has_ended_is_red_crossed_and_names_its_successor() -> None:
    ended = figures.calendar(a_landscape()).data[0]

    assert ended.name == "ended"
    assert (ended.marker.color, ended.marker.symbol) == (PAST, "x")
    assert "→ new" in ended.text[0]


def test_a_model_that_the_team_considers_has_a_star() -> None:
    names = figures.calendar(a_landscape()).layout.yaxis.ticktext

    assert [name for name in names if name.startswith("★")] == ["★ Named, a host"]


def test_the_soonest_end_stands_on_top() -> None:
    names = figures.calendar(a_landscape()).layout.yaxis.ticktext

    assert names[-1] == "Old, a host"


def test_the_teams_models_come_first_where_not_all_fit_and_the_rest_is_counted() -> None:
    old, named, later = some_ends()
    many = tuple(old.changed(title=f"Old {number}") for number in range(MOST + 5))
    far = named.changed(months_left=40.0, title="Named, far")

    figure = figures.calendar(a_landscape(calendar=(*many, far, later)))

    assert "★ Named, far" in figure.layout.yaxis.ticktext
    assert len(figure.layout.yaxis.ticktext) == MOST
    assert "7 more: see the table" in figure.layout.title.subtitle.text.replace("<br>", " ")


def test_the_title_counts_what_ends_soon_and_what_has_ended() -> None:
    title = " ".join(figures.calendar(a_landscape()).layout.title.text.split("<br>"))

    assert title == "Ends within 12 months: 1, 1 of them of models the team considers; ended: 1"


def test_an_empty_calendar_says_so() -> None:
    assert not figures.calendar(a_landscape(calendar=())).data


def test_a_team_that_considers_every_model_has_no_stars() -> None:
    landscape = a_landscape(models=(a_model(), a_model("other")))

    figure = figures.calendar(landscape)

    assert not any(name.startswith("★") for name in figure.layout.yaxis.ticktext)
    assert figure.layout.title.text == "Ends within 12 months: 1; ended: 1"


def test_words_beside_the_last_mark_have_room() -> None:
    first, last = figures.calendar(a_landscape(calendar=some_ends()[:2])).layout.xaxis.range

    shown = (last - first).days
    assert (last - some_ends()[1].on).days > 0.25 * shown
