"""Learns bot/retrieval/matcher.json: python -m bench.matcher LEARN.yml:FOLDER… [--measure QUESTIONS.yml:FOLDER…]

A LEARN.yml has labelled questions (`q`, `expect`: answer or abstain, `evidence`: [[stem, words], …], `near`: stem), a
FOLDER the bulletins they were written over; those of knowledge/bulletins lie beside them. Questions whose ids share the
letters before `-` were written together: their bulletins are complete for them, and only those are looked at. They are
also what the folds are cut by: no question is judged by weights that saw its bulletins. --foreign names a file with a
question a line that no bulletin of this service will ever answer. Nothing of the texts is kept but means and weights.
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bench.labelled import World, answers_in, library_of, questions_and_folders, read_rows, worlds
from bench.turning import Lesson, learn_turning, lesson
from bot.knowledge.embeddings import VectorStore, open_encoder
from bot.rasa.understanding import hear
from bot.reading.records import Library
from bot.retrieval.dense import Centre, centred, embedded_texts, passage_part, question_part
from bot.retrieval.features import DENSE, NAMES, WORDS
from bot.retrieval.matcher import BEST, WEIGHTS, Matcher, Reader, Regression, answered, best_rows, probability
from bot.retrieval.query import Prior
from bot.retrieval.search import Searcher, build_searcher
from bot.settings import Settings
from bot.text.squeezing import squeeze

ROOT = Path(__file__).parents[1]
# What the regularisation leaves to each: chosen by the folds, once.
PASSAGE_C, ANSWERS_C, MATTER_C, QUESTION_SCALE = 0.1, 0.003, 0.003, 25.0
MATTER_SCALE = 30.0
# What a logit of the best passages counts beside a column of deviation 1.
LOGIT_SCALE = 2.4
# Of near misses so many may get an answer; of questions on the matter so many must at least get the nearest passage:
# fewer by words alone, which tell less well what is foreign.
NEAR_MISSES, NEAR_MISSES_AT_HOME = 0.14, 0.24
ON_THE_MATTER = {"both": 0.96, "words": 0.93}
WIDTHS = {"both": len(NAMES), "words": len(WORDS)}


@dataclass(frozen=True)
class Row:
    """A question with what the matcher looks at: a line a candidate, and which of them answer."""

    id: str
    group: str
    expect: str
    both: np.ndarray
    answers: np.ndarray
    question: np.ndarray
    at_home: np.ndarray


def searcher_of(library: Library, store: VectorStore, matcher: Matcher) -> Searcher:
    """Index a library with the vectors of all its texts."""
    titles = {stem: bulletin.title for stem, bulletin in library.bulletins.items()}
    texts = embedded_texts(library.passages, titles)
    return build_searcher(
        library, ROOT / "knowledge", encoder=store.encoder, vectors=store.embed(texts), matcher=matcher
    )


def table_rows(
    searcher: Searcher, rows: Sequence[dict[str, Any]], heard: Mapping[str, Mapping[str, float]], name: str
) -> Iterator[Row]:
    """Yield what the matcher looks at of each question."""
    passages = searcher.index.passages
    squeezed = [squeeze(passage.heading + passage.text) for passage in passages]
    for row in rows:
        query = searcher.query(row["q"])
        vector = searcher._vector(query.text)
        at = searcher._proposed(query, vector)
        prior = Prior(heard.get(row["q"], {}), next(iter(query.places), None))
        table, question = searcher.table(query, prior, at, vector)
        right = [answers_in(row, passage, words) for passage, words in zip(passages, squeezed, strict=True)]
        assert question is not None, "every passage has its vectors here"
        group = f"{name}{row['id'].split('-')[0]}"
        if name == "home":  # what the classifier knows of its bulletins is what is learned here: other questions decide
            group += str(sum(map(ord, row["id"])) % 4)
        yield Row(
            row["id"],
            group,
            row["expect"],
            table,
            np.array(right)[at],
            question,
            np.array([searcher.index.passages[each].bulletin in searcher.matcher.home for each in at]),
        )


def fit(
    rows: np.ndarray, labels: np.ndarray, c: float, widths: np.ndarray | None = None, weigh: bool = False
) -> Regression:
    """Fit one regression on columns scaled to a deviation of 1, or of `widths` where given."""
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    if widths is not None:
        mean, scale = np.where(widths > 0, 0.0, mean), np.where(widths > 0, 1 / np.maximum(widths, 1e-9), scale)
    model = LogisticRegression(C=c, max_iter=2000, class_weight="balanced" if weigh else None).fit(
        (rows - mean) / scale, labels
    )
    return Regression(mean, scale, model.coef_[0], float(model.intercept_[0]))


def columns(row: Row, width: int) -> np.ndarray:
    """Return the first `width` columns of a question's table."""
    return row.both[:, :width]


