"""Server-sent events, cut by hand out of whatever pieces the network delivers.

Source: WHATWG HTML, section 9.2.6, interpreting an event stream (2026-11-28).
"""

from __future__ import annotations

_FIELDS = (b"data", b"error")  # llama.cpp once named the field of its errors so


class EventStream:
    r"""Collects pieces of a body and gives out the data of whole events.

    Fields other than `data` and comments are left out. The work is linear in the bytes.

    Example:
        >>> stream = EventStream()
        >>> stream.take(b"data: on"), stream.take(b"e\r\n\r"), stream.take(b"\n: hush\n")
        ([], [], [b'one'])
    """

    def __init__(self) -> None:
        self._rest = bytearray()
        self._data: list[bytes] = []

    def take(self, piece: bytes) -> list[bytes]:
        """Return the data of each event that this piece completes."""
        self._rest += piece
        if b"\n" not in piece and b"\r" not in piece:
            return []
        text = bytes(self._rest)
        held = text.endswith(b"\r")  # a line feed may follow, as part of the same line's end
        if b"\r" in text:
            text = (text[:-1] if held else text).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, rest = text.split(b"\n")
        self._rest = bytearray(rest + b"\r" if held else rest)
        return self._events(lines)

    def end(self) -> list[bytes]:
        """Return what was still open when the body ended: servers leave out the last blank line."""
        return self._events([*bytes(self._rest).splitlines(), b""])

    def _events(self, lines: list[bytes]) -> list[bytes]:
        found = []
        for line in lines:
            if line:
                name, _, value = line.partition(b":")
                if name in _FIELDS:
                    self._data.append(value.removeprefix(b" "))
            elif self._data:
                found.append(b"\n".join(self._data))
                self._data = []
        return found
