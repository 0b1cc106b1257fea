"""Paired measurements: every subject in turn within a round, so that a noisy machine hits all alike.

A figure is the median over the rounds; a comparison is the median of the ratios round by round, with a
bootstrapped 95 % interval. Results are compared for equality outside of the measured time.
"""

import dataclasses
import datetime
import decimal
import os
import random
import statistics
import time

RESAMPLES = 2000
RELATIVE_TOLERANCE = 1e-6


@dataclasses.dataclass
class Figure:
    """One line of the report. Times in milliseconds; ratios are peer / ours: above 1 is faster."""

    name: str
    ours: list
    peers: dict  # name → list of times of the same rounds; None where the peer did not run
    alone: list = None  # times of ours before the rounds, with no peer in between

    def ratio(self, peer):
        """(median, low, high) of the paired ratios."""
        ratios = [theirs / mine for mine, theirs in zip(self.ours, self.peers[peer])]
        chance = random.Random(0)
        medians = sorted(statistics.median(chance.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
        return statistics.median(ratios), medians[int(RESAMPLES * 0.025)], medians[int(RESAMPLES * 0.975)]


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def time_of(work):
    """(milliseconds, result) of one call."""
    begin = time.perf_counter()
    result = work()
    return (time.perf_counter() - begin) * 1e3, result


def measure(name, ours, peers, rounds, warmup, check=None, with_alone=False):
    """Runs `ours` and every peer once a round, starting with another one each round.

    with_alone measures ours on its own first, as often: what a peer leaves of caches and cores counts.
    check(result of ours, peer's name, its result) raises when they differ; the last round is checked.
    """
    subjects = {"": ours, **{peer: work for peer, work in peers.items() if work is not None}}
    times = {subject: [] for subject in subjects}
    results = {}
    alone = [time_of(ours)[0] for _ in range(warmup + rounds)][warmup:] if with_alone else None
    order = list(subjects)
    for number in range(warmup + rounds):
        order.append(order.pop(0))
        for subject in order:
            milliseconds, results[subject] = time_of(subjects[subject])
            if number >= warmup:
                times[subject].append(milliseconds)
    if check:
        for peer in list(subjects)[1:]:
            check(results[""], peer, results[peer])
    return Figure(name, times[""], {peer: times.get(peer) for peer in peers}, alone)


def same_value(mine, theirs):
    """Whether a text of ours says the value a peer returned; inexact numbers within a tolerance."""
    if mine is None or theirs is None:
        return mine is theirs
    if isinstance(theirs, bool):
        return mine == ("true" if theirs else "false")
    if isinstance(theirs, (int, float, decimal.Decimal)):
        return abs(float(mine) - float(theirs)) <= RELATIVE_TOLERANCE * max(1.0, abs(float(theirs)))
    if isinstance(theirs, datetime.date):
        return mine[:10] == theirs.isoformat()[:10]
    return mine == str(theirs)


def check_rows(mine, peer, theirs):
    assert len(mine) == len(theirs), f"{len(mine)} rows, {peer} has {len(theirs)}"
    for row, other in zip(mine, theirs):
        assert len(row) == len(other) and all(map(same_value, row, other)), f"{row} is not {peer}'s {other}"


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), "unknown")
    return f"{os.cpu_count()} x {model}, load {os.getloadavg()[0]:.2f} at the start"


def print_figures(title, figures):
    print(f"\n{title}\n{'':<18}{'alone p50':>10}{'p50 ms':>10}{'p99 ms':>10}   peer: p50 ms, peer/ours [95 % interval]")
    for figure in figures:
        cells = []
        for peer, times in figure.peers.items():
            if times is None:
                cells.append(f"{peer}: not run")
                continue
            middle, low, high = figure.ratio(peer)
            cells.append(f"{peer}: {statistics.median(times):.3f}, {middle:.2f} [{low:.2f}, {high:.2f}]")
        alone = f"{statistics.median(figure.alone):.3f}" if figure.alone else ""
        print(f"{figure.name:<18}{alone:>10}{statistics.median(figure.ours):>10.3f}{percentile(figure.ours, 0.99):>10.3f}   "
              + "; ".join(cells), flush=True)
