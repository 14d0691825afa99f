#!/usr/bin/env python3
"""Deliberate faults: does a test notice each of them?

All faults of faults.py are put into a copy of the sources at once, each behind a switch of its own, so that one build does
for all; then each is switched on alone and its tests are run. A fault that no test notices is a test that is missing.
First all tests run without a fault: they must pass. By hand or nightly, not in CI: it is a build and a few minutes.

usage: tools/mutate/mutate.py [--build DIR] [--list | --check] [WORD...]    only the faults whose file or text has one of
                                                                            the words
--check builds nothing: does each fault still have its place in the sources, and its tests? ./dev lint asks that.
"""
import argparse
import concurrent.futures
import fnmatch
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from faults import FAULTS  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIMIT = 180  # seconds for the tests of one fault: a fault may make them wait for ever
SWITCH = """#pragma once
#include <cstdlib>
#pragma GCC diagnostic ignored "-Wunused-value"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wdangling-else"
#pragma GCC diagnostic ignored "-Wduplicated-branches"
inline bool piste_fault(int number) {
  static const int chosen = [] {
    const char* set = std::getenv("PISTE_FAULT");
    return set ? std::atoi(set) : 0;
  }();
  return chosen == number;
}
"""


def with_switch(number, fault):
    """The fault's text: an expression becomes a choice between the two, a statement one of the two."""
    old, new = fault["find"], fault["put"]
    if old.rstrip().endswith((";", "}")):
        return f"if (piste_fault({number})) {{ {new} }} else {{ {old} }}"
    return f"(piste_fault({number}) ? ({new}) : ({old}))"


def texts_with(faults):
    """The sources' texts with the faults in them, and what is wrong with those that have no place there."""
    texts, problems = {}, []
    for number, fault in faults:
        source = ROOT / fault["file"]
        text = texts.setdefault(fault["file"], source.read_text() if source.is_file() else "")
        count = text.count(fault["find"])
        if count != 1:
            problems.append(f"fault {number}, {fault['file']}, {fault['what']}: '{fault['find']}' is there {count} times, not once")
            continue
        texts[fault["file"]] = text.replace(fault["find"], with_switch(number, fault))
    return {name: '#include "piste_fault.h"\n' + text for name, text in texts.items()}, problems


def names_of_tests(module):
    """What the module's tests are called: SUITE.NAME, of those with parameters WHERE/SUITE.NAME/0."""
    names = set()
    for source in (ROOT / "src" / module).glob("*_test.cpp"):
        text = source.read_text()
        for kind, suite, name in re.findall(r"^TEST(|_F|_P)\((\w+),\s*(\w+)\)", text, re.MULTILINE):
            places = re.findall(rf"INSTANTIATE_TEST_SUITE_P\((\w*),\s*{suite}\b", text) if kind == "_P" else []
            names |= {f"{place}/{suite}.{name}/0".lstrip("/") for place in places} or {f"{suite}.{name}"}
    return names


def problems_of(faults):
    """Without building: faults that have no place any more, and tests that are not there."""
    problems = texts_with(faults)[1]
    for program, tests in sorted({(fault["program"], fault["tests"]) for _, fault in faults}):
        names = names_of_tests(program.removesuffix("_test"))
        problems += [f"{program} has no test {one}" for one in tests.split(":") if not fnmatch.filter(names, one)]
    return problems


def sources_with(faults, copy):
    """A copy of what git knows, with the faults in it; files that are the same keep their time, so builds go on."""
    texts, problems = texts_with(faults)
    if problems:
        sys.exit("\n".join(problems))
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        source, target = ROOT / name, copy / name
        if not source.is_file():
            continue
        content = texts[name].encode() if name in texts else source.read_bytes()
        if target.exists() and target.read_bytes() == content:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        target.chmod(source.stat().st_mode)
    (copy / "src" / "piste_fault.h").write_text(SWITCH)


def build(copy, targets):
    # Paths as seen from the copy: what has no fault in it comes out of ccache, if it was built before.
    environment = {**os.environ, "CCACHE_BASEDIR": str(copy), "CCACHE_NOHASHDIR": "1"}
    subprocess.run(["cmake", "--preset", "release"], cwd=copy, env=environment, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "build", "--target", *targets], cwd=copy, env=environment, check=True)
    return copy / "build" / "bin"


def tests_pass(program, tests, number):
    environment = {**os.environ, "PISTE_FAULT": str(number)}
    try:
        run = subprocess.run([program, f"--gtest_filter={tests}", "--gtest_brief=1"], env=environment, timeout=LIMIT,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return False
    if b"0 tests from 0 test suites ran" in run.stdout:
        sys.exit(f"{program.name} has no test {tests}")
    return run.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "faults", help="where the copy is built")
    parser.add_argument("--list", action="store_true", help="show the faults and end")
    parser.add_argument("--check", action="store_true", help="say which faults have no place any more, and end")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    chosen = [(number, fault) for number, fault in enumerate(FAULTS, 1)
              if not options.words or any(word in fault["file"] + " " + fault["what"] for word in options.words)]
    if options.list:
        for number, fault in chosen:
            print(f"{number:3} {fault['file']}: {fault['what']}  [{fault['tests']}]")
        return 0
    if options.check:
        problems = problems_of(chosen)
        print("\n".join(problems) or f"{len(chosen)} faults have their place and their tests")
        return 1 if problems else 0
    copy = options.build.resolve()
    sources_with(chosen, copy)
    programs = build(copy, sorted({fault["program"] for _, fault in chosen}))
    for program in sorted({fault["program"] for _, fault in chosen}):
        tests = ":".join(sorted({fault["tests"] for _, fault in chosen if fault["program"] == program}))
        if not tests_pass(programs / program, tests, 0):
            sys.exit(f"{program} fails without a fault: {tests}")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        passed = pool.map(lambda one: tests_pass(programs / one[1]["program"], one[1]["tests"], one[0]), chosen)
        missed = []
        for (number, fault), unnoticed in zip(chosen, passed):
            print(f"{'NOT NOTICED' if unnoticed else 'noticed    '} {number:3} {fault['file']}: {fault['what']}", flush=True)
            missed += [number] if unnoticed else []
    print(f"{len(chosen) - len(missed)} of {len(chosen)} faults were noticed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
