#!/usr/bin/env python3
"""Learns the weights of `data/en/dating-weights.toml`.

usage: cargo bench --bench dating -- --features FILE… | data/scripts/dating.py > data/en/dating-weights.toml

Each line read is an event with the dates it can have, the features that hold of each, and the right date
(`tests/bench/dating.rs` writes them). The model is a conditional logit: a candidate's score is the sum of its
features' weights, the shares of the candidates of one date add up, and the right date's share is made as
large as it can be over all events, less a penalty on the squares of the weights. Events whose right date is
no candidate teach nothing and are left out. Options: --half even|odd learns only on the documents
published on even or odd days; --penalty X (default 2.0); --weight FILE=X makes a file's events count X times;
--check prints how many events of either half come out right instead of the weights. Needs numpy.

usage: data/scripts/dating.py --coarse EVENTS TIMEML… > FILE

Makes further events to learn from, whose date is a month or a year: those of the documents TIMEML (JSON lines
{id, dct, text, timexes: [{tid, type, value, start, end}], events: [{eid, start, end}], tlinks: [[id, relation, id]]})
that a link sets into a date whose value is coarser than a day, less those that EVENTS has already. FILE is then one
of the bench's. The weights that are shipped were learned so:

    data/scripts/dating.py --coarse events-timebank.jsonl timebank-te3.jsonl aquaint-te3.jsonl > coarse.jsonl
    cargo bench --bench dating -- --features events-timebank.jsonl events-airbus.jsonl events-airbus-t4.jsonl \\
        coarse.jsonl tests/corpus/shipped.jsonl | data/scripts/dating.py --penalty 4 \\
        --weight events-airbus.jsonl=3 --weight events-airbus-t4.jsonl=3 > data/en/dating-weights.toml

shipped.jsonl has eight events of the two shipped articles. The two small sets weigh more, so that dispatches of the
day count beside the longer reports of the large one; the greater penalty keeps that from costing on documents held out.
"""
import argparse
import json
import re
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


def pooled(names, events):
    """Beside each pair of values, features for either value alone and for the group: what pairs have in
    common is then learned from all of them. The weights are folded back into the pairs at the end."""
    parts = {}
    for name, number in list(names.items()):
        group, pair = name.split("|", 1)
        values = pair.split(", ", 1)
        wider = [group] + ([f"{group}|{i}={value}" for i, value in enumerate(values)] if len(values) > 1 else [])
        parts[number] = [number] + [names.setdefault(name, len(names)) for name in wider]
    return parts, [
        (*rest, [(value, [part for f in features for part in parts[f]]) for value, features in candidates])
        for *rest, candidates in events
    ]


def table(names, events):
    """For each candidate the numbers of its features (padded with one that weighs nothing), the event it
    belongs to, and whether its date is right."""
    width = max(len(features) for *_, candidates in events for _, features in candidates)
    rows, owner, right = [], [], []
    for number, (_, _, gold, candidates) in enumerate(events):
        for value, features in candidates:
            rows.append(features + [len(names)] * (width - len(features)))
            owner.append(number)
            right.append(value == gold)
    return np.array(rows), np.array(owner), np.array(right)


def shares(scores, owner, count):
    share = np.exp(scores - scores.max())
    return share / np.bincount(owner, share, count)[owner]


def learn(rows, owner, right, importance, penalty, steps=300, rate=0.1):
    """Adam on the penalised likelihood of the right date."""
    count = owner.max() + 1
    size = rows.max() + 1
    weights = np.zeros(size)
    mean, square = np.zeros(size), np.zeros(size)
    flat, width = rows.ravel(), rows.shape[1]
    for step in range(1, steps + 1):
        share = shares(weights[rows].sum(axis=1), owner, count)
        mass = np.bincount(owner, share * right, count)
        posterior = share * right / np.maximum(mass, 1e-12)[owner]
        pull = (posterior - share) * importance[owner]
        slope = np.bincount(flat, np.repeat(pull, width), size) - penalty * weights
        slope[-1] = 0.0
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        pace = rate * min(1.0, 3.0 * (1 - step / (steps + 1)))
        weights += pace * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def choose(weights, candidates):
    sums = {}
    scores = [sum(weights[f] for f in features) for _, features in candidates]
    most = max(scores, default=0.0)
    for (value, _), score in zip(candidates, scores):
        sums[value] = sums.get(value, 0.0) + np.exp(score - most)
    return max(sums, key=sums.get, default=None)


