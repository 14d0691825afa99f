#!/usr/bin/env python3
"""Format, include rules, clang-tidy and shell syntax over all of our sources.

clang-tidy is slow, so a file that was found clean is remembered by a hash of itself, its own headers and the checks;
the memory is in the cache folder, outside the build tree.  usage: tools/lint.py BUILD_DIR
"""
import concurrent.futures
import hashlib
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ["src", "tests", "bench", "fuzz", "tools", "cmake"]
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
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    for part in [path, *sorted(own_headers(path, set()))]:
        digest.update(part.read_bytes())
    return digest.hexdigest()


def tidy(path, build, memory):
    mark = memory / fingerprint(path)
    if mark.exists():
        return ""
    # GCC's warning options are not all known to clang; std::stable_sort of GCC 12 is deprecated for its own means.
    extra = ["--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-deprecated-declarations"]
    command = ["clang-tidy-19", "--quiet", *extra, "-p", build, str(path)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode == 0:
        mark.touch()
        return ""
    return run.stdout + run.stderr


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build")
    failures = []
    cpp = sources(".cpp", ".h")
    formatted = subprocess.run(["clang-format-19", "--dry-run", "--Werror", *map(str, cpp)], capture_output=True, text=True)
    if formatted.returncode:
        failures.append(formatted.stderr)
    includes = subprocess.run([sys.executable, str(ROOT / "tools/check_includes.py")], capture_output=True, text=True)
    if includes.returncode:
        failures.append(includes.stdout)
    for script in [ROOT / "dev", *sources(".sh")]:
        checked = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True)
        if checked.returncode:
            failures.append(checked.stderr)
    memory = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "piste" / "lint"
    memory.mkdir(parents=True, exist_ok=True)
    compiled = (pathlib.Path(build) / "compile_commands.json").read_text()
    units = [path for path in cpp if path.suffix == ".cpp" and f'{path}"' in compiled]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        failures += [found for found in pool.map(lambda path: tidy(path, build, memory), units) if found]
    print("\n".join(failures) if failures else f"lint: {len(cpp)} files are clean")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
