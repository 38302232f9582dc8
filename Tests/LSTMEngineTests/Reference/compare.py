"""Compares two folders of reference files: compare.py COMMITTED FRESH; exit code 1 on a difference.

Float64 values and gradients may differ by 1e-12 (another CPU adds in another order). The float32
errors describe the machine that made them, so only their names and lengths are compared.
"""

import json
import pathlib
import sys


def differences(path, left, right, loose=False):
    """Every place where two documents differ, as text."""
    if type(left) is not type(right):
        yield f"{path}: {type(left).__name__} and {type(right).__name__}"
    elif isinstance(left, dict):
        if left.keys() != right.keys():
            yield f"{path}: keys {sorted(left)} and {sorted(right)}"
        for key in sorted(left.keys() & right.keys()):
            yield from differences(f"{path}/{key}", left[key], right[key],
                                   loose or key in ("float32_error", "float32_gradient_error"))
    elif isinstance(left, list):
        if len(left) != len(right):
            yield f"{path}: {len(left)} and {len(right)} values"
        for index, (a, b) in enumerate(zip(left, right)):
            yield from differences(f"{path}[{index}]", a, b, loose)
    elif isinstance(left, float):
        if not loose and abs(left - right) > 1e-12 * max(1, abs(left)) + 1e-13:
            yield f"{path}: {left} and {right}"
    elif left != right:
        yield f"{path}: {left} and {right}"


def compare(committed, fresh):
    """Prints one line for a file that differs, with its first difference; returns how many do."""
    names = sorted({str(path.relative_to(folder)) for folder in (committed, fresh)
                    for path in folder.rglob("*.json")})
    failed, same_bytes = 0, 0
    for name in names:
        if not (committed / name).exists() or not (fresh / name).exists():
            print(f"{name}: only in {committed if (committed / name).exists() else fresh}")
            failed += 1
            continue
        texts = [(folder / name).read_text() for folder in (committed, fresh)]
        same_bytes += texts[0] == texts[1]
        found = list(differences(name, *map(json.loads, texts)))
        if found:
            print(f"{found[0]} (and {len(found) - 1} more)")
            failed += 1
    print(f"{len(names)} files: {same_bytes} with the same bytes, {failed} different")
    return failed


if __name__ == "__main__":
    sys.exit(1 if compare(*map(pathlib.Path, sys.argv[1:])) else 0)
