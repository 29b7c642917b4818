"""From knowledge/later.yml to the rules that came after the bulletins: their names, since when, on what topics."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

import yaml

from bot.reading.header import parse_date, problem_at, root_of
from bot.reading.records import LaterRule, Problem

_KEYS = ("name", "since", "topics")
_MAY_HAVE = "short"
_ALLOWED = "每条规定有 name、since（日期）、topics（列表）三项，可以有 short（简称），没有别的"


def read_later(path: Path, slugs: Collection[str]) -> tuple[LaterRule, ...]:
    """Return the rules in the file, the oldest first; none where there is no such file. `slugs` are the topics' own.

    Raises ValueError with every problem, one a line, as `path:line: what is wrong; what is allowed`.
    """
    if not path.is_file():
        return ()
    found = parse_later(path, path.read_bytes(), slugs)
    problems = [entry for entry in found if isinstance(entry, Problem)]
    if problems:
        raise ValueError("\n".join(map(str, problems)))
    return tuple(sorted((entry for entry in found if isinstance(entry, LaterRule)), key=lambda rule: rule.since))


def parse_later(path: Path, data: bytes, slugs: Collection[str]) -> tuple[LaterRule | Problem, ...]:
    """Return each entry of the list as a rule, or what is wrong with it."""
    root = root_of(path, data, allowed=_ALLOWED)
    if isinstance(root, Problem):
        return (root,)
    if root is None:
        return ()
    if not isinstance(root, yaml.SequenceNode):
        return (problem_at(path, root, "不是规定的列表", "每条规定以 `- name:` 开头"),)
    return tuple(each for node in root.value for each in _rule(path, node, slugs))


def _rule(path: Path, node: yaml.Node, slugs: Collection[str]) -> Iterator[LaterRule | Problem]:
    """Yield one entry as a rule, or everything that is wrong with it."""
    if not isinstance(node, yaml.MappingNode):
        yield problem_at(path, node, "规定不是一组 `名称: 值`", _ALLOWED)
        return
    values = {str(key.value): value for key, value in node.value}
    problems = [
        problem_at(path, key, f"不认识的项 '{key.value}'", _ALLOWED)
        for key, _ in node.value
        if key.value not in (*_KEYS, _MAY_HAVE)
    ]
    problems += [problem_at(path, node, f"缺少 '{key}'", _ALLOWED) for key in _KEYS if key not in values]
    name, since, topics = (values.get(key) for key in _KEYS)
    short = values.get(_MAY_HAVE)
    for key, node_of, allowed in (("name", name, "写规定的名称"), (_MAY_HAVE, short, "写规定的简称")):
        if node_of is not None and not (isinstance(node_of, yaml.ScalarNode) and node_of.value.strip()):
            problems.append(problem_at(path, node_of, f"'{key}' 不是文字", allowed))
    day = parse_date(since.value) if isinstance(since, yaml.ScalarNode) else None
    if since is not None and day is None:
        problems.append(problem_at(path, since, "'since' 不是日期", "写开始施行的日期，如 2024-12-01"))
    problems += _strangers(path, topics, slugs)
    if problems:
        yield from problems
    elif isinstance(name, yaml.ScalarNode) and isinstance(day, date) and isinstance(topics, yaml.SequenceNode):
        called = short.value.strip() if isinstance(short, yaml.ScalarNode) else ""
        yield LaterRule(name.value.strip(), day, tuple(str(item.value) for item in topics.value), called)


def _strangers(path: Path, node: yaml.Node | None, slugs: Collection[str]) -> Iterator[Problem]:
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        yield problem_at(path, node, "'topics' 不是列表", "写成 [penalty]")
        return
    for item in node.value:
        if item.value not in slugs:
            yield problem_at(path, item, f"话题 '{item.value}' 不存在", f"只能是 {'、'.join(slugs)}")
