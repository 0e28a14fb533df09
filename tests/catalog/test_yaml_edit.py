"""Single values change in a YAML text; comments, order and layout stay."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from playbook.catalog.yaml_edit import (
    append_item,
    flow,
    items,
    member,
    parsed,
    set_list,
    set_member,
    with_edits,
)
from playbook.errors import CatalogError

BLOCK = """\
# head
things:
  # first
  - name: one  # its name
    values:
      - {a: 1}  # oldest
    after: x
  - name: two
    values: [{a: 2}]
# tail
"""


def node_of(text: str, index: int) -> yaml.Node:
    return items(member(parsed(text, "f.yaml"), "things"))[index]


def values_of(text: str, index: int) -> yaml.Node:
    found = member(node_of(text, index), "values")
    assert found is not None
    return found


@pytest.mark.parametrize("index", [0, 1])
def test_an_item_is_appended_in_the_style_of_its_list(index: int) -> None:
    new = with_edits(BLOCK, [append_item(BLOCK, values_of(BLOCK, index), {"a": 9})])

    assert yaml.safe_load(new)["things"][index]["values"][-1] == {"a": 9}
    assert [line for line in new.splitlines() if "#" in line] == [
        line for line in BLOCK.splitlines() if "#" in line
    ]


@pytest.mark.parametrize("index", [0, 1])
@pytest.mark.parametrize("key", ["name", "new"])
def test_a_key_is_replaced_or_added(index: int, key: str) -> None:
    new = with_edits(BLOCK, [set_member(BLOCK, node_of(BLOCK, index), key, "v: w")])

    before, after = yaml.safe_load(BLOCK)["things"], yaml.safe_load(new)["things"]
    before[index][key] = "v: w"
    assert before == after


def test_a_flow_mapping_keeps_its_line() -> None:
    (price,) = items(values_of(BLOCK, 0))

    new = with_edits(BLOCK, [set_member(BLOCK, price, "seal", "12345678")])

    assert "      - {a: 1, seal: '12345678'}  # oldest\n" in new


@pytest.mark.parametrize("values", [[], [{"a": 5}], [{"a": 5}, {"b": "c: d"}]])
@pytest.mark.parametrize("key", ["values", "new"])
@pytest.mark.parametrize("index", [0, 1])
def test_a_list_is_written_whole(index: int, key: str, values: list[object]) -> None:
    new = with_edits(BLOCK, [set_list(BLOCK, node_of(BLOCK, index), key, values)])

    assert yaml.safe_load(new)["things"][index][key] == values


def test_edits_of_one_place_keep_their_order_and_doubles_count_once() -> None:
    node = node_of(BLOCK, 0)
    edits = [set_member(BLOCK, node, key, 1) for key in ("p", "q", "p")]

    new = with_edits(BLOCK, edits)

    assert list(yaml.safe_load(new)["things"][0]) == ["name", "values", "after", "p", "q"]


def test_a_text_without_a_last_line_break_is_edited_too() -> None:
    text = "things:\n  - name: one\n    values:\n      - {a: 1}"

    new = with_edits(text, [append_item(text, values_of(text, 0), {"a": 2})])

    assert yaml.safe_load(new)["things"][0]["values"] == [{"a": 1}, {"a": 2}]


@given(
    st.recursive(
        st.one_of(st.text(max_size=20), st.integers(), st.floats(0, 1e6), st.dates()),
        lambda part: st.one_of(
            st.lists(part, max_size=3), st.dictionaries(st.text(max_size=8), part, max_size=3)
        ),
        max_leaves=8,
    )
)
@example("\x85")
@example("two\nlines")
@example("a\u2028b")
@example("caf\u00e9")
def test_what_is_written_is_read_back_and_stands_on_one_line(value: object) -> None:
    text = flow({"v": value})

    assert yaml.safe_load(text) == {"v": value}
    assert "\n" not in text


@pytest.mark.parametrize("text", ["- a", "", "a: [", "a"])
def test_a_text_that_is_no_mapping_is_refused_by_name(text: str) -> None:
    with pytest.raises(CatalogError, match=r"f\.yaml"):
        parsed(text, "f.yaml")


def test_an_empty_list_is_nothing_to_append_to() -> None:
    text = "things: []"
    things = member(parsed(text, "f.yaml"), "things")
    assert things is not None

    with pytest.raises(CatalogError, match="line 1"):
        append_item(text, things, 1)


@pytest.mark.parametrize("indent", [2, 3, 4])
@pytest.mark.parametrize("flow_style", [True, False, None])
def test_any_layout_that_a_yaml_writer_makes_is_edited(
    indent: int,
    flow_style: bool | None,  # noqa: FBT001  a row of the table
) -> None:
    content = yaml.safe_load(BLOCK)
    text = yaml.safe_dump(content, indent=indent, default_flow_style=flow_style, width=40)
    node = node_of(text, 0)

    edits = [append_item(text, values_of(text, 0), {"a": 2}), set_member(text, node, "new", 1)]

    content["things"][0]["values"].append({"a": 2})
    content["things"][0]["new"] = 1
    assert yaml.safe_load(with_edits(text, edits)) == content


def test_a_wide_dash_keeps_its_column() -> None:
    text = "things:\n    -   name: one\n        values:\n            -   {a: 1}\n"

    new = with_edits(text, [append_item(text, values_of(text, 0), {"a": 2})])

    assert yaml.safe_load(new)["things"][0]["values"] == [{"a": 1}, {"a": 2}]
