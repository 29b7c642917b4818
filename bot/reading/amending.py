"""Writing and changing a sidecar's text: one entry at a time, everything else - comments too - as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import yaml

# What an entry may be set to: words, a day, the lines to keep, where passages begin, what is said of passages.
Value = (
    str
    | date
    | Sequence[int | str]
    | Mapping[int, Sequence[str]]
    | Mapping[str, Sequence[str]]
    | Mapping[str, Mapping[str, str | date | list[str]]]
)


def compose(comments: Sequence[str], entries: Mapping[str, Value]) -> str:
    """Return a sidecar's text: the comments, then the entries."""
    lines = [f"# {comment}" for comment in comments]
    lines += [f"{key}: {_written(value)}" for key, value in entries.items()]
    return "".join(f"{line}\n" for line in lines)


def amend(text: str, key: str, value: Value) -> str:
    """Return `text` with `key` set to `value`: in its place where it stands already, else at the end.

    Raises ValueError when `text` is no YAML, or is not one entry a line.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ValueError("不是合格的 YAML") from error
    if root is not None and (not isinstance(root, yaml.MappingNode) or root.flow_style):
        raise ValueError("不是一行一项 `名称: 值`")
    for name, node in root.value if root is not None else ():
        if name.value == key:
            begin, end = node.start_mark.index, node.end_mark.index
            return text[:begin] + _written(value) + ("\n" if text[begin:end].endswith("\n") else "") + text[end:]
    gap = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{gap}{key}: {_written(value)}\n"


def without(text: str, key: str) -> str:
    """Return `text` without an entry; as it is where it has none. Raises ValueError as `amend` does."""
    amend(text, key, "")  # whether it may be changed at all
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    for name, node in root.value if root is not None else ():
        if name.value == key:
            begin, end = name.start_mark.index, node.end_mark.index
            line_end = text.find("\n", end)
            end = end if text[begin:end].endswith("\n") else (line_end + 1 if line_end >= 0 else len(text))
            return text[:begin] + text[end:]
    return text


def _written(value: Value) -> str:
    """Return a value as YAML writes it on one line, in quotes where it needs them."""
    dumped = yaml.safe_dump(value, allow_unicode=True, width=1_000_000, default_flow_style=True, sort_keys=False)
    return str(dumped).removesuffix("\n").removesuffix("\n...")
