#!/usr/bin/env python3
"""Format, include rules, clang-tidy, shell syntax and the places of deliberate faults over all of our sources, and the page's checks (check_web.py).

clang-tidy is slow, so a file that was found clean is remembered by a hash of itself, its own headers and the checks;
the memory is in the cache folder, outside the build tree. Most of its time goes into headers, so files of one program or
library go through it a few at a time, as one; where that finds something, each goes alone, and that counts.
usage: tools/lint.py BUILD_DIR
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import check_web

ROOT = pathlib.Path(__file__).resolve().parent.parent
BATCH = 8
FOLDERS = ["src", "tests", "bench", "fuzz", "tools", "cmake", "web"]
# What base/mutex.h says of locks, which GCC cannot check.
THREAD_SAFETY = "-Wthread-safety"
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def sources(*suffixes):
    listed = subprocess.run(["git", "ls-files", *FOLDERS], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if line.endswith(suffixes) and (ROOT / line).exists()]


def own_headers(path, seen):
    for name in INCLUDE.findall(path.read_bytes()):
        for base in (ROOT / "src", ROOT, path.parent):
            header = (base / name.decode()).resolve()
            if header.exists() and header not in seen:
                seen.add(header)
                own_headers(header, seen)
    return seen


def fingerprint(path):
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes() + THREAD_SAFETY.encode())
    for part in [path, *sorted(own_headers(path, set()))]:
        digest.update(part.read_bytes())
    return digest.hexdigest()


def compiler_options(command):
    """Those that matter to clang-tidy: not the files, not what only GCC understands, no precompiled headers."""
    words = iter(shlex.split(command)[1:])
    options = []
    for word in words:
        if word in ("-o", "-c", "-include", "-MF", "-MT"):
            next(words)
        elif word not in ("-MD", "-Winvalid-pch") and not word.startswith("--param="):
            options.append(word)
    # GCC's warning options are not all known to clang; std::stable_sort of GCC 12 is deprecated for its own means.
    return tuple(options + ["-Wno-unknown-warning-option", "-Wno-deprecated-declarations",
                            THREAD_SAFETY])


def tidy(source, options, *more):
    command = ["clang-tidy-19", "--quiet", f"--config-file={ROOT / '.clang-tidy'}", *more, str(source), "--", *options]
    run = subprocess.run(command, capture_output=True, text=True)
    return "" if run.returncode == 0 else run.stdout + run.stderr


def tidy_batch(batch, options, memory):
    """What is wrong in these files; the clean ones are remembered. Names that only meet here are no fault: the halves go
    alone then, down to single files, whose word counts."""
    if len(batch) == 1:
        found = tidy(batch[0], options)
    else:
        with tempfile.NamedTemporaryFile("w", suffix=".cpp") as joined:
            joined.write("".join(f'#include "{path}"\n' for path in batch))
            joined.flush()
            found = tidy(joined.name, (*options, "-Wno-shadow"), "--header-filter=.*")
        if found:
            half = len(batch) // 2
            return "".join(tidy_batch(part, options, memory) for part in (batch[:half], batch[half:]))
    if not found:
        for path in batch:
            (memory / fingerprint(path)).touch()
    return found


def batches(build, wanted):
    """Files that are compiled with the same options in the same folder, a few at a time."""
    groups, seen = {}, set()
    for entry in json.loads((pathlib.Path(build) / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if path in wanted and path not in seen:
            seen.add(path)
            groups.setdefault((path.parent, compiler_options(entry["command"])), []).append(path)
    for (_, options), paths in groups.items():
        for begin in range(0, len(paths), BATCH):
            yield paths[begin:begin + BATCH], options


def show(text, last):
    """One line that moves on a terminal."""
    if sys.stdout.isatty():
        print(f"\r\033[K    {text}", end="\n" if last else "", flush=True)
    elif last or int(text.split()[1]) % 10 == 0:
        print(f"    {text}", flush=True)


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build")
    failures = []
    cpp = sources(".cpp", ".h")
    formatted = subprocess.run(["clang-format-19", "--dry-run", "--Werror", *map(str, cpp)], capture_output=True, text=True)
    if formatted.returncode:
        failures.append(formatted.stderr)
    for check in (["tools/check_includes.py"], ["tools/mutate/mutate.py", "--check"]):
        checked = subprocess.run([sys.executable, *check], cwd=ROOT, capture_output=True, text=True)
        if checked.returncode:
            failures.append(checked.stdout)
    for script in [ROOT / "dev", *sources(".sh")]:
        checked = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True)
        if checked.returncode:
            failures.append(checked.stderr)
    failures += check_web.check()
    memory = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "piste" / "lint"
    memory.mkdir(parents=True, exist_ok=True)
    wanted = {path for path in cpp if path.suffix == ".cpp" and not (memory / fingerprint(path)).exists()}
    jobs = int(subprocess.run([ROOT / "tools/jobs.sh"], capture_output=True, text=True, check=True).stdout)
    todo = list(batches(build, wanted))
    done = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = [pool.submit(tidy_batch, batch, options, memory) for batch, options in todo]
        for finished in concurrent.futures.as_completed(running):
            done += 1
            show(f"clang-tidy: {done} of {len(todo)} batches", last=done == len(todo))
            if finished.result():
                failures.append(finished.result())
    print("\n".join(failures) if failures else f"lint: {len(cpp)} files are clean")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