def report(weights, events, published):
    counts = {}
    for file, document, gold, candidates in events:
        half = "even" if document % 2 == 0 else "odd"
        hit = choose(weights, candidates) == gold
        away = gold != published(candidates)
        for key in [(file, half), (file, "both"), ("all files", half)]:
            row = counts.setdefault(key, [0] * 6)
            row[0] += hit
            row[1] += 1
            row[2] += hit and away
            row[3] += away
            row[4] += any(value == gold for value, _ in candidates)
            row[5] += away and any(value == gold for value, _ in candidates)
    for (file, half), (hit, all_, hit_away, away, can, can_away) in sorted(counts.items()):
        print(
            f"{file.split('/')[-1]:28} {half:5} all {hit}/{all_} {100 * hit / all_:.1f}  other day {hit_away}/{away} "
            f"{100 * hit_away / max(away, 1):.1f}  a candidate at all {100 * can / all_:.1f} {100 * can_away / max(away, 1):.1f}"
        )


WITHIN = {"IS_INCLUDED", "SIMULTANEOUS", "DURING"}


def coarse(known, documents):
    """The events that a link sets into a month, a year or the like, as records of the bench."""
    dated = {(record["id"], event["at"]) for record in known for event in record["events"]}
    for record in documents:
        dates = {
            timex["tid"]: timex["value"]
            for timex in record["timexes"]
            if timex["type"] == "DATE" and re.match(r"\d{3}", timex["value"]) and len(timex["value"]) < 10
        }
        starts = {event["eid"]: event["start"] for event in record["events"]}
        found = {}
        for first, relation, second in record["tlinks"]:
            event, date = (first, second) if relation in WITHIN else (second, first)
            if (relation in WITHIN or relation == "INCLUDES") and event in starts and date in dates:
                if (record["id"], starts[event]) not in dated:
                    found.setdefault(starts[event], dates[date])
        if found:
            events = [{"at": at, "gold": gold} for at, gold in sorted(found.items())]
            yield {"id": record["id"], "date": record["dct"], "text": record["text"], "events": events}


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def weighted(argument):
    file, weight = argument.rsplit("=", 1)
    return file, float(weight)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--half", choices=["even", "odd"])
    options.add_argument("--penalty", type=float, default=2.0)
    options.add_argument("--check", action="store_true")
    options.add_argument("--weight", type=weighted, action="append", default=[])
    options.add_argument("--coarse", nargs="+", metavar="FILE")
    options = options.parse_args()
    if options.coarse:
        known, *documents = options.coarse
        for record in coarse(lines(known), [record for path in documents for record in lines(path)]):
            print(json.dumps(record, ensure_ascii=False))
        return
    options.weight = dict(options.weight)
    names, events = read(sys.stdin)
    plain = dict(names)
    parts, events = pooled(names, events)
    parity = {"even": 0, "odd": 1}.get(options.half)
    taught = [
        event
        for event in events
        if (parity is None or event[1] % 2 == parity) and any(value == event[2] for value, _ in event[3])
    ]
    rows, owner, right = table(names, taught)
    importance = np.array([options.weight.get(event[0].split("/")[-1], 1.0) for event in taught])
    weights = learn(rows, owner, right, importance, options.penalty)
    if options.check:
        # The publication date is the candidate that has features of that name.
        marks = {number for name, number in plain.items() if name.startswith("published")}
        report(
            weights,
            events,
            lambda candidates: next((v for v, fs in candidates if marks.intersection(fs)), None),
        )
        return
    groups = {}
    for name, number in plain.items():
        group, value = name.split("|", 1)
        weight = sum(weights[part] for part in parts[number])
        if abs(weight) >= 0.02:
            groups.setdefault(group, {})[value] = weight
    print("# What speaks for a date, and how much: groups of features, each value with its weight.")
    print("# Written by data/scripts/dating.py, which says how; src/dating/candidates.rs tells when each holds.")
    for group in sorted(groups):
        print(f"\n[{json.dumps(group)}]")
        for value in sorted(groups[group]):
            print(f"{json.dumps(value)} = {groups[group][value]:.2f}")


main()
