#!/usr/bin/env python3
"""Learns the weights of `[when]` in data/en/ranking.toml.

usage: cargo bench --bench answers -- --dates ARCHIVE QUESTIONS > dates.jsonl
       data/scripts/when.py dates.jsonl[*WEIGHT] … [--ridge X] [--folds N] [--without FEATURE …]

QUESTIONS are people's own, and those that data/scripts/timeline_questions.py makes of the sentences of timelines.
Each line read is a question with every sentence that may answer it and each of that sentence's dates. The model is a
conditional logit whose rows add up by date, as in data/scripts/dating.py, fitted by maximum likelihood (Adam) with a
ridge. Questions none of whose rows has the right date teach nothing. A file may be given a weight, so that few
questions as people ask them count as much as many made from sentences. Prints the weights, and how often the best
date and one of the three best are right; with --folds on questions that were left out of the training. Needs numpy.
"""
import argparse
import json

import numpy as np


def read(argument):
    path, _, weight = argument.partition("*")
    names, questions = None, []
    for line in open(path, encoding="utf-8"):
        question = json.loads(line)
        names, rows = question["names"], question["rows"]
        if not rows or not question["right"]:
            continue
        dates = sorted({row["date"] for row in rows})
        owner = np.array([dates.index(row["date"]) for row in rows])
        features = np.array([row["features"] for row in rows])
        right = np.array([date.startswith(question["right"]) for date in dates])
        questions.append((features, owner, right, float(weight or 1)))
    return names, questions


def shares(features, owner, count, weights):
    scores = features @ weights
    share = np.exp(scores - scores.max())
    share /= share.sum()
    return share, np.bincount(owner, share, count)


def fit(questions, size, ridge, steps=250, rate=0.15):
    taught = [question for question in questions if question[2].any() and not question[2].all()]
    total = sum(weight for *_, weight in taught)
    weights, mean, spread = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, steps + 1):
        slope = np.zeros(size)
        for features, owner, right, weight in taught:
            share, of_date = shares(features, owner, len(right), weights)
            wanted = share * right[owner]
            slope += weight * ((share - wanted / max(wanted.sum(), 1e-12)) @ features)
        slope = slope / total + ridge * weights
        mean, spread = 0.9 * mean + 0.1 * slope, 0.99 * spread + 0.01 * slope**2
        pace = rate * min(1.0, 2.0 * (1 - step / (steps + 1)))
        weights -= pace * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    return weights


def hits(questions, weights):
    ranks = []
    for features, owner, right, _ in questions:
        _, of_date = shares(features, owner, len(right), weights)
        ranks.append(right[np.argsort(-of_date, kind="stable")])
    return [sum(bool(rank[:top].any()) for rank in ranks) / max(len(ranks), 1) for top in (1, 3, 1000)]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("files", nargs="+")
    options.add_argument("--ridge", type=float, default=0.01)
    options.add_argument("--folds", type=int, default=0)
    options.add_argument("--without", action="append", default=[])
    options = options.parse_args()
    names, files = None, []
    for argument in options.files:
        names, questions = read(argument)
        for features, *_ in questions:
            features[:, [names.index(name) for name in options.without]] = 0
        files.append((argument, questions))
    for fold in range(options.folds):
        taught = [q for _, questions in files for i, q in enumerate(questions) if i % options.folds != fold]
        weights = fit(taught, len(names), options.ridge)
        for argument, questions in files:
            left_out = questions[fold :: options.folds]
            print(f"# fold {fold}: {argument}: {len(left_out)}", *(f"{part:.3f}" for part in hits(left_out, weights)))
    weights = fit([question for _, questions in files for question in questions], len(names), options.ridge)
    for name, weight in zip(names, weights):
        print(f"{name} = {weight:.2f}")
    for argument, questions in files:
        print(f"# {argument}: {len(questions)}: best, in three, at all:", *(f"{part:.3f}" for part in hits(questions, weights)))


if __name__ == "__main__":
    main()
