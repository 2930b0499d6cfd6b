#!/usr/bin/env python3
"""Learns the weights of `data/en/dating-weights.toml`.

usage: cargo bench --bench dating -- --features FILE… | data/scripts/dating.py > data/en/dating-weights.toml

Each line read is an event with the dates it can have, the features that hold of each, and the right date
(`tests/bench/dating.rs` writes them). The model is a conditional logit: a candidate's score is the sum of its
features' weights, the shares of the candidates of one date add up, and the right date's share is made as
large as it can be over all events, less a penalty on the squares of the weights. Events whose right date is
no candidate teach nothing and are left out. Options: --half even|odd learns on every second document only;
--penalty X (default 1.0); --check prints how many events of either half come out right instead of the weights.
Needs numpy.
"""
import argparse
import json
import sys

import numpy as np


def read(lines):
    names, events = {}, []
    for line in lines:
        record = json.loads(line)
        event = record["event"]
        candidates = [
            (c["value"], [names.setdefault(f, len(names)) for f in c["features"]])
            for c in event["candidates"]
        ]
        events.append((record["file"], record["document"], event["gold"], candidates))
    return names, events


def matrices(names, events):
    """One row of 0 and 1 for each candidate, the event each belongs to, and whether its date is right."""
    rows, owner, right = [], [], []
    for number, (_, _, gold, candidates) in enumerate(events):
        for value, features in candidates:
            row = np.zeros(len(names), dtype=np.float32)
            row[features] = 1
            rows.append(row)
            owner.append(number)
            right.append(value == gold)
    return np.array(rows), np.array(owner), np.array(right)


def shares(scores, owner, count):
    most = np.full(count, -np.inf)
    np.maximum.at(most, owner, scores)
    share = np.exp(scores - most[owner])
    total = np.zeros(count)
    np.add.at(total, owner, share)
    return share / total[owner]


def learn(x, owner, right, importance, penalty, steps=600, rate=0.1):
    """Adam on the penalised likelihood of the right date."""
    count = owner.max() + 1
    weights = np.zeros(x.shape[1])
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, steps + 1):
        share = shares(x @ weights, owner, count)
        mass = np.zeros(count)
        np.add.at(mass, owner, share * right)
        known = mass > 0
        posterior = np.where(right & known[owner], share / np.maximum(mass[owner], 1e-12), 0.0)
        pull = np.where(known[owner], posterior - share, 0.0) * importance[owner]
        slope = x.T @ pull - penalty * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        step_size = rate * min(1.0, 3.0 * (1 - step / (steps + 1)))
        weights += step_size * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def choose(weights, candidates):
    sums = {}
    scores = [sum(weights[f] for f in features) for _, features in candidates]
    most = max(scores, default=0.0)
    for (value, _), score in zip(candidates, scores):
        sums[value] = sums.get(value, 0.0) + np.exp(score - most)
    return max(sums, key=sums.get, default=None)


def report(weights, events, published):
    table = {}
    for file, document, gold, candidates in events:
        half = "even" if document % 2 == 0 else "odd"
        hit = choose(weights, candidates) == gold
        away = gold != published(candidates)
        for key in [(file, half), (file, "both"), ("all files", half)]:
            row = table.setdefault(key, [0] * 6)
            row[0] += hit
            row[1] += 1
            row[2] += hit and away
            row[3] += away
            row[4] += any(value == gold for value, _ in candidates)
            row[5] += away and any(value == gold for value, _ in candidates)
    for (file, half), (hit, all_, hit_away, away, can, can_away) in sorted(table.items()):
        print(
            f"{file.split('/')[-1]:28} {half:5} all {hit}/{all_} {100 * hit / all_:.1f}  other day {hit_away}/{away} "
            f"{100 * hit_away / max(away, 1):.1f}  a candidate at all {100 * can / all_:.1f} {100 * can_away / max(away, 1):.1f}"
        )


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--half", choices=["even", "odd"])
    options.add_argument("--penalty", type=float, default=1.0)
    options.add_argument("--check", action="store_true")
    options.add_argument("--misses", action="store_true")
    options = options.parse_args()
    names, events = read(sys.stdin)
    parity = {"even": 0, "odd": 1}.get(options.half)
    taught = [
        event
        for event in events
        if (parity is None or event[1] % 2 == parity) and any(value == event[2] for value, _ in event[3])
    ]
    x, owner, right = matrices(names, taught)
    weights = learn(x, owner, right, np.ones(len(taught)), options.penalty)
    if options.check:
        # The publication date is the candidate that has features of that name.
        marks = {number for name, number in names.items() if name.startswith("published")}
        report(
            weights,
            events,
            lambda candidates: next((v for v, fs in candidates if marks.intersection(fs)), None),
        )
        return
    groups = {}
    for name, number in names.items():
        group, value = name.split("|", 1)
        if abs(weights[number]) >= 0.02:
            groups.setdefault(group, {})[value] = weights[number]
    print("# What speaks for a date, and how much: groups of features, each value with its weight.")
    print("# Written by data/scripts/dating.py, which says how; src/dating/candidates.rs tells when each holds.")
    for group in sorted(groups):
        print(f"\n[{json.dumps(group)}]")
        for value in sorted(groups[group]):
            print(f"{json.dumps(value)} = {groups[group][value]:.2f}")


main()
