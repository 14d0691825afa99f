#!/usr/bin/env python3
"""Checks that the page can say every sentence that the service can: each catalogue of web/src/words/sentences has the codes of
src/types/sentences.inc and no others, with their parameters, all of them; English word for word. And that the sources use those codes alone."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "src/types/sentences.inc"
SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")


def slots(text):
    """Each parameter with how it is told."""
    return {(name[0].lower() + name[1:], how) for name, how in SLOT.findall(text)}


def table():
    return dict(re.findall(r'^\{"(\w+)", "(.*)"\},$', TABLE.read_text(), re.M))


def words(path):
    """What a language says for the service's words that stand in sentences."""
    _, _, told = path.read_text().partition("export const words")
    return dict(re.findall(r"^  '?([\w ]+)'?: '([^'\n]*)',$", told, re.M))


def catalogue(path):
    return {code: single or double for code, single, double in
            re.findall(r"""^  (\w+):\s+(?:'([^'\n]*)'|"([^"\n]*)"),$""", path.read_text().partition("export const words")[0], re.M)}


def differences(language, said, english):
    for code in english.keys() - said.keys():
        yield f"{language}: {code} is not said"
    for code, text in said.items():
        if code not in english:
            yield f"{language}: no sentence has the code {code}"
        elif not slots(text) <= slots(english[code]):
            yield f"{language}: {code} has other parameters than {TABLE.name}: {text}"
        elif left_out := {name for name, _ in slots(english[code]) - slots(text)} - {name for name, _ in slots(text)}:
            yield f"{language}: {code} leaves out {', '.join(sorted(left_out))}: {text}"
        elif language == "en" and text != english[code]:
            yield f"en: {code} is not as in {TABLE.name}: {text}"


def word_differences(language, said, english):
    if said.keys() != english.keys():
        yield f"{language}: other words than in en: {', '.join(sorted(said.keys() ^ english.keys()))}"


def unused(english):
    """Codes that no source names; of those with _until and _s only the stem stands there."""
    sources = "".join(path.read_text() for path in (ROOT / "src").rglob("*.cpp")) + "".join(
        path.read_text() for path in (ROOT / "src").rglob("*.h"))
    for code in english:
        stem = re.sub(r"(_until|(?<=frame)s)$", "", code)
        if f'"{code}"' not in sources and f'"{stem}"' not in sources:
            yield f"{TABLE.name}: nobody says {code}"


def main():
    english = table()
    found = [f"{TABLE.name}: lines that are no sentence"] if len(english) != TABLE.read_text().count("\n{") else []
    for language in ("en", "fr", "es", "it", "de"):
        path = ROOT / f"web/src/words/sentences/{language}.ts"
        found += differences(language, catalogue(path), english)
        found += word_differences(language, words(path), words(path.with_name("en.ts")))
    found += unused(english)
    print("\n".join(found) or f"{len(english)} sentences in five languages")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