def best_of(rows: Sequence[Row], logits: Sequence[np.ndarray], width: int) -> np.ndarray:
    """Return what is looked at of the best passages together, a line a question; its vector with the dense reader."""
    meant = width == len(NAMES)
    pairs = zip(rows, logits, strict=True)
    return np.array([best_rows(columns(row, width), each, row.question if meant else None) for row, each in pairs])


def learn(rows: Sequence[Row], width: int) -> tuple[Reader, dict[str, np.ndarray]]:
    """Learn the three regressions; return them with the probabilities that folds gave to rows they had not seen.

    `answers` and `matter` learn from logits of folds as well, so that they see passages as they will be seen.
    """
    groups = np.array([row.group for row in rows])
    labelled = [row for row in rows if row.expect != "foreign"]

    def passages(of: Sequence[Row]) -> Regression:
        return fit(
            np.vstack([columns(row, width) for row in of]), np.concatenate([row.answers for row in of]), PASSAGE_C
        )

    logits: dict[str, np.ndarray] = {}
    for group in np.unique(groups):
        model = passages([row for row in labelled if row.group != group])
        logits |= {row.id + row.group: model.logits(columns(row, width)) for row in rows if row.group == group}
    unseen = [logits[row.id + row.group] for row in rows]
    best = best_of(rows, unseen, width)
    plain = best.shape[1] - (len(rows[0].question) if width == len(NAMES) else 0)
    widths, far = (np.where(np.arange(best.shape[1]) < plain, 0.0, scale) for scale in (QUESTION_SCALE, MATTER_SCALE))
    widths[: BEST + 1] = LOGIT_SCALE
    known = np.array([row.expect != "foreign" for row in rows])
    out = {"answers": np.zeros(len(rows)), "matter": np.zeros(len(rows))} | ranked(rows, unseen)
    any_right = out["right"]
    for group in np.unique(groups):
        seen, held = groups != group, groups == group
        model = fit(best[seen], any_right[seen], ANSWERS_C, widths)
        for at in np.flatnonzero(held).tolist():
            out["answers"][at] = answered(unseen[at], best[at], Reader(model, model, model))
    for fold in range(5):
        held = np.arange(len(rows)) % 5 == fold
        out["matter"][held] = fit(best[~held], known[~held], MATTER_C, far, weigh=True).logits(best[held])
    reader = Reader(
        passages(labelled), fit(best, any_right, ANSWERS_C, widths), fit(best, known, MATTER_C, far, weigh=True)
    )
    return reader, out


def figures(rows: Sequence[Row], out: Mapping[str, np.ndarray], sure: np.ndarray, near: float) -> dict[str, Any]:
    """Return what the thresholds do, as the evaluation counts, of questions one by one."""
    expect = np.array([row.expect for row in rows])
    asked, missed, foreign = expect == "answer", expect == "abstain", expect == "foreign"
    says = out["answers"] >= sure
    shows = says | (out["matter"] >= near)
    right, told = out["right"], asked | missed

    def share(values: np.ndarray) -> float | None:
        return round(float(np.mean(values)), 3) if len(values) else None

    return {
        "first": share(out["first"][asked]),
        "of the best three": share(right[asked]),
        "rate": share((says & right)[asked]),
        "accuracy": share(right[says & told]),
        "near misses answered": share(says[missed]),
        "reach": share((shows & right)[asked]),
        "foreign shown": share(shows[foreign]),
        "auc": round(float(roc_auc_score(asked[told], out["answers"][told])), 3)
        if missed.any() and asked.any()
        else None,
    }


