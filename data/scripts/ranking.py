#!/usr/bin/env python3
"""Learns the weights of `[sentence]` in data/en/ranking.toml.

usage: cargo bench --bench answers -- --features ARCHIVE QUESTIONS > features.jsonl
       data/scripts/ranking.py features.jsonl[*WEIGHT] …

A softmax over a question's candidate sentences, fitted by maximum likelihood (Adam) with a small ridge; questions
without a right candidate teach nothing and are left out. A file may be given a weight, so that few questions of
one kind count as much as many of another. Needs numpy. Prints the weights, scaled so that they sum to 1.4 in
absolute value, and how often the best and one of the three best candidates are right.
"""
import json
import sys

import numpy as np


def read(argument):
    path, _, weight = argument.partition("*")
    names, questions = None, []
    for line in open(path, encoding="utf-8"):
        question = json.loads(line)
        names = question["names"]
        if question["rows"]:
            features = np.array([row["features"] for row in question["rows"]])
            right = np.array([row["right"] for row in question["rows"]])
            questions.append((features, right, float(weight or 1)))
    return names, questions


def fit(questions, size, steps=150, rate=0.3, ridge=1e-3):
    taught = [(x, y, w) for x, y, w in questions if y.any() and not y.all()]
    total = sum(w for _, _, w in taught)
    weights, mean, spread = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, steps + 1):
        gradient = np.zeros(size)
        for features, right, weight in taught:
            scores = features @ weights
            chosen = np.exp(scores - scores.max())
            chosen /= chosen.sum()
            wanted = chosen * right
            gradient += weight * ((chosen - wanted / wanted.sum()) @ features)
        gradient = gradient / total + ridge * weights
        mean, spread = 0.9 * mean + 0.1 * gradient, 0.99 * spread + 0.01 * gradient**2
        size_of_step = rate if step < 0.6 * steps else 0.3 * rate
        weights -= size_of_step * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    return weights


def hits(questions, weights):
    answerable = [(x, y) for x, y, _ in questions if y.any()]
    ranked = [y[np.argsort(-(x @ weights), kind="stable")] for x, y in answerable]
    best = sum(bool(y[0]) for y in ranked)
    three = sum(bool(y[:3].any()) for y in ranked)
    return best / len(ranked), three / len(ranked)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    names, files = None, []
    for argument in sys.argv[1:]:
        names, questions = read(argument)
        files.append((argument, questions))
    weights = fit([question for _, questions in files for question in questions], len(names))
    weights *= 1.4 / np.abs(weights).sum()
    for name, weight in zip(names, weights):
        print(f"{name} = {weight:.3f}")
    for argument, questions in files:
        best, three = hits(questions, weights)
        print(f"# {argument}: first {best:.1%}, in three {three:.1%} of those with a right candidate")


if __name__ == "__main__":
    main()
