#!/usr/bin/env python3
"""Checks web/: types (tsc), format and lint (Biome), and that its folders import only what they may.

Compiler and linter come from npm by ./dev lint (tools/packages.sh), for x86-64; without them the folders alone are checked.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "piste"
# Folder of web/src: the folders whose files it may import. Nobody imports screens but main.tsx.
FOLDERS = {
    "core": [],
    "words": [],
    "capture": ["core"],
    "player": ["core"],
    "lanes": ["core"],
    "ui": ["core", "words"],
    "screens": ["core", "words", "capture", "player", "lanes", "ui"],
}
# Library: the folders that may name it.
LIBRARIES = {
    "valibot": ["core", "capture"],
    "uplot": ["lanes"],
    "preact": ["ui", "screens", "."],
    "@preact/signals": ["words", "ui", "screens", "."],
}
IMPORT = re.compile(r"""(?m)(?:^(?:import|export|\})[^'"\n]*\sfrom\s+|^import\s+|\bimport\()['"]([^'"]+)['"]""")


def folder_of(path):
    parts = path.relative_to(WEB / "src").parts
    return parts[0] if len(parts) > 1 else "."


def violations():
    for path in sorted((WEB / "src").rglob("*.ts*")):
        here = folder_of(path)
        if here != "." and here not in FOLDERS:
            yield f"{path}: no rule for the folder '{here}'"
            continue
        for target in IMPORT.findall(path.read_text()):
            if not target.startswith("."):
                owners = next((LIBRARIES[name] for name in (target, target.split("/")[0]) if name in LIBRARIES), [])
                if here not in owners:
                    yield f"{path}: '{target}' is for {', '.join(owners) or 'nobody'}"
                continue
            there = folder_of((path.parent / target).resolve())
            if here != "." and there not in [here, *FOLDERS[here]]:
                yield f"{path}: '{here}' must not import '{target}'"


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=WEB)
    return [] if done.returncode == 0 else [done.stdout + done.stderr]


def types(compiler):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as settings:
        libraries = str(CACHE / "web-built/node_modules/*")
        json.dump({"extends": str(WEB / "tsconfig.json"), "compilerOptions": {"paths": {"*": [libraries]}},
                   "include": [str(WEB / "src"), str(WEB / "test")]}, settings)
        settings.flush()
        return run(compiler, "-p", settings.name)


def check():
    found = list(violations())
    checked = CACHE / "web-checked/node_modules"
    compiler = checked / "@typescript/typescript-linux-x64/lib/tsc"
    if compiler.exists():
        found += types(compiler)
        found += run(checked / "@biomejs/cli-linux-x64/biome", "check", ".")
    else:
        print("the page's types and format are not checked here: the checkers are for x86-64 (./dev lint fetches them)")
    return found


if __name__ == "__main__":
    faults = check()
    print("\n".join(faults) if faults else "web/ is clean")
    sys.exit(1 if faults else 0)
