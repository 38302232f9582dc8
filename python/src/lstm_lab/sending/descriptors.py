"""File descriptors that no print can reach."""

from __future__ import annotations

import os


def kept_apart(descriptor: int) -> int:
    """Returns the descriptor, moved above standard error's number where it is not.

    Where a program has closed its standard error, the next file gets that number, and every warning
    would be written into the stream.
    """
    taken: list[int] = []
    while descriptor <= 2:
        taken.append(descriptor)
        descriptor = os.dup(descriptor)
    for number in taken:
        os.close(number)
    return descriptor
