"""What both peers share: the arguments of `lstm-lab bench`, and how a training step is timed."""

import argparse
import json
import statistics
import time


def arguments(description):
    """The size of the work; the names and defaults are those of `lstm-lab bench`."""
    parser = argparse.ArgumentParser(description=description)
    for name, default in [("input", 64), ("units", 128), ("steps", 100), ("batch", 64),
                          ("layers", 1), ("outputs", 10), ("threads", 1)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--cell", choices=["lstm", "gru"], default="lstm")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long to time")
    parser.add_argument("--json", action="store_true", help="print JSON (always so here)")
    return parser.parse_args()


def step_times(step, seconds, fewest=5):
    """Milliseconds of each call of `step`, called for so many seconds, at least `fewest` times."""
    times = []
    end = time.perf_counter() + seconds
    while len(times) < fewest or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(1000 * (time.perf_counter() - start))
    return times


def warm_up(step, seconds):
    """Calls `step` until allocators, caches and compilers have settled."""
    step_times(step, seconds, fewest=3)


def fastest(variants, seconds):
    """The name and step of the fastest variant: each is made, warmed up and timed briefly.

    `variants` is a list of (name, function that makes a step); one that this build cannot run is
    left out.
    """
    tried = []
    for name, make in variants:
        try:
            step = make()
            warm_up(step, seconds / 4)
        except (RuntimeError, NotImplementedError, ValueError) as error:
            refusal = error
            continue
        tried.append((statistics.median(step_times(step, seconds / 2)), name, step))
    if not tried:
        raise refusal
    return min(tried, key=lambda each: each[0])[1:]


def report(options, peer, version, variants):
    """Times the fastest variant and prints the result as JSON."""
    name, step = fastest(variants, options.seconds)
    warm_up(step, options.seconds / 4)
    times = step_times(step, options.seconds)
    print(json.dumps({
        "step_ms": statistics.median(times), "fastest_ms": min(times), "timed_steps": len(times),
        "threads": options.threads, "peer": peer, "version": version, "variant": name,
    }))
