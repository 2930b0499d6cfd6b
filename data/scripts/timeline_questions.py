#!/usr/bin/env python3
"""Makes questions for data/scripts/when.py of the sentences of published timelines.

usage: timeline_questions.py ARTICLES.jsonl TIMELINES.jsonl > questions.jsonl

ARTICLES lines have a "text"; TIMELINES lines a "topic" and "entries", each with a "date" and the sentences, "text",
that journalists wrote for it. Of each sentence three to six words are asked for, rare ones of the articles more often
than common ones, and never a month, a weekday or a number: as somebody asks who remembers what happened and not when.
The same input always gives the same questions.
"""
import collections
import json
import math
import random
import re
import sys

STOP_WORDS = set(
    "the a an of to in on at for from by with and or but is are was were be been being has have had will would could can "
    "may might it its his her their he she they we you i that this these those as not no than then there here who which "
    "what when where why how after before during into over under about against between said says say mr mrs dr ms also "
    "only more most some any all one two first last new".split()
)
CALENDAR = set(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday today yesterday tomorrow".split()
)
# How many words are asked for, as often as each stands here.
LENGTHS = (3, 4, 4, 5, 6)
# How many sentences of one entry are used.
SENTENCES = 3


def words(text):
    return re.findall(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]|\d[\d.,]*\d|\d", text)


def asked(sentence, frequency, articles, chance):
    """The words of a question that `sentence` answers, in its order; none where too few are left."""
    left = [
        word
        for word in words(sentence.replace("``", "").replace("''", ""))
        if len(word) > 2 and not word[0].isdigit() and word.lower() not in STOP_WORDS | CALENDAR
    ]
    if len(left) < 4:
        return []
    count = chance.choice(LENGTHS)
    rarity = {
        place: (math.log(articles / (1 + frequency[word.lower()])) + 0.3) * chance.random() ** 0.5
        for place, word in enumerate(left)
        if frequency[word.lower()] > 0
    }
    best = sorted(sorted(rarity, key=lambda place: -rarity[place])[:count])
    return [left[place] for place in best] if len(best) >= 3 else []


def main(articles_path, timelines_path):
    chance = random.Random(7)
    frequency, articles = collections.Counter(), 0
    for line in open(articles_path, encoding="utf-8"):
        articles += 1
        frequency.update({word.lower() for word in words(json.loads(line).get("text") or "")})
    questions, seen = [], set()
    for line in open(timelines_path, encoding="utf-8"):
        timeline = json.loads(line)
        topic = timeline["topic"].split("_")[0]
        for entry in timeline["entries"]:
            for sentence in entry["text"][:SENTENCES]:
                if (topic, sentence) in seen:
                    continue
                seen.add((topic, sentence))
                question = asked(sentence, frequency, articles, chance)
                if question:
                    ask = "!when " + " ".join(question)
                    questions.append({"kind": "when", "ask": ask, "date": entry["date"]})
    for number, question in enumerate(questions):
        print(json.dumps({"id": f"t{number}", **question}))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
