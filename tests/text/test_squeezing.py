"""What "word for word" means."""

from __future__ import annotations

from bot.text.squeezing import is_verbatim, squeeze


def test_only_white_space_emphasis_and_images_are_ignored() -> None:
    """Every other character counts."""
    assert squeeze("甲 **乙**\u200b\n![图](a\nb.png)丙\ufeff，[丁](e)") == "甲乙丙，[丁](e)"


def test_verbatim_means_one_unbroken_piece() -> None:
    """Two halves of a source are not a quote of it, and nothing is not one either."""
    source = squeeze("甲乙。\n来源：某地\n丙丁。")
    assert is_verbatim("甲 乙。", source)
    assert not is_verbatim("甲乙。丙丁。", source)
    assert not is_verbatim(" ", source)
