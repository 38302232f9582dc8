"""Texts as the recorder takes them: without control characters, and not too long."""

from __future__ import annotations


def one_line(text: str, most: int) -> str:
    """Returns a text in one line; what is no printable character becomes `_`."""
    if 0 < len(text) <= most and text.isprintable():
        return text
    return "".join(c if c.isprintable() else "_" for c in text)[:most] or "_"


def paragraph(text: str) -> str:
    """Returns a text in which line ends and tabs are the only control characters."""
    plain = text.replace("\r\n", "\n")
    return "".join(c if c.isprintable() or c in "\n\t" else "_" for c in plain)
