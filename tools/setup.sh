#!/usr/bin/env bash
# Make or complete the environment: setup.sh runtime|test|slow. Called by the Makefile, which knows when it is needed.
set -euo pipefail
level=$1
cd "$(dirname "$0")/.."

if [ "$level" = runtime ]; then
    if ! command -v "$PYTHON" >/dev/null; then
        echo "找不到 $PYTHON；请先安装 Python 3.11 或更新版本（Debian：apt-get install python3 python3-venv）。" >&2; exit 2
    fi
    if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        echo "$("$PYTHON" --version) 太旧，需要 Python 3.11 或更新版本；可用 make PYTHON=python3.11 指定。" >&2; exit 2
    fi
    if ! "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null; then
        echo "$PYTHON 缺少 venv 模块；请先安装（Debian：apt-get install python3-venv）。" >&2; exit 2
    fi
    echo "正在建立环境 $VENV（首次约需一至三分钟）……"
    [ -x "$VENV/bin/python" ] || "$PYTHON" -m venv "$VENV"
    lock=requirements.lock
else
    echo "正在补装测试所需的程序包（$level）……"
    lock=requirements-$level.lock
fi

"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$lock"
if [ "$level" = runtime ]; then
    # Editable, so that the checked-out code is the code that runs; its requirements are already there.
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
    "$VENV/bin/shuangjian" fonts --get
fi
touch "$VENV/.$level"
