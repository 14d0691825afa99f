"""A page in a real browser streams a phrase to its verdict; pages of strangers are shut out."""
import contextlib
import http.server
import json
import pathlib
import queue
import shutil
import subprocess
import sys
import threading

from service import ROOT, check, folder, service, skip

if not shutil.which("chromium"):
    skip("chromium is not installed (apt install chromium)")
try:
    import cv2
except ImportError:
    skip("python3-opencv is not installed (tools/packages.sh)")

PATIENCE = 240  # s, of one page


def drawn_phrase(referee, work):
    """One of samples/ as a page can have it: JPEG pictures and the log."""
    video = work / "phrase.mkv"
    subprocess.run([referee, "render", ROOT / "samples/attack-from-right.json", "--out", video, "--width", "640",
                    "--height", "360", "--fps", "15"], check=True, stdout=subprocess.DEVNULL)
    capture = cv2.VideoCapture(str(video))
    frames = []
    while (read := capture.read())[0]:
        frames.append(cv2.imencode(".jpg", read[1], [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes())
    return {"fps": 15, "width": 640, "height": 360, "frames": len(frames),
            "log": (work / "phrase.txt").read_text()}, frames


@contextlib.contextmanager
def site(phrase, frames):
    """Serves the page and the phrase; yields (port, queue of what pages have told)."""
    told = queue.Queue()
    files = {"/": ("text/html", (pathlib.Path(__file__).parent / "browser_page.html").read_bytes()),
             "/phrase.json": ("application/json", json.dumps(phrase).encode()),
             **{f"/frame/{number}": ("image/jpeg", bytes_) for number, bytes_ in enumerate(frames)}}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            kind, body = files.get(self.path.split("?")[0], ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_port, told
        finally:
            server.shutdown()


def visit(url, told, work):
    """What the page at this URL tells. Every name leads to this machine: so a page can be a stranger's."""
    log = work / "chromium.log"
    with open(log, "w") as errors:
        browser = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--host-resolver-rules=MAP *.example 127.0.0.1",
             f"--user-data-dir={work}/browser", url], stdout=subprocess.DEVNULL, stderr=errors)
    try:
        return told.get(timeout=PATIENCE)
    except queue.Empty:
        raise AssertionError(f"the page tells nothing: {log.read_text()[-2000:]}")
    finally:
        browser.terminate()
        browser.wait(timeout=60)


def check_verdict(what, told, phrase):
    check(f"{what}: every frame is acknowledged", told.get("acknowledged") == phrase["frames"], told)
    check(f"{what}: nothing is missing", told["validation"]["valid"], told)
    check(f"{what}: the verdict comes", told.get("result", {}).get("winner") == "right", told)


def check_shut_out(what, told, log):
    check(f"{what}: no WebSocket", told["failed"].startswith("Error: closed"), told)
    check(f"{what}: no statistics, nor why", told["intrusion"].get("stats") == "unreadable", told)
    check(f"{what}: no upload", log.read_text().count("is refused") >= 4, log.read_text())
    check(f"{what}: nor in a sandbox", told["intrusion"].get("sandbox") == "refused", told)


def run(programs, work):
    phrase, frames = drawn_phrase(programs / "referee", work)
    with site(phrase, frames) as (port, told):
        def page(host, stream):
            return visit(f"http://{host}:{port}/?service={stream}", told, work)

        with service(programs / "referee_service", work) as (serving, log):
            stream = f"ws://127.0.0.1:{serving}/stream"
            answer = page("127.0.0.1", stream)
            check_verdict("a page of this machine", answer, phrase)
            check("its sandboxed frame is a stranger", answer["intrusion"].get("sandbox") == "refused", answer)
            check_shut_out("a stranger's page", page("stranger.example", stream), log)
        with service(programs / "referee_service", work,
                     {"REFEREE_ALLOWED_ORIGINS": f"http://club.example:{port}"}) as (serving, log):
            check_verdict("a page that is in the list", page("club.example", f"ws://127.0.0.1:{serving}/stream"), phrase)
        made = subprocess.run([programs / "referee", "token", "browser", "--file", work / "tokens"], check=True,
                              capture_output=True, text=True)
        token = next(word for word in made.stdout.split() if word.startswith("piste_"))
        with service(programs / "referee_service", work, {"REFEREE_AUTH_TOKENS_FILE": str(work / "tokens")}) as (serving, log):
            stream = f"ws://127.0.0.1:{serving}/stream"
            check_verdict("any page with a token", page("stranger.example", f"{stream}%3Ftoken={token}"), phrase)
            check("without one it is shut out", "closed" in page("stranger.example", stream)["failed"])
            check("the token is in no line of the log", token not in log.read_text(), log.read_text())


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]), scratch)
