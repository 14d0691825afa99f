"""A phone's browser films a phrase to its verdict: each encoding, each source, a camera that gives half of what it says, over TLS with a
token. The camera is Chromium's fake one, which plays a drawn phrase."""
import base64
import hashlib
import pathlib
import subprocess
import sys
import urllib.request

from chromium import chromium, has_page
from film import FPS, camera_file, check_phrase, film, here
from service import PATIENCE, ROOT, check, folder, need, service, skip

SLOW = 15  # pictures a second

# Chromium has track processors on pages alone, Safari in workers alone: here the page has none, and the worker's own script runs
# beside the page with the one that there is.
SAFARI = """(() => {
  const Processor = window.MediaStreamTrackProcessor, Real = window.Worker;
  delete window.MediaStreamTrackProcessor;
  window.Worker = function(address) {
    if (!String(address).endsWith('track_worker.js')) return new Real(address);
    const outer = {postMessage: (data) => later(inner, data), terminate() {}};
    const inner = {MediaStreamTrackProcessor: Processor, postMessage: (data) => later(outer, data), close() { window.closed_worker = true; }};
    const later = (end, data) => queueMicrotask(() => end.onmessage?.({data}));
    (function(globalThis) { %s })(inner);
    return outer;
  };
})()"""


def as_in_safari(page, address):
    with urllib.request.urlopen(f"{address}/assets/track_worker.js", timeout=PATIENCE) as script:
        return page.ask("Page.addScriptToEvaluateOnNewDocument", source=SAFARI % script.read().decode())["identifier"]


def films(page, address, query, rate=FPS):
    result = check_phrase(query or "H.264", page, address, film(page, address, query), rate=rate)
    wanted = "phrase.mkv" if "jpeg" in query else "phrase.mp4"
    check(f"{query or 'H.264'}: its video", result["artifacts"]["video"] == wanted, result["artifacts"])


def other_ways(page, address):
    """With the slow camera: half the pictures are judged sooner."""
    for query in ("?encoding=jpeg", "?source=video"):
        films(page, address, query, rate=SLOW)
    script = as_in_safari(page, address)
    check_phrase("a worker's track", page, address, film(page, address, "?source=worker"), rate=SLOW)
    check("the worker was used, and ended", page.run("window.closed_worker === true"))
    page.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=script)


def secured(programs, work):
    """Settings of a service with TLS and tokens; what the browser needs to trust it; a token."""
    subprocess.run([ROOT / "deploy/make-certificate.sh", work / "tls"], check=True, stdout=subprocess.DEVNULL)
    made = subprocess.run([programs / "referee", "token", "page", "--file", work / "tokens"], check=True, capture_output=True, text=True)
    public = subprocess.run(["openssl", "x509", "-in", work / "tls/certificate.pem", "-noout", "-pubkey"], check=True, capture_output=True)
    key = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=public.stdout, check=True, capture_output=True).stdout
    trusted = base64.b64encode(hashlib.sha256(key).digest()).decode()
    settings = {"REFEREE_TLS_CERT": str(work / "tls/certificate.pem"), "REFEREE_TLS_KEY": str(work / "tls/key.pem"),
                "REFEREE_AUTH_TOKENS_FILE": str(work / "tokens")}
    return settings, f"--ignore-certificate-errors-spki-list={trusted}", next(word for word in made.stdout.split() if word.startswith("piste_"))


def over_tls(programs, work, page, settings, token):
    """A certificate of one's own, and a token."""
    with service(programs / "referee_service", work, settings) as (port, _):
        address = f"https://127.0.0.1:{port}"
        page.go(f"{address}/#/settings")
        page.until("!!document.querySelector('main')")
        page.run(f"localStorage.setItem('token', '{token}')")
        page.problems.clear()  # before it had the token
        check_phrase(f"{SLOW} a second over TLS", page, address, film(page, address), rate=SLOW, token=token)
        announced = page.run("window.started.fps")
        check("the rate that is measured is announced", SLOW - 1 < announced < SLOW + 1, announced)
        check("nothing went wrong over TLS", not page.problems, page.problems)


def slow_camera(programs, work):
    """15 pictures a second, whatever a camera says."""
    slow = camera_file(programs / "referee", work, fps=SLOW, kind="y4m")
    settings, trust, token = secured(programs, work)
    with chromium(work, f"--use-file-for-fake-video-capture={slow}", trust) as page:
        with service(programs / "referee_service", work) as (port, _):
            other_ways(page, here(port))
            check("nothing went wrong with a slow camera", not page.problems, page.problems)
        over_tls(programs, work, page, settings, token)


def run(programs, work):
    need("ffmpeg", "openssl")
    with chromium(work, f"--use-file-for-fake-video-capture={camera_file(programs / 'referee', work)}") as page, \
            service(programs / "referee_service", work) as (port, _):
        if not has_page(port):
            skip("the service was built without the page (./dev build fetches esbuild)")
        films(page, here(port), "")
        check("nothing went wrong in the page", not page.problems, page.problems)
    slow_camera(programs, work)


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]), scratch)
