"""Images of prompt sets: only real images from inside the set's folder, sent as data URLs."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from playbook.errors import PromptSetError
from playbook.trials import load_prompt_set
from playbook.trials import prompt_images as images
from playbook.trials.prompt_records import PromptSet
from playbook.trials.prompts import hash_of_set
from tests.trials.conftest import a_prompt, write_prompt_set

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
PNG_URL = "data:image/png;base64," + base64.b64encode(PNG).decode()


def a_set(root: Path, *named: object, role: str = "user") -> PromptSet:
    messages = [{"role": role, "content": "What is it?", "images": list(named)}]
    return load_prompt_set(write_prompt_set(root, [a_prompt(1, messages=messages)]))


def the_problem(root: Path, *named: object, role: str = "user") -> str:
    with pytest.raises(PromptSetError) as caught:
        a_set(root, *named, role=role)
    (problem,) = caught.value.problems
    return problem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    prompts = tmp_path / "prompts" / "pictures"
    prompts.mkdir(parents=True)
    (prompts / "dot.png").write_bytes(PNG)
    (tmp_path / "outside.png").write_bytes(PNG)
    return tmp_path


def test_a_file_beside_the_set_and_a_data_url_are_sent_alike(folder: Path) -> None:
    one = a_set(folder, "pictures/dot.png", PNG_URL)

    assert one.prompts[0].messages[0].images == (PNG_URL, PNG_URL)
    assert one.prompts[0].request().messages[0].images == (PNG_URL, PNG_URL)
    assert one.prompts[0].shows_images


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0rest", "jpeg"),
        (b"GIF89a-rest", "gif"),
        (b"RIFF\0\0\0\0WEBPrest", "webp"),
    ],
)
def test_the_first_bytes_tell_the_kind_whatever_the_name_says(
    folder: Path, content: bytes, kind: str
) -> None:
    (folder / "prompts" / "odd.png").write_bytes(content)

    (url,) = a_set(folder, "odd.png").prompts[0].messages[0].images

    assert url == f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def test_the_hash_of_a_set_covers_its_images(folder: Path) -> None:
    before = a_set(folder, "pictures/dot.png").sha256
    assert hash_of_set(folder / "prompts" / "demo.jsonl") == before

    (folder / "prompts" / "pictures" / "dot.png").write_bytes(PNG + b"\0")

    assert hash_of_set(folder / "prompts" / "demo.jsonl") != before
    assert a_set(folder, "pictures/dot.png").sha256 != before


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ("../outside.png", "is not a path inside the folder of the set"),
        ("/etc/passwd", "is not a path inside the folder of the set"),
        ("pictures\\dot.png", "is not a path inside the folder of the set"),
        ("link.png", "leads out of the folder of the set"),
        ("linked/outside.png", "leads out of the folder of the set"),
        ("pictures", "is not a file"),
        ("none.png", "there is no file 'none.png' beside the set"),
        ("https://example.org/a.png", "an address is never fetched"),
        ("demo.jsonl", "is no image of a known kind; use png, jpeg, webp or gif"),
        ("data:image/png;base64,%%%", "is not base64"),
        ("data:image/png;base64,aGVsbG8=", "is no image of a known kind"),
        ("data:text/html;base64,aGVsbG8=", "must be data:image/...;base64"),
        (PNG_URL.replace("png", "gif"), "says image/gif, but its bytes are of another kind"),
        (7, "must be a path beside the set, or a data URL"),
    ],
)
def test_an_image_that_can_not_be_used_is_told_with_its_field(
    folder: Path, named: object, problem: str
) -> None:
    (folder / "prompts" / "link.png").symlink_to(folder / "outside.png")
    (folder / "prompts" / "linked").symlink_to(folder)

    told = the_problem(folder, named)

    assert told.startswith("line 2: messages.0.images.0: ")
    assert problem in told


def test_images_are_bounded_one_by_one_and_together(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "prompts" / "more.png").write_bytes(PNG + b"1")
    monkeypatch.setattr(images, "LARGEST_TOGETHER_BYTES", len(PNG) + 5)
    assert "are above 0 MB together" in the_problem(folder, "pictures/dot.png", "more.png")

    monkeypatch.setattr(images, "LARGEST_IMAGE_BYTES", 10)

    assert "is larger than 0 MB" in the_problem(folder, "pictures/dot.png")


def test_only_a_user_shows_images(folder: Path) -> None:
    assert the_problem(folder, PNG_URL, role="system") == (
        "line 2: messages.0.images: only a user's message may show images, not a system's"
    )
