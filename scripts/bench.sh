#!/bin/sh
# Measures everything in one run, one program after the other, and writes reports/*.json and reports/*.png.
# The retriever's peers live in an environment of their own, .cache/bench, which is brought up to date with bench/requirements.lock.
set -eu
cd "$(dirname "$0")/.."
lock=bench/requirements.lock
peers=.cache/bench
stard=${DUANKA_STARD:-../shared/bench/stard}

say() { printf '%s\n' "$*" >&2; }
find_uv() {
    for uv in uv "$HOME/.local/bin/uv" "$PWD/.cache/uv/bin/uv"; do
        if "$uv" --version >/dev/null 2>&1; then echo "$uv"; return; fi
    done
    say '没有找到 uv：请先运行 make setup。'
    return 1
}

if ! cmp -s "$lock" "$peers/installed.lock"; then
    say '正在准备对照用的环境（.cache/bench）……'
    uv=$(find_uv)
    [ -x "$peers/bin/python" ] || "$uv" venv --quiet --python .venv/bin/python "$peers"
    "$uv" pip sync --quiet --python "$peers/bin/python" "$lock"
    cp "$lock" "$peers/installed.lock"
fi
mkdir -p reports

failed=
# Runs a program when it is there; what it prints is kept beside its figures. One that fails stops no other.
measure() {
    name=$1; shift
    say "正在测量：$name（过程在 reports/$name.log）"
    "$@" >"reports/$name.log" 2>&1 || { failed="$failed $name"; say "没有测成：$name"; tail -n 3 "reports/$name.log" >&2; }
}
if [ -d "$stard" ]; then
    measure retriever "$peers/bin/python" bench/retriever.py
    measure service .venv/bin/python bench/service.py
else
    say "没有 STARD（$stard；可用 DUANKA_STARD 指明）：检索一项没有测。"
    failed="$failed retriever"
fi
[ ! -f bench/assistant.py ] || measure assistant .venv/bin/python bench/assistant.py
[ ! -f bench/replicas.py ] || measure replicas env PYTHONPATH=. .venv/bin/python bench/replicas.py
[ -z "$failed" ] || { say "没有测成：$failed"; exit 1; }
say '全部测完：reports/ 里有数字（json）和图（png），docs/performance.md 说明怎么看。'
