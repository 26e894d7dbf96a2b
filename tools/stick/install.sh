#!/bin/sh
# Finds a Python that the course runs on, and starts install.py with it.
cd "$(dirname "$0")" || exit 1
for name in python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null 2>&1; then
        version=$("$name" -c 'import platform; print(".".join(platform.python_version_tuple()[:2]))')
        for list in wheels/*-"$version".txt; do
            [ -e "$list" ] && exec "$name" install.py "$@"
        done
    fi
done
echo "No Python found that this stick has wheels for: see README.txt, and python.org."
exit 1
