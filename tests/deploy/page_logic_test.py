"""The page's logic (web/test) in the browser that it is for: esbuild makes one script of it."""
import json
import os
import pathlib
import subprocess
import sys

from chromium import chromium
from service import ROOT, check, folder, skip

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "piste/web-built/node_modules"
RUN = """(async () => { const failed = {}; for (const [name, test] of Object.entries(logic.tests)) {
  try { await test(); } catch (error) { failed[name] = String(error); } } return JSON.stringify([Object.keys(logic.tests), failed]); })()"""

esbuild = next(CACHE.glob("@esbuild/*/bin/esbuild"), None)
if not esbuild:
    skip("esbuild is not in the cache (./dev build fetches it)")
script = subprocess.run([esbuild, ROOT / "web/test/core_test.ts", "--bundle", "--format=iife", "--global-name=logic"],
                        env={**os.environ, "NODE_PATH": str(CACHE)}, check=True, capture_output=True, text=True).stdout
with folder() as work, chromium(work) as page:
    page.run(script + "; window.logic = logic; 0")
    names, failed = json.loads(page.run(RUN))
    for name in names:
        check(name, name not in failed, failed.get(name))
