#!/bin/sh
# Brings .venv up to date with .python-version, pyproject.toml and a lock. Does nothing when it is; safe to run again
# after it was interrupted. `setup.sh`: with the tools of development and tests; `setup.sh service`: what the service
# needs, unless the tools are there already; `setup.sh ocr`: what reads pictures and scans too.
set -eu
cd "$(dirname "$0")/.."
version=$(cat .python-version)
stamp=.venv/.duanka-installed
lock=requirements-dev.lock
case "${1:-}" in service | ocr) [ -e .venv/bin/pytest ] || lock=requirements.lock ;; esac

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
fits() { "$1" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; }
first_line_is() { [ "$(head -n 1 "$1" 2>/dev/null)" = "$2" ]; }
# Who asked once for reading pictures (`setup.sh ocr`, make ocr) has it from then on.
ocr=.cache/with-ocr
if [ "${1:-}" = ocr ]; then mkdir -p .cache; touch "$ocr"; fi
# A folder that was moved needs a new environment: its programs hold their own path.
wanted() { pwd; cat .python-version pyproject.toml "$lock" dense.lock scripts/setup.sh; [ ! -e "$ocr" ] || cat ocr.lock; }

if fits .venv/bin/python && wanted | cmp -s - "$stamp"; then exit 0; fi

pyenv_pythons() { ls -d "${PYENV_ROOT:-$HOME/.pyenv}"/versions/$1/bin/python3 2>/dev/null || true; }

# Any Python that works is good enough to install uv with; a pyenv shim may be one that does not.
any_python() {
    for python in python3 /usr/bin/python3 $(pyenv_pythons '*'); do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then echo "$python"; return; fi
    done
    fail '没有找到 python3：请先安装（Debian/Ubuntu：sudo apt-get install python3 python3-venv），再运行一次。'
}

find_uv() {
    for uv in uv "$HOME/.local/bin/uv" "$PWD/.cache/uv/bin/uv"; do
        if "$uv" --version >/dev/null 2>&1; then echo "$uv"; return; fi
    done
    return 1
}

install_uv() {
    say '正在安装 uv（管理 Python 环境的工具，通常几秒钟）……'
    python=$(any_python)
    rm -rf .cache/uv
    mkdir -p .cache
    if "$python" -m venv .cache/uv >/dev/null 2>&1; then
        .cache/uv/bin/python -m pip install --quiet uv >&2 || fail '安装 uv 没有成功：请看上面的原因（多半是网络），再运行一次。'
    elif "$python" -m pip --version >/dev/null 2>&1; then
        rm -rf .cache/uv
        "$python" -m pip install --quiet --target .cache/uv uv >&2 || fail '安装 uv 没有成功：请看上面的原因（多半是网络），再运行一次。'
    else
        rm -rf .cache/uv
        fail '这个 Python 既没有 venv 也没有 pip：请先安装（Debian/Ubuntu：sudo apt-get install python3-venv），再运行一次。'
    fi
}

# The one that is wished for, by DUANKA_PYTHON: one in somebody's home serves nobody else.
find_python() {
    if [ -n "${DUANKA_PYTHON:-}" ]; then
        fits "$DUANKA_PYTHON" && { echo "$DUANKA_PYTHON"; return; }
        fail "DUANKA_PYTHON=$DUANKA_PYTHON 不是 Python $version。"
    fi
    found=$("$uv" python find --system --no-python-downloads "$version" 2>/dev/null) || found=
    for python in $found $(pyenv_pythons "$version*"); do
        if fits "$python"; then echo "$python"; return; fi
    done
    say "没有找到 Python $version，正在下载（通常一分钟）……"
    "$uv" python install "$version" >/dev/null 2>&1 && "$uv" python find --system "$version" && return
    fail "没有 Python $version，也没能下载：请安装后再运行一次（例如 pyenv install $version，或联网后 $uv python install $version）。"
}

# uv does not read pip's settings: whoever set an index (a mirror) for pip means it for this too.
use_index_of_pip() {
    [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}${UV_INDEX:-}${UV_CONFIG_FILE:-}" ] || return 0
    [ ! -f "${XDG_CONFIG_HOME:-$HOME/.config}/uv/uv.toml" ] && [ ! -f /etc/uv/uv.toml ] || return 0
    index=${PIP_INDEX_URL:-$("$(any_python)" -m pip config get global.index-url 2>/dev/null || true)}
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
}

install_packages() {
    say '正在安装依赖（首次通常一到五分钟，下载约 0.5 GB；之后几秒钟）……'
    [ -t 2 ] && quiet= || quiet=--quiet
    export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-300}"
    "$uv" pip sync $quiet --python .venv/bin/python "$lock" &&
        "$uv" pip install $quiet --python .venv/bin/python --no-deps --no-build-isolation -e . ||
        fail '安装依赖没有成功：请看上面的原因（多半是网络），再运行一次。'
    "$uv" pip install $quiet --python .venv/bin/python --no-deps --require-hashes -r dense.lock ||
        say '按意思检索用的模型没有装上（这台机器没有现成的包，也没有编译器）：照常运行，只按字词检索。'
    [ ! -e "$ocr" ] || "$uv" pip install $quiet --python .venv/bin/python --no-deps --require-hashes -r ocr.lock ||
        say '识别图片文字的部分没有装上：请看上面的原因（多半是网络），再运行一次 make ocr；别的照常。'
}

uv=$(find_uv) || { install_uv; uv=$(find_uv) || fail '安装的 uv 不能运行：请另行安装 uv，再运行一次。'; }
if ! fits .venv/bin/python || { [ -f "$stamp" ] && ! first_line_is "$stamp" "$PWD"; }; then
    python=$(find_python)
    rm -rf .venv
    "$uv" venv --quiet --python "$python" .venv
fi
use_index_of_pip
rm -f "$stamp"
install_packages
# A plain `rasa shell` does without TensorFlow too.
patch=bot.rasa.patches.without_tensorflow
echo "import $patch; $patch.leave_tensorflow_out()" >"$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/duanka.pth"
mkdir -p .cache/logs
wanted >"$stamp"
case "$PWD/" in "$HOME"/*) ;; *)
    case "$(readlink -f .venv/bin/python)" in "$HOME"/*)
        say "注意：这里的 Python 在 $HOME 里，别的用户用不了。给服务用户运行，见 docs/deployment.md（DUANKA_PYTHON）。" ;;
    esac ;;
esac
say '运行环境已就绪。'
