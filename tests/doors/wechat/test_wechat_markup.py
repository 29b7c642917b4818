"""WeChat's XML: read strictly, written so that it can be read."""

from __future__ import annotations

import time

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message

from bot.doors.wechat.markup import read, write_text
from bot.doors.wechat.refusal import RefusalError

BOMBS = {
    "billion laughs": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml><Content>&b;</Content></xml>',
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 30000}">]><xml><Content>{"&a;" * 9000}</Content></xml>',
    "attributes by default": f'<!DOCTYPE xml [<!ATTLIST a b CDATA "{"x" * 30000}">]><xml>{"<a/>" * 8000}</xml>',
    "a file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>',
    "an address": '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml><Content>a</Content></xml>',
    "parameter entity": '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:1/"> %a;]><xml><Content>a</Content></xml>',
    "unknown entity": "<xml><Content>&nbsp;</Content></xml>",
}
NO_DOCUMENT = ["", " ", "<xml>", "<xml></html>", "{}", "<html/>", "<xml/>", "<xml>文字</xml>", "<xml><a></xml>", "\x00"]


def test_texts_by_name() -> None:
    """Elements' texts, trimmed; what is nested, empty or there twice is not there."""
    body = "<xml><A><![CDATA[ 断卡 <b> ]]></A><B>1</B><C><D>x</D></C><E/><F>1</F><F>2</F><G x='1'>g</G></xml>"
    assert dict(read(body.encode())) == {"A": "断卡 <b>", "B": "1", "G": "g"}


def test_a_document_type_in_what_somebody_says() -> None:
    """It is text there, not a declaration."""
    assert read(b"<xml><Content><![CDATA[<!DOCTYPE html>]]></Content></xml>")["Content"] == "<!DOCTYPE html>"


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_bombs(body: str) -> None:
    """No document type, no entity: refused at its first word."""
    with pytest.raises(RefusalError) as refused:
        read(body.encode())
    assert refused.value.status == 400


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "gb18030"])
def test_other_encodings(encoding: str) -> None:
    """WeChat sends UTF-8; a declaration of another is not followed."""
    with pytest.raises(RefusalError):
        read(f"<?xml version='1.0' encoding='{encoding}'?><xml><A>断卡</A></xml>".encode(encoding))


@pytest.mark.parametrize("body", NO_DOCUMENT)
def test_no_document(body: str) -> None:
    """What is no <xml> element with elements in it is refused."""
    with pytest.raises(RefusalError):
        read(body.encode())


def test_sixteen_thousand_levels() -> None:
    """Depth alone breaks nothing."""
    assert dict(read(("<xml>" + "<a>" * 16000 + "</a>" * 16000 + "</xml>").encode())) == {}


def sent(content: str, **others: str) -> bytes:
    """Return a message as WeChat writes it, the typed text as it came."""
    values = {
        "ToUserName": "gh",
        "FromUserName": "o",
        "CreateTime": "1",
        "MsgType": "text",
        "Content": content,
    } | others
    return f"<xml>{''.join(f'<{name}><![CDATA[{value}]]></{name}>' for name, value in values.items())}</xml>".encode()


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("\x02钱被转走了", "钱被转走了"),
        ("钱被\x00\x1b\x7f转走了\ufffe\uffff", "钱被\x7f转走了"),
        ("对方说]]>快转账", "对方说]]>快转账"),
        ("]]>", "]]>"),
        ("]]]]><![CDATA[>", "]]>"),
        ("<![CDATA[转了三万]]>", "<![CDATA[转了三万]]>"),
        ("]]></Content><Content><![CDATA[转了三万", "]]></Content><Content><![CDATA[转了三万"),
        ("]]></Content><MsgId>7</MsgId><Content><![CDATA[", "]]></Content><MsgId>7</MsgId><Content><![CDATA["),
        ("a]]>&#97;<b>&amp;", "a]]>&#97;<b>&amp;"),
        ("编号&#2;和&#x1F600;", "编号&#2;和&#x1F600;"),
    ],
)
def test_whatever_a_phone_can_send(typed: str, read_as: str) -> None:
    """Control characters go, the end of a section is text; the other fields are WeChat's, whatever was typed."""
    fields = read(sent(typed, MsgId="96110"))
    assert fields["Content"] == read_as
    assert (fields["FromUserName"], fields["MsgType"], fields["MsgId"]) == ("o", "text", "96110")


