"""Learn what form a message has: bench/turns/examples.yml → bot/answering/forms.json.

    python bench/turns/learn.py [--check]

Words are put into the slots of the examples by chance with a fixed seed; what comes out is learned by a multinomial
logistic regression. `--check` writes nothing and says how the weights do on tests/answering/forms_told.yml.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bot.answering.forms import FORMS, WEIGHTS, Forms, features, forms, tokens  # noqa: E402
from bot.retrieval.search import read_segmenter  # noqa: E402

EXAMPLES = Path(__file__).with_name("examples.yml")
TOLD = ROOT / "tests" / "answering" / "forms_told.yml"
SHORTEST = 8  # characters of a training sentence that names a thing and asks something of it
EACH = 30  # messages of an example with slots
QUESTIONS, OTHERS = (
    280,
    85,
)  # what the examples of a form count for together, at most: no form is likelier for being told at length
ASKED = 0.1  # what a training sentence of data/nlu counts for beside an example
LITERAL = 2  # examples a word must stand in to be learned as it is
STRENGTH = 3.0  # of the regression: the inverse of its penalty
SEEN = 4  # messages a run must stand in to be learned
LEAST = 0.15  # weights nearer to nothing are left out
_SLOT = re.compile(r"\{(\w+)\}")


def main() -> None:
    """Learn and write, or only check."""
    segmenter = read_segmenter(ROOT / "knowledge")
    if "--check" not in sys.argv:
        WEIGHTS.write_text(written(learn(segmenter)), "utf-8")
        forms.cache_clear()
    told(forms(), segmenter)


def learn(segmenter) -> Forms:
    """Return the regression learned from the examples."""
    data = yaml.safe_load(EXAMPLES.read_text("utf-8"))
    slots = data["slots"]
    literal, characters = common(data, segmenter)
    chance = random.Random(7)
    texts, labels, weights = [], [], []
    for form in FORMS:
        for example in data[form]:
            filled = {_SLOT.sub(lambda slot: chance.choice(slots[slot[1]]), example) for _ in range(EACH)}
            texts += sorted(filled)
            labels += [form] * len(filled)
            weights += [counts(form, len(data[form])) / len(filled)] * len(filled)
    asked = named_things(segmenter)
    texts += asked
    labels += ["complete"] * len(asked)
    weights += [ASKED] * len(asked)
    found = [sorted(features(text, segmenter, literal, characters)) for text in texts]
    counted = Counter(run for each in found for run in each)
    names = sorted(run for run, count in counted.items() if count >= SEEN)
    column = {run: number for number, run in enumerate(names)}
    cells = [(row, column[run]) for row, each in enumerate(found) for run in each if run in column]
    rows, columns = zip(*cells, strict=True)
    matrix = csr_matrix((np.ones(len(cells)), (rows, columns)), (len(texts), len(names)))
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(matrix, labels, weights)
    learned = {
        run: {
            str(form): round(float(model.coef_[row, number]), 2)
            for row, form in enumerate(model.classes_)
            if abs(model.coef_[row, number]) >= LEAST
        }
        for run, number in column.items()
    }
    bias = {str(form): round(float(value), 3) for form, value in zip(model.classes_, model.intercept_, strict=True)}
    return Forms(literal, characters, {run: each for run, each in learned.items() if each}, bias)


def counts(form: str, examples: int) -> float:
    """Return what each of the examples of a form counts for."""
    return min(1.0, (QUESTIONS if form in ("complete", "rests") else OTHERS) / examples)


def of_the_subject() -> set[str]:
    """Return the words of the lexicon."""
    lists = (path.read_text("utf-8") for path in (ROOT / "knowledge" / "lexicon").glob("*.txt"))
    return {line.split()[0] for words in lists for line in words.splitlines() if line.strip()}


def named_things(segmenter) -> list[str]:
    """Return the training sentences that ask and name a word of the lexicon; what asks for figures may leave it out."""
    words = of_the_subject()
    found = []
    for topic in ("lost_id", "lure", "official_app", "penalty", "report", "safekeeping", "scope", "targets"):
        for each in yaml.safe_load((ROOT / "data" / "nlu" / f"{topic}.yml").read_text("utf-8"))["nlu"]:
            for line in each["examples"].splitlines():
                text = line.removeprefix("- ").strip()
                if len(text) >= SHORTEST and words & set(segmenter.cut(text)):
                    found.append(text)
    return found


def common(data, segmenter) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words, and the characters, of the examples themselves, slots left out, that several of them have."""
    words, characters = Counter(), Counter()
    for form in FORMS:
        for example in data[form]:
            said = _SLOT.split(example)[::2]
            words.update({word for part in said for word in tokens(part, segmenter)})
            characters.update(set("".join(said)))
    return (
        frozenset(word for word, count in words.items() if count >= LITERAL) - of_the_subject(),
        frozenset(each for each, count in characters.items() if count >= LITERAL and each.isalnum()) | {*"^$,"},
    )


def written(learned: Forms) -> str:
    """Return the file's text: one run a line, so that a change can be read."""
    lines = [f'"literal": {json.dumps(sorted(learned.literal), ensure_ascii=False)}']
    lines.append(f'"characters": {json.dumps("".join(sorted(learned.characters)), ensure_ascii=False)}')
    lines.append(f'"bias": {json.dumps(learned.bias)}')
    rows = (f"{json.dumps(run, ensure_ascii=False)}: {json.dumps(each)}" for run, each in learned.weights.items())
    lines.append('"weights": {\n' + ",\n".join(rows) + "\n}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def told(learned: Forms, segmenter) -> None:
    """Say how it does on messages that were written apart."""
    right, count = Counter(), Counter()
    for form, texts in yaml.safe_load(TOLD.read_text("utf-8")).items():
        for text in texts:
            chances = learned.of(text, segmenter)
            best = max(chances, key=chances.__getitem__)
            count[form] += 1
            right[form] += best == form
            if best != form:
                print(f"{form:12} → {best:12} {chances[best]:.2f} {text}")
    for form in count:
        print(f"{form:12} {right[form]}/{count[form]}")
    print(f"all {sum(right.values())}/{sum(count.values())} = {sum(right.values()) / sum(count.values()):.3f}")


if __name__ == "__main__":
    main()
