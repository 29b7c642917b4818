"""The charts: SVG that says its numbers and names as text, loads nothing, and is the same for the same figures."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.doors.desk.charts import by_hour, by_name

DAY = [0] * 8 + [3, 12, 7] + [0] * 13
TOPICS = [("处罚与后果", 12), ("身份证丢失", 3), ("其他", 0)]
NAMES = "{http://www.w3.org/2000/svg}"


def texts(svg: bytes) -> list[str]:
    """Return what the chart says, in order; it must be well-formed."""
    return ["".join(element.itertext()).strip() for element in ET.fromstring(svg).iter(f"{NAMES}text")]


def test_the_hours() -> None:
    """Every third hour is named; counts are whole numbers."""
    said = texts(by_hour(DAY))
    assert [word for word in said if ":" in word] == [f"{hour}:00" for hour in range(0, 24, 3)]
    assert {"0", "10"} <= set(said)
    assert not any("." in word for word in said)


@pytest.mark.parametrize("draw", [lambda: by_hour(DAY), lambda: by_name(TOPICS)])
def test_it_hides_what_is_behind_it(draw: Callable[[], bytes]) -> None:
    """White paper of its own: behind it stands that it is being drawn."""
    first = next(iter(ET.fromstring(draw()).iter(f"{NAMES}path")))
    assert "fill: #ffffff" in first.attrib["style"]


@pytest.mark.parametrize("draw", [lambda: by_hour(DAY), lambda: by_name(TOPICS)])
def test_readable_on_a_phone(draw: Callable[[], bytes]) -> None:
    """Shrunk to a screen of 343 pixels beside its margins, letters are still of ten and more."""
    svg = draw()
    width = float(ET.fromstring(svg).attrib["width"].removesuffix("pt"))
    sizes = [float(size) for size in re.findall(rb"font: (\d+)px", svg)]
    assert sizes
    assert min(sizes) * 343 / width >= 10


def test_the_topics() -> None:
    """Each name with its count, as text, so that the browser's own Chinese font shows it."""
    said = texts(by_name(TOPICS))
    assert {"处罚与后果", "身份证丢失", "其他", "12", "3", "0"} <= set(said)
    assert b"'sans-serif'" not in by_name(TOPICS)


@pytest.mark.parametrize("draw", [lambda: by_hour([0] * 24), lambda: by_name([]), lambda: by_name([("一", 0)])])
def test_nothing_to_show(draw: Callable[[], bytes]) -> None:
    """An empty chart is a chart."""
    assert ET.fromstring(draw()).tag == f"{NAMES}svg"


def test_names_are_text_and_nothing_else() -> None:
    """Neither markup nor a formula comes of a name."""
    hostile = "<script>alert(1)</script>&$\\frac{1}{2}$"
    svg = by_name([(hostile, 1)])
    assert hostile in texts(svg)
    assert b"<script" not in svg


def test_nothing_is_loaded() -> None:
    """No address but those that name the format; nothing runs."""
    for svg in (by_hour(DAY), by_name(TOPICS)):
        text = svg.decode()
        assert set(re.findall(r"https?://[^\"\s]+", text)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
            "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd",
            "http://purl.org/dc/elements/1.1/",
            "http://creativecommons.org/ns#",
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
            "http://purl.org/dc/dcmitype/StillImage",
        }
        assert "<script" not in text
        assert "@import" not in text


def test_many_at_once_are_as_one_alone() -> None:
    """A page asks for two charts at the same moment: each comes out as when drawn alone."""
    alone = [by_hour(DAY), by_name(TOPICS)]
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda number: (by_hour(DAY), by_name(TOPICS))[number % 2], range(16)))
    assert drawn == alone * 8
