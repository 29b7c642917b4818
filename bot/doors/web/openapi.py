"""The web channel's calls as an OpenAPI document, built of the schemas that validate them."""

from __future__ import annotations

from typing import Any

from bot.doors.web.schema import SCHEMAS

Part = dict[str, Any]


def document(version: str) -> Part:
    """Return the OpenAPI 3.1 document; paths are relative to where it is served."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "断卡问答：网页渠道",
            "version": version,
            "description": "只引用已公布的通报原文来回答，并注明出处。4xx 和 5xx 的回复是一句中文和报警电话。",
        },
        "servers": [{"url": "."}],
        "paths": {
            "/session": {"post": _session()},
            "/message": {"post": _message()},
            "/history": {"get": _history()},
            "/feedback": {"post": _feedback()},
            "/erase": {"post": _erase()},
            "/topics": {"get": _call("欢迎语里的话题，以及发布过通报的地方", {"200": _json("Topics")})},
        },
        "components": {
            "schemas": dict(SCHEMAS),
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _session() -> Part:
    return _call("开始一次会话", {"201": _json("Session"), **_errors("400", "413", "429")}, body="Empty")


def _message() -> Part:
    told = "同一个 id 再发一次，得到同一个回复，不会多问一遍；同一次会话的话按先后回答。"
    responses = {"200": _json("Turn"), **_errors("400", "401", "409", "413", "429")}
    return {**_call("问一句话", responses, body="Message"), "description": told}


def _history() -> Part:
    told = "从早到晚，最多 200 轮。reply 为 null 的一轮还在回答：用它的 id 和 text 再发一次，就会等到回复。"
    responses = {"200": _json("History"), **_errors("401", "503")}
    return {**_call("这次会话里说过的话", responses), "description": told, "security": [{"session": []}]}


def _feedback() -> Part:
    responses = {"204": {"description": "记下了"}, **_errors("400", "401", "404", "413", "503")}
    return {**_call("这个回复有没有帮助；后一次代替前一次", responses, body="Feedback")}


def _erase() -> Part:
    told = "问过的话、得到的回复、评价，全部从数据库里删掉并覆盖；这个会话随之失效。"
    responses = {"204": {"description": "删掉了"}, **_errors("400", "401", "413", "503")}
    return {**_call("删除这次会话的一切", responses, body="Erase"), "description": told}


def _call(summary: str, responses: Part, body: str | None = None) -> Part:
    call: Part = {"summary": summary, "responses": responses}
    if body:
        call["requestBody"] = {"required": True, "content": _content(body)}
    return call


def _json(name: str) -> Part:
    return {"description": name, "content": _content(name)}


def _errors(*statuses: str) -> Part:
    return {status: {"description": "一句中文，也写明电话", "content": _content("Error")} for status in statuses}


def _content(name: str) -> Part:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
