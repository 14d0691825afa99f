#!/usr/bin/env python3
"""Holds the include rules of docs/architecture.md: a module includes only itself and the modules of its row."""
import pathlib
import re
import sys

STAGES = ["video", "pose", "camera", "tracking", "scoring", "boxes", "lamps", "bout", "referee", "artifacts"]
ALLOWED = {
    "base": [],
    "net": ["base"],
    "types": ["base"],
    "rows": ["base", "types"],
    "video": ["base", "types"],
    "pose": ["base", "types"],
    "camera": ["base", "types"],
    "tracking": ["base", "types"],
    "scoring": ["base", "types"],
    "boxes": ["base", "types"],
    "inlets": ["base", "types", "boxes"],
    "lamps": ["base", "types", "boxes"],
    "bout": ["base", "types"],
    "referee": ["base", "types"],
    "render": ["base", "types", "rows", "scoring", "video"],
    "library": ["base"],
    "recording": ["base", "types"],
    "artifacts": ["base", "types", "video"],
    "pipeline": ["base", "types", "recording"] + STAGES,
    "protocol": ["base", "types", "boxes"],
    "session": ["base", "types", "boxes", "bout", "library", "recording", "protocol", "pipeline"],
    "site": [],
    "store": ["base", "net", "session"],
    "cluster": ["base", "library", "session"],
    "server": ["base", "net", "types", "library", "protocol", "session", "site", "store"],
    "client": ["base", "net", "types", "protocol", "video", "boxes"],
}
# Third-party headers are private to the module that wraps them: prefix -> modules that may name it.
PRIVATE = {
    "opencv2/": ["video", "pose", "camera", "render", "artifacts"],
    "onnxruntime": ["pose"],
    "libav": ["video", "client"],
    "libsw": ["video"],
    "turbojpeg": ["video"],
    "seccomp.h": ["video"],
    "sqlite3.h": ["library"],
    "libpq-fe.h": ["cluster"],
    "png.h": ["video"],
    "xlsxwriter": ["artifacts"],
    "spdlog": ["base"],
    "prometheus/": ["server"],
    "CLI/": ["app", "client"],
    "mosquitto.h": ["inlets"],
    "qrencode.h": ["server"],
    "openssl/": ["net", "session", "store", "server", "client"],
    "boost/beast": ["net", "store", "server", "client"],
    "boost/asio": ["net", "store", "server", "client", "app"],
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def violations(source: pathlib.Path):
    for path in sorted(source.rglob("*")):
        if path.suffix not in (".h", ".cpp"):
            continue
        module = path.relative_to(source).parts[0]
        if module == "app":
            continue
        if module not in ALLOWED:
            yield f"{path}: no rule for the module '{module}'"
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            quote, target = found.groups()
            other = target.split("/")[0]
            test = path.stem.endswith("_test")  # a test may set its module up with any other
            if quote == '"' and other in ALLOWED and not test and other not in [module, *ALLOWED[module]]:
                yield f"{path}:{number}: '{module}' must not include '{target}'"
            for prefix, owners in PRIVATE.items():
                if target.startswith(prefix) and module not in owners and not test:
                    yield f"{path}:{number}: <{target}> is private to {', '.join(owners)}"


def main() -> int:
    source = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "src")
    found = list(violations(source))
    print("\n".join(found) if found else "include rules hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
