"""From knowledge/topics.yml to topics. Knows the form of the list; knows no bulletin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.reading.header import problem_at, root_of
from bot.reading.kinds import SAYS
from bot.reading.records import Problem, Topic

_KEYS = ("slug", "name", "asks", "marks")
_MAY_HAVE = ("cases", "says")
_LISTS = ("asks", "marks", "cases", "says")
_ALLOWED = "每个话题有 slug、name、asks（列表）、marks（列表）四项，可以有 cases（列表）、says（列表），没有别的"


def read_topics(path: Path) -> tuple[Topic, ...]:
    """Return the topics in the file.

    Raises ValueError with every problem, one a line, as `path:line: what is wrong; what is allowed`.
    """
    found = parse_topics(path, path.read_bytes())
    problems = [entry for entry in found if isinstance(entry, Problem)]
    if problems:
        raise ValueError("\n".join(map(str, problems)))
    return tuple(entry for entry in found if isinstance(entry, Topic))


def parse_topics(path: Path, data: bytes) -> tuple[Topic | Problem, ...]:
    """Return each entry of the list as a Topic, or what is wrong with it."""
    root = root_of(path, data, allowed=_ALLOWED)
    if isinstance(root, Problem):
        return (root,)
    if not isinstance(root, yaml.SequenceNode) or not root.value:
        return (Problem(path, 1, "不是话题的列表", "每个话题以 `- slug:` 开头"),)
    return tuple(_unique(path, [(node, _topic(path, node)) for node in root.value]))


def _unique(path: Path, entries: list[tuple[yaml.Node, Topic | Problem]]) -> Iterator[Topic | Problem]:
    seen: set[str] = set()
    for node, entry in entries:
        if isinstance(entry, Topic) and entry.slug in seen:
            yield problem_at(path, node, f"话题 '{entry.slug}' 出现了两次", "每个 slug 只能用一次")
            continue
        if isinstance(entry, Topic):
            seen.add(entry.slug)
        yield entry


def _topic(path: Path, node: yaml.Node) -> Topic | Problem:
    """Return one entry as a Topic; the first thing wrong with it as a Problem."""
    if not isinstance(node, yaml.MappingNode):
        return problem_at(path, node, "话题不是一组 `名称: 值`", _ALLOWED)
    values = {str(key.value): value for key, value in node.value}
    for key, value in node.value:
        if key.value not in (*_KEYS, *_MAY_HAVE):
            return problem_at(path, key, f"不认识的项 '{key.value}'", _ALLOWED)
        if isinstance(value, yaml.SequenceNode) != (key.value in _LISTS):
            return problem_at(path, key, f"'{key.value}' 的类型不对", _ALLOWED)
    missing = [key for key in _KEYS if key not in values]
    if missing:
        return problem_at(path, node, f"缺少 '{missing[0]}'", _ALLOWED)
    wrong = _bad_slug(path, values["slug"]) or _bad_mark(path, values["marks"]) or _bad_says(path, values.get("says"))
    return wrong or _made(values)


def _made(values: dict[str, yaml.Node]) -> Topic:
    return Topic(
        slug=values["slug"].value,
        name=values["name"].value,
        asks=_strings(values["asks"]),
        marks=_strings(values["marks"]),
        cases=_strings(values["cases"]) if "cases" in values else (),
        says=_strings(values["says"]) if "says" in values else (),
    )


def _strings(node: yaml.Node) -> tuple[str, ...]:
    return tuple(str(item.value) for item in node.value)


def _bad_slug(path: Path, node: yaml.Node) -> Problem | None:
    if re.fullmatch(r"[a-z][a-z0-9_]*", node.value):
        return None
    return problem_at(path, node, f"slug '{node.value}' 不合格", "小写英文字母、数字和下划线，以字母开头")


def _bad_mark(path: Path, node: yaml.Node) -> Problem | None:
    for item in node.value:
        try:
            re.compile(str(item.value))
        except re.error:
            return problem_at(path, item, f"'{item.value}' 不是正则表达式", "marks 里写正则表达式")
    return None


def _bad_says(path: Path, node: yaml.Node | None) -> Problem | None:
    for item in node.value if node is not None else ():
        if item.value not in SAYS:
            return problem_at(path, item, f"says 里的 '{item.value}' 不存在", f"只能是 {'、'.join(SAYS)}")
    return None
