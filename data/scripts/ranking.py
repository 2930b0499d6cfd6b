#!/usr/bin/env python3
"""Learns the weights of `[answer]` and `[certainty]` in data/en/ranking.toml.

usage: cargo bench --bench answers -- --features ARCHIVE QUESTIONS > features.jsonl
       data/scripts/ranking.py features.jsonl[*WEIGHT] …

[answer]: a softmax over a question's candidate sentences, fitted by maximum likelihood (Adam), starting from and
drawn to the weights of `[sentence]` times 12, which makes them log-odds; questions without a right candidate teach
nothing. [certainty]: a logistic regression over the best excerpt of every question, answerable or not, in which
each feature may only count the way it is meant to (COUNTS): an archive holds other questions than those learned
from. A file may be given a weight, so that few questions of one kind count as much as many of another. Needs
numpy. Prints both tables, how often the first and one of the three best candidates are right, and for some
shares of answered questions the threshold and the share of unanswerable ones on which the bot is silent; of these
figures, three folds each learned from the other two.
"""
import json
import pathlib
import sys
import tomllib

import numpy as np

RANKING = pathlib.Path(__file__).parent.parent / 'en' / 'ranking.toml'
PRIOR = 12
# Whether a feature speaks for an excerpt (1) or against it (-1).
COUNTS = {
    'negated': -1, 'contrary': -1, 'lacking_name': -1, 'lacking_number': -1, 'lacking_extreme': -1, 'replaced': -1,
    'elsewhere': -1, 'absent': -1,
    'margin': 1, 'headline': 1, 'own_numbers': 1, 'close_pairs': 1, 'pairs': 1, 'before': 1, 'rarest': 1,
}
FOLDS = 3


def read(argument):
    path, _, weight = argument.partition('*')
    questions = []
    for line in open(path, encoding='utf-8'):
        question = json.loads(line)
        question['weight'] = float(weight or 1)
        question['x'] = np.array([row['features'] for row in question['rows']])
        question['y'] = np.array([row['right'] for row in question['rows']], dtype=float)
        questions.append(question)
    # Neighbouring questions are about the same text: a fold is a stretch of the file.
    for index, question in enumerate(questions):
        question['fold'] = 10 * index // len(questions) % FOLDS
    return questions


def adam(gradient, weights, clip=lambda weights: weights, steps=200, rate=0.1):
    mean, spread = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, steps + 1):
        slope = gradient(weights)
        mean, spread = 0.9 * mean + 0.1 * slope, 0.99 * spread + 0.01 * slope**2
        size = rate if step < 0.6 * steps else 0.2 * rate
        weights = clip(weights - size * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8))
    return weights


def answer_weights(questions, prior, ridge=1e-2):
    taught = [question for question in questions if question['y'].any() and not question['y'].all()]
    x = np.concatenate([question['x'] for question in taught])
    y = np.concatenate([question['y'] for question in taught])
    sizes = [len(question['y']) for question in taught]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    of = np.repeat(np.arange(len(taught)), sizes)
    weight = np.array([question['weight'] for question in taught])
    spread = x.std(0) + 1e-6
    x, prior = x / spread, prior * spread

    def share(scores):
        return scores / np.maximum(np.add.reduceat(scores, starts)[of], 1e-30)

    def gradient(weights):
        scores = x @ weights
        chosen = share(np.exp(scores - np.maximum.reduceat(scores, starts)[of]))
        return ((chosen - share(chosen * y)) * weight[of]) @ x / weight.sum() + ridge * (weights - prior)

    return adam(gradient, prior.copy()) / spread


def certainty_weights(questions, ridge=4e-3):
    names = questions[0]['certainty']['names']
    x = np.array([question['certainty']['values'] for question in questions])
    y = np.array([question['answerable'] for question in questions], dtype=float)
    weight = np.array([question['weight'] for question in questions])
    spread = np.where(x.std(0) > 1e-6, x.std(0), 1.0)
    x = x / spread
    counts = np.array([COUNTS.get(name, 0) for name in names])
    free = counts == 0

    def gradient(weights):
        likely = 1 / (1 + np.exp(-(x @ weights)))
        return ((likely - y) * weight) @ x / weight.sum() + ridge * np.where(free, 0, weights)

    def clip(weights):
        return np.where(weights * counts < 0, 0, weights)

    return adam(gradient, np.zeros(len(names)), clip, 400, 0.05) / spread


def hits(questions, weights_of_fold):
    ranked = [q['y'][np.argsort(-(q['x'] @ weights_of_fold[q['fold']]), kind='stable')] for q in questions if q['y'].any()]
    first = sum(bool(y[0]) for y in ranked)
    three = sum(bool(y[:3].any()) for y in ranked)
    return first / len(ranked), three / len(ranked)


def silence(questions, weights_of_fold):
    odds = np.array([np.dot(q['certainty']['values'], weights_of_fold[q['fold']]) for q in questions])
    answerable = np.array([q['answerable'] for q in questions])
    for share in (0.85, 0.88, 0.90, 0.92, 0.95):
        threshold = np.quantile(odds[answerable], 1 - share)
        silent = np.mean(odds[~answerable] < threshold)
        yield share, 1 / (1 + np.exp(-threshold)), silent


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    files = [(argument, read(argument)) for argument in sys.argv[1:]]
    everything = [question for _, questions in files for question in questions]
    names = everything[0]['names']
    sentence = tomllib.loads(RANKING.read_text())['sentence']
    prior = PRIOR * np.array([sentence.get(name, 0.0) for name in names])
    shown = [question for question in everything if question.get('certainty')]

    def of_folds(learn, questions):
        return [learn([q for q in questions if q['fold'] != fold]) for fold in range(FOLDS)]

    print('[answer]')
    for name, weight in zip(names, answer_weights(everything, prior)):
        print(f'{name} = {weight:.3f}')
    print('\n[certainty]')
    for name, weight in zip(shown[0]['certainty']['names'], certainty_weights(shown)):
        print(f'{name} = {weight:.3f}')
    answering = of_folds(lambda questions: answer_weights(questions, prior), everything)
    certain = of_folds(certainty_weights, shown)
    for argument, questions in files:
        first, three = hits(questions, answering)
        print(f'# {argument}: first {first:.1%}, in three {three:.1%} of those with a right candidate')
        told = [question for question in questions if question.get('certainty')]
        if all(question['answerable'] for question in told):
            continue
        for share, threshold, silent in silence(told, certain):
            print(f'#   {share:.0%} answered: certain = {threshold:.3f}, silent on {silent:.1%} of the unanswerable')


if __name__ == '__main__':
    main()
