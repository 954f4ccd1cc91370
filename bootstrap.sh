#!/bin/sh
# Makes .venv with exactly what the lock names, from a machine that has nothing but Python.
#
#   sh bootstrap.sh run        what Regulars needs to run
#   sh bootstrap.sh dev        the same, and what its tests and checks need
#   sh bootstrap.sh browser    Chromium, for the tests that look at pages
#
# A second run finds the stamp of the first one and is done at once.
set -eu
cd "$(dirname "$0")"
export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-180}" UV_NO_PROGRESS="${UV_NO_PROGRESS:-1}"
export DEBIAN_FRONTEND=noninteractive

say() { printf '%s\n' "$@" >&2; }

stop() {
    say "" "$@"
    exit 1
}

may_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt() {
    say "Installing with apt: $*"
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >.apt.log 2>&1 || {
        tail -n 15 .apt.log >&2
        stop "apt could not install $*. The whole story is in .apt.log."
    }
    rm -f .apt.log
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    stop "Regulars needs Python 3.11 or newer, and found none." \
        "On Debian or Ubuntu: apt install python3 python3-venv    Or name one: make PYTHON=/path/to/python3 run"
}

make_venv() {
    [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null && return
    python=$(find_python) || exit 1
    say "Making .venv with $("$python" --version)"
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        # Debian keeps venv and pip in packages of their own.
        if may_apt; then
            apt python3-venv
        elif ! "$python" -c 'import pip, venv' 2>/dev/null; then
            stop "This Python has neither venv nor pip. Please ask for them once, as root:" \
                "    apt install python3-venv" "and then say the same make command again."
        fi
    fi
    rm -rf .venv
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv .venv
    else
        "$python" -m venv --without-pip .venv
        : >.venv/pip-is-outside
    fi
    [ ! -e .venv/pip-is-outside ] || printf '%s' "$python" >.venv/pip-is-outside
}

bring_uv() {
    # The lock names uv too: pip installs that one version, by its hash, and uv everything else.
    wanted=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements.lock)
    [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" = "$wanted" ] && return
    sed -n '/^uv==/,/^[^ ]/{/^uv==/p;/^    --hash/p;}' requirements.lock >.venv/uv.txt
    if [ -e .venv/pip-is-outside ]; then
        "$(cat .venv/pip-is-outside)" -m pip --python .venv/bin/python install -q --require-hashes --no-deps -r .venv/uv.txt
    else
        .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.txt
    fi || stop "uv could not be installed: is the package index within reach?"
}

stamp() { cat "$1" pyproject.toml .venv/pyvenv.cfg | cksum; }

is_done() { [ "$(cat ".venv/stamp.$1" 2>/dev/null)" = "$(stamp "$2")" ] && [ -x .venv/bin/regulars ]; }

install() {
    make_venv
    if is_done dev requirements-dev.lock; then return; fi
    if [ "$1" = run ] && is_done run requirements.lock; then return; fi
    bring_uv
    say "Installing what $2 names"
    rm -f .venv/stamp.run .venv/stamp.dev
    .venv/bin/uv pip sync -q --python .venv/bin/python --require-hashes "$2"
    .venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
    stamp "$2" >".venv/stamp.$1"
}

browser() {
    for candidate in chromium chromium-browser google-chrome; do
        if command -v "$candidate" >/dev/null 2>&1; then return; fi
    done
    if may_apt; then
        apt chromium
    else
        stop "The tests that look at pages need Chromium. Please ask for it once, as root:" \
            "    apt install chromium" "and then say the same make command again."
    fi
}

case "${1:-}" in
    run) install run requirements.lock ;;
    dev) install dev requirements-dev.lock ;;
    browser) browser ;;
    *) stop "sh bootstrap.sh run|dev|browser" ;;
esac
