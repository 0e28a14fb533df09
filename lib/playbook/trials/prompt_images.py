"""Images of a prompt set: files beside it, or data URLs; what is sent is always a data URL."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

LARGEST_IMAGE_BYTES = 5_000_000
"""Providers refuse larger ones: 5 MB is the lowest limit that is common."""
LARGEST_TOGETHER_BYTES = 100_000_000
_DATA_URL = re.compile(r"data:(image/[a-z]{2,8});base64,")
_MAGIC = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
_KINDS = "png, jpeg, webp or gif"


class _ImageError(Exception):
    """Why an image can't be used."""


class Images:
    """Reads the images of one prompt set; each file once.

    Args:
        folder: Folder of the set's file; no image is read from outside it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, str] = {}
        self._digests: dict[str, str] = {}
        self._bytes = 0

    def shown(self, row: Mapping[str, Any], where: str, problems: list[str]) -> dict[str, Any]:
        """Return a prompt's line with every image as a data URL.

        Args:
            row: The line's JSON object.
            where: Its place in messages, such as `line 3`.
            problems: Where problems are appended; a wrong image is left as it is.
        """
        messages = row.get("messages")
        if not isinstance(messages, list):
            return dict(row)
        shown = [
            self._of_message(one, f"{where}: messages.{number}", problems)
            for number, one in enumerate(messages)
        ]
        return {**row, "messages": shown}

    def sha256(self, content: bytes) -> str:
        """Return the hash of a set: of its file, and of the image files that it shows."""
        digest = hashlib.sha256(content)
        for name, image in sorted(self._digests.items()):
            digest.update(f"\0{name}\0{image}".encode())
        return digest.hexdigest()

    def _of_message(self, message: object, where: str, problems: list[str]) -> object:
        images = message.get("images") if isinstance(message, Mapping) else None
        if not isinstance(message, Mapping) or not isinstance(images, Sequence) or not images:
            return message
        if isinstance(images, str):
            return message
        shown = []
        for number, one in enumerate(images):
            try:
                shown.append(self._data_url(one))
            except _ImageError as error:
                problems.append(f"{where}.images.{number}: {error}")
                shown.append("")
        return {**message, "images": shown}

    def _data_url(self, image: object) -> str:
        if not isinstance(image, str) or not image:
            msg = "must be a path beside the set, or a data URL"
            raise _ImageError(msg)
        if image.startswith("data:"):
            return _checked_url(image)
        if image not in self._read:
            self._read[image] = self._from_file(image)
        return self._read[image]

    def _from_file(self, name: str) -> str:
        content = _content(self._inside(name))
        self._bytes += len(content)
        if self._bytes > LARGEST_TOGETHER_BYTES:
            most = LARGEST_TOGETHER_BYTES // 1_000_000
            msg = f"the images of the set are above {most} MB together; split the set"
            raise _ImageError(msg)
        kind = _kind_of(content)
        self._digests[name] = hashlib.sha256(content).hexdigest()
        return f"data:{kind};base64,{base64.b64encode(content).decode()}"

    def _inside(self, name: str) -> Path:
        """Return the file of a relative path that stays inside the folder, links followed."""
        if "://" in name:
            msg = "an address is never fetched; save the image beside the set and name its path"
            raise _ImageError(msg)
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts or "\\" in name or "\0" in name:
            msg = f"{name[:60]!r} is not a path inside the folder of the set"
            raise _ImageError(msg)
        try:
            path = (self._folder / pure).resolve(strict=True)
        except (OSError, RuntimeError) as error:
            msg = f"there is no file {name[:60]!r} beside the set"
            raise _ImageError(msg) from error
        if not path.is_relative_to(self._folder.resolve()):
            msg = f"{name[:60]!r} leads out of the folder of the set"
            raise _ImageError(msg)
        if not path.is_file():
            msg = f"{name[:60]!r} is not a file"
            raise _ImageError(msg)
        return path


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_IMAGE_BYTES + 1)
    except OSError as error:
        msg = f"can't be read: {error.strerror}"
        raise _ImageError(msg) from error
    return _of_fitting_size(content)


def _of_fitting_size(content: bytes) -> bytes:
    if len(content) > LARGEST_IMAGE_BYTES:
        msg = f"is larger than {LARGEST_IMAGE_BYTES // 1_000_000} MB; make it smaller"
        raise _ImageError(msg)
    return content


def _kind_of(content: bytes) -> str:
    """Return the media type that the first bytes tell, whatever a name says."""
    for kind, magic in _MAGIC.items():
        if content.startswith(magic) and (kind != "image/webp" or content[8:12] == b"WEBP"):
            return kind
    msg = f"is no image of a known kind; use {_KINDS}"
    raise _ImageError(msg)


def _checked_url(url: str) -> str:
    found = _DATA_URL.match(url)
    if found is None or len(url) > LARGEST_IMAGE_BYTES * 4 // 3 + 100:
        msg = f"must be data:image/...;base64,... of {_KINDS}, at most 5 MB"
        raise _ImageError(msg)
    try:
        content = base64.b64decode(url[found.end() :], validate=True)
    except binascii.Error as error:
        msg = "is not base64"
        raise _ImageError(msg) from error
    if _kind_of(_of_fitting_size(content)) != found[1]:
        msg = f"says {found[1]}, but its bytes are of another kind"
        raise _ImageError(msg)
    return url
