#!/usr/bin/env python3
"""Makes data/en/contraries.tsv: words that say the contrary of each other.

usage: contraries.py WORDNET OUT

  WORDNET  the folder of WordNet 3.0's database (Debian: apt-get install wordnet-base; /usr/share/wordnet)
  OUT      data/en/contraries.tsv

Takes the antonyms of WordNet that are single words.
Needs nothing beside Python. WordNet's licence stands in data/en/NOTICE.
"""
import re
import sys

FILES = {'n': 'noun', 'v': 'verb', 'a': 'adj', 'r': 'adv'}
HEAD = """# Words that say the contrary of each other: two folded words, a tab between them.
# Made by data/scripts/contraries.py from WordNet 3.0 (Copyright 2006 by Princeton University; its licence
# stands in NOTICE beside this file).
"""


def synsets(folder):
    """By part of speech and offset: the words of a synset, and its antonym pointers."""
    found = {}
    for letter, name in FILES.items():
        for line in open(f'{folder}/data.{name}', encoding='latin-1'):
            if line.startswith(' '):
                continue
            fields = line.split('|')[0].split()
            count = int(fields[3], 16)
            words = [re.sub(r'\(.*\)', '', word).lower() for word in fields[4:4 + 2 * count:2]]
            rest = fields[4 + 2 * count:]
            pointers = [rest[at:at + 4] for at in range(1, 1 + 4 * int(rest[0]), 4)]
            found[letter, fields[0]] = words, [pointer for pointer in pointers if pointer[0] == '!']
    return found


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    found = synsets(sys.argv[1])
    pairs = set()
    for words, pointers in found.values():
        for _, offset, letter, places in pointers:
            one = words[int(places[:2], 16) - 1]
            other = found['a' if letter == 's' else letter, offset][0][int(places[2:], 16) - 1]
            if one.isalpha() and other.isalpha() and one.isascii() and other.isascii():
                pairs.add(tuple(sorted((one, other))))
    with open(sys.argv[2], 'w', encoding='utf-8') as out:
        out.write(HEAD)
        out.writelines(f'{one}\t{other}\n' for one, other in sorted(pairs))


if __name__ == '__main__':
    main()