def thresholds(rows: Sequence[Row], out: Mapping[str, np.ndarray], name: str = "both") -> tuple[float, float, float]:
    """Return the logits from which on it is sure, sure at home, and near."""
    expect = np.array([row.expect for row in rows])
    missed = expect == "abstain"
    home = out["home"]
    return (
        float(np.quantile(out["answers"][missed & ~home], 1 - NEAR_MISSES)),
        float(np.quantile(out["answers"][missed & home], 1 - NEAR_MISSES_AT_HOME)),
        float(np.quantile(out["matter"][expect == "answer"], 1 - ON_THE_MATTER[name])),
    )


def measure(rows: Sequence[Row], reader: Reader, width: int) -> dict[str, np.ndarray]:
    """Return what a reader says of questions it was not learned from."""
    logits = [reader.passage.logits(columns(row, width)) for row in rows]
    best = best_of(rows, logits, width)
    return {
        "answers": np.array([answered(each, row, reader) for each, row in zip(logits, best, strict=True)]),
        "matter": reader.matter.logits(best),
        **ranked(rows, logits),
    }


def ranked(rows: Sequence[Row], logits: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """Return for each question whether the best passage answers, one of the best three does, it is at home."""
    order = [np.argsort(-each) for each in logits]
    pairs = list(zip(rows, order, strict=True))
    return {
        "first": np.array([bool(row.answers[at[0]]) for row, at in pairs]),
        "right": np.array([bool(row.answers[at[:BEST]].any()) for row, at in pairs]),
        "home": np.array([bool(row.at_home[at[0]]) for row, at in pairs]),
    }


@dataclass(frozen=True)
class Material:
    """What is learned from: the questions with their tables, and the means of all vectors."""

    rows: tuple[Row, ...]
    centre: Centre


def main() -> None:
    """Learn, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("learn", nargs="+", type=questions_and_folders)
    parser.add_argument("--foreign", type=Path, help="a question a line that no bulletin will ever answer")
    parser.add_argument("--measure", action="append", default=[], type=questions_and_folders)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--material", type=Path, help="kept here, and taken from here when it is there already")
    parser.add_argument("--ablate", action="store_true", help="also without each group of columns")
    options = parser.parse_args()
    encoder = open_encoder(Settings())
    assert encoder is not None, "the dense reader is needed to learn"
    store = VectorStore(ROOT / ".cache/index/vectors.db", encoder)
    home = frozenset(path.stem for path in (ROOT / "knowledge/bulletins").glob("*.md"))
    if options.material and options.material.exists():
        material = pickle.loads(options.material.read_bytes())
    else:
        material = gather(options.learn, options.foreign, store, home)
        if options.material:
            options.material.write_bytes(pickle.dumps(material))
    rows = material.rows
    print(f"{len(rows)} questions, {sum(len(row.both) for row in rows)} pairs")
    readers, folds = {}, {}
    for name, width in WIDTHS.items():
        readers[name], folds[name] = learned(name, rows, width)
    matcher = Matcher(encoder.name, material.centre, home, readers["both"], readers["words"])
    write(options.out, matcher, folds)
    for path, folders in options.measure:
        measured(path, folders, store, matcher)
    if options.ablate:
        ablate(rows)


def gather(
    sets: Sequence[tuple[Path, Sequence[Path]]], foreign: Path | None, store: VectorStore, home: frozenset[str]
) -> Material:
    """Read everything, have the classifier hear the questions, and lay the tables out."""
    asked = {path: read_rows(path, folders) for path, folders in sets}
    apart = read_rows(foreign) if foreign else []
    heard = beliefs([row["q"] for rows in (*asked.values(), apart) for row in rows])
    libraries = worlds(sets, asked)
    centre = means(libraries, [row["q"] for rows in asked.values() for row in rows], store)
    lessons = [lesson_of(library, rows, centre, store) for library, rows, _ in libraries]
    found: list[Row] = []
    for at, (library, rows, name) in enumerate(libraries):
        # Turned as questions will be that nobody learned from.
        unseen = replace(centre, turned=learn_turning([*lessons[:at], *lessons[at + 1 :]]))
        bare = Matcher(store.encoder.name, unseen, home, None, None)  # type: ignore[arg-type]
        searcher = searcher_of(library, store, bare)
        # Each folder hears a part of what is foreign.
        found += table_rows(searcher, [*rows, *apart[at :: len(libraries)]], heard, name)
    return Material(tuple(found), replace(centre, turned=learn_turning(lessons)))


def lesson_of(library: Library, rows: Sequence[dict[str, Any]], centre: Centre, store: VectorStore) -> Lesson:
    """Return the questions of a folder with its passages and their sentences, as vectors."""
    asked = [row for row in rows if row["expect"] == "answer"]
    pieces = [(each, text) for each in library.passages for text in (each.heading + each.text, *each.sentences)]
    embedded = [passage_part(text) for each in library.passages for text in (each.text, *each.sentences)]
    vectors = store.embed(tuple(dict.fromkeys(embedded)))
    answers = [[answers_in(row, each, squeeze(text)) for each, text in pieces] for row in asked]
    questions = store.encoder.questions([question_part(row["q"]) for row in asked])
    texts = np.array([vectors[text] for text in embedded])
    return lesson(centred(questions, centre.question), centred(texts, centre.passage), np.array(answers))


def beliefs(questions: Sequence[str]) -> dict[str, Mapping[str, float]]:
    """Return what the newest trained classifier makes of each question."""
    model = max((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    every = list(dict.fromkeys(questions))
    return {question: one.understood.probabilities for question, one in zip(every, hear(model, every), strict=True)}


def learned(name: str, rows: Sequence[Row], width: int) -> tuple[Reader, dict[str, Any]]:
    """Learn one reader with its thresholds; print and return what the folds say of it."""
    reader, out = learn(rows, width)
    limits = thresholds(rows, out, name)
    folds = judged(rows, out, limits)
    print(name, "folds", json.dumps(folds))
    homely = np.array([row.group.startswith("home") for row in rows])
    if homely.any():
        some = [row for row, at_home in zip(rows, homely, strict=True) if at_home]
        print(name, "at home", json.dumps(judged(some, {key: each[homely] for key, each in out.items()}, limits)))
    weights = sorted(zip(reader.passage.weights, NAMES, strict=False), key=lambda each: -abs(each[0]))
    print("  ", "; ".join(f"{label} {weight:+.2f}" for weight, label in weights[:30]))
    print("   said, right:", calibration(rows, out))
    sure, at_home, near = (round(float(probability(np.array(each))), 4) for each in limits)
    return replace(reader, sure=sure, sure_at_home=at_home, near=near), folds


def calibration(rows: Sequence[Row], out: Mapping[str, np.ndarray]) -> str:
    """Return, for tenths of what was said, how often one of the best three was right: of questions not learned from."""
    asked = np.array([row.expect != "foreign" for row in rows])
    said, right = (
        probability(out["answers"][asked]),
        out["right"][asked] & np.array([row.expect == "answer" for row in rows])[asked],
    )
    parts = [(said >= low / 10) & (said < (low + 1) / 10) for low in range(10)]
    return " ".join(f"{said[part].mean():.2f}:{right[part].mean():.2f}({part.sum()})" for part in parts if part.any())


def measured(path: Path, folders: Sequence[Path], store: VectorStore, matcher: Matcher) -> None:
    """Print what the matcher does with questions it was not learned from."""
    asked = read_rows(path, folders)
    searcher = searcher_of(library_of(folders, None), store, matcher)
    found = list(table_rows(searcher, asked, beliefs([row["q"] for row in asked]), "x"))
    for name, width in WIDTHS.items():
        reader: Reader = getattr(matcher, name)
        limits = [float(np.log(each / (1 - each))) for each in (reader.sure, reader.sure_at_home, reader.near)]
        print(path.name, name, json.dumps(judged(found, measure(found, reader, width), limits)))


def ablate(rows: Sequence[Row]) -> None:
    """Print the figures of the folds without each group of columns."""
    groups = {
        "both readers": (),
        "without the dense reader": DENSE,
        "without sentences": (
            "meaning: sentence",
            "meaning: sentence below the best",
            "covered by the closest sentence",
        ),
        "without BM25": tuple(name for name in WORDS if name.startswith("words: ")),
        "without covered words": tuple(
            name for name in NAMES if "cover" in name or ("word" in name and "missing" in name)
        ),
        "without synonyms": ("covered with other words for it", "home: covered with other words"),
        "without the kind of question": tuple(name for name in WORDS if name.startswith("asks ")),
        "without the kind of passage": ("is advice", "is background", "home: is advice", "home: is background"),
        "without what the classifier knows": tuple(name for name in NAMES if name.startswith("home")),
        "without lengths": ("length of the passage", "length of the question"),
        "without place and number": ("another place", "another number"),
    }
    for name, left_out in groups.items():
        keep = np.array([column not in left_out for column in NAMES])
        some = [replace(row, both=row.both * keep) for row in rows]
        _, out = learn(some, len(NAMES))
        print(name, json.dumps(judged(some, out, thresholds(some, out))), flush=True)


def judged(rows: Sequence[Row], out: Mapping[str, np.ndarray], limits: Sequence[float]) -> dict[str, Any]:
    """Return the figures with the threshold that fits where the best passage of each question is from."""
    return figures(rows, out, np.where(out["home"], limits[1], limits[0]), limits[2])


def means(libraries: Sequence[World], questions: Sequence[str], store: VectorStore) -> Centre:
    """Return the mean vectors of all questions and of all passages that are learned from."""
    texts = list(
        dict.fromkeys(passage_part(passage.text) for library, _, _ in libraries for passage in library.passages)
    )
    passages = np.array(list(store.embed(texts).values()))
    asked = store.encoder.questions([question_part(question) for question in questions])
    return Centre(asked.mean(axis=0), passages.mean(axis=0))


def write(path: Path, matcher: Matcher, measured: Mapping[str, Any]) -> None:
    """Write the weights, with the figures of the folds."""
    data = {
        "encoder": matcher.encoder,
        "home": sorted(matcher.home),
        "folds": measured,
        "centre": {"question": _short(matcher.centre.question), "passage": _short(matcher.centre.passage)},
        "turned": [[_short(row) for row in part] for part in matcher.centre.turned or ()],
    }
    for name, names in (("both", NAMES), ("words", WORDS)):
        reader: Reader = getattr(matcher, name)
        data[name] = {
            "columns": names,
            "sure": reader.sure,
            "sure_at_home": reader.sure_at_home,
            "near": reader.near,
            **{each: getattr(reader, each).as_dict() for each in ("passage", "answers", "matter")},
        }
    path.write_text(written(data), "utf-8")


def written(data: Mapping[str, Any]) -> str:
    """Return it as JSON, a column of weights a line, so that a change can be read."""
    text = json.dumps(data, ensure_ascii=False, indent=0) + "\n"
    return re.sub(r"\[\n([^\[\]]*)\n\]", lambda column: f"[{' '.join(column[1].splitlines())}]", text)


def _short(column: np.ndarray) -> list[float]:
    return [float(f"{value:.3g}") for value in column]


if __name__ == "__main__":
    main()