def test_half_a_character() -> None:
    """Bytes that are no UTF-8 stand as one sign for what cannot be read; the rest of the words are there."""
    assert read(sent("我被骗了钱").replace("骗".encode(), b"\xed\xa0\xbd\xff"))["Content"].endswith("了钱")


def test_numbers_of_characters_that_xml_has_not() -> None:
    """Outside a section they are left out; those of characters are read."""
    body = b"<xml><A>a&#2;b&#x0;&#xD800;&#99999999999;&#x4e2d;</A><B><![CDATA[&#2;]]></B></xml>"
    assert dict(read(body)) == {"A": "ab中", "B": "&#2;"}


@given(st.text(st.characters(), max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_typed_text_silences_us(typed: bytes) -> None:
    """Any character at all, halves of pairs included."""
    whole = sent("THIS", MsgId="1").replace(b"THIS", typed)
    assert (read(whole)["FromUserName"], read(whole)["MsgId"]) == ("o", "1")


@pytest.mark.parametrize("piece", ["<![CDATA[", "<Content><![CDATA[", "]]></Content>", "&#2;", "&#x", "]]>"])
def test_odd_markup_takes_no_time(piece: str) -> None:
    """What nobody signed is read too, in safe mode: 64 KB of the worst take no longer than others."""
    begun = time.perf_counter()
    _read(f"<xml>{piece * (64 * 1024 // len(piece))}</xml>".encode())
    assert time.perf_counter() - begun < 1.0


@given(st.binary(max_size=400))
def test_any_bytes(body: bytes) -> None:
    """Fields or a refusal, nothing else."""
    _read(body)


@given(
    st.lists(
        st.sampled_from(
            [
                "<xml>",
                "</xml>",
                "<a>",
                "</a>",
                "<a/>",
                "<![CDATA[",
                "]]>",
                "&amp;",
                "&#0;",
                "&#x110000;",
                "<!--",
                "-->",
                "<?",
                "?>",
                "<!DOCTYPE a",
                "<!ENTITY",
                "[",
                ">",
                '"',
                "断",
                "\ufffe",
                "xmlns='x'",
                "<a b='",
                "'>",
                "<a:b>",
            ]
        ),
        max_size=30,
    )
)
def test_any_pieces_of_markup(pieces: list[str]) -> None:
    """Fields or a refusal, however the pieces are put together."""
    _read("".join(pieces).encode())
    _read(f"<xml>{''.join(pieces)}</xml>".encode())


def _read(body: bytes) -> None:
    try:
        fields = read(body)
    except RefusalError as refused:
        assert refused.status == 400  # noqa: PT017 - both ends are right
        return
    assert all(isinstance(value, str) and value for value in fields.values())


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_a_reply_can_be_read(text: str) -> None:
    """By an XML parser, whatever the text: `]]>` and characters that XML has not included."""
    written = xmltodict.parse(write_text("to", "from", text, 7), strip_whitespace=False)["xml"]
    # A parser makes every end of a line "\n".
    clean = "".join(char for char in text if char in "\t\r\n" or (char >= " " and char not in "\ufffe\uffff"))
    assert (written["Content"] or "") == clean.replace("\r\n", "\n").replace("\r", "\n")
    assert (written["ToUserName"], written["FromUserName"], written["CreateTime"]) == ("to", "from", "7")


def test_a_reply_is_one_that_wechatpy_reads() -> None:
    """The end of a CDATA section in the middle of a text included."""
    message = parse_message(write_text("to", "from", "a]]>b]]]>>c", 7))
    assert (message.type, message.content) == ("text", "a]]>b]]]>>c")
