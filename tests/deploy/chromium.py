"""Debian's Chromium, driven over its DevTools protocol: no Node, no download."""
import asyncio
import base64
import contextlib
import itertools
import json
import pathlib
import shutil
import subprocess
import threading
import time
import urllib.request

from service import skip

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--remote-debugging-port=0", "--autoplay-policy=no-user-gesture-required",
         "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
PATIENCE = 240  # s, of one wait: a machine that does much else is slow, not wrong
# A favicon that is not asked for, and what the tests themselves bring about by cutting connections.
EXPECTED = ("net::ERR_CONNECTION_", "net::ERR_EMPTY_RESPONSE", "net::ERR_SOCKET_NOT_CONNECTED", "WebSocket connection to",
            "net::ERR_INTERNET_DISCONNECTED")


class Page:
    """One tab. What goes wrong in it is kept in `problems`: exceptions, console errors, violations of the policy."""

    def __init__(self, loop, socket):
        self.loop, self.socket, self.ids, self.answers = loop, socket, itertools.count(1), {}
        self.problems = []
        asyncio.run_coroutine_threadsafe(self.listen(), loop)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(domain + ".enable")

    async def listen(self):
        with contextlib.suppress(Exception):
            async for text in self.socket:
                message = json.loads(text)
                if "id" in message:
                    self.answers.pop(message["id"]).set_result(message)
                else:
                    self.hear(message["method"], message["params"])

    def hear(self, method, told):
        if method == "Runtime.exceptionThrown":
            self.problems.append(told["exceptionDetails"].get("exception", {}).get("description", str(told)))
        elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "assert"):
            self.problems.append(" ".join(str(one.get("value", one.get("description"))) for one in told["args"]))
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            text = told["entry"]["text"] + " " + told["entry"].get("url", "")
            if not any(expected in text for expected in EXPECTED):
                self.problems.append(text)

    async def send(self, method, params):
        number = next(self.ids)
        answer = self.answers[number] = self.loop.create_future()
        await self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        return await asyncio.wait_for(answer, PATIENCE)

    def ask(self, method, **params):
        answer = asyncio.run_coroutine_threadsafe(self.send(method, params), self.loop).result()
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return answer["result"]

    def run(self, script):
        """The value of a script's expression; a promise is waited for."""
        told = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in told:
            raise AssertionError(f"{script}: {told['exceptionDetails']}")
        return told["result"].get("value")

    def wait(self, script, patience):
        """The expression's value, as soon as it is true, or as it is then."""
        end = time.monotonic() + patience
        while not self.run(script) and time.monotonic() < end:
            time.sleep(0.05)
        return self.run(script) or ""

    def until(self, script, patience=PATIENCE):
        """Waits until the expression is true; its value."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            value = self.run(script)
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"in vain for {patience} s: {script}; the page shows: {self.text()}; {self.problems}")

    def text(self):
        return self.run("document.body.innerText")[:2000]

    def go(self, url):
        self.ask("Page.navigate", url=url)
        self.until("document.readyState === 'complete'")

    def click(self, selector):
        """With a real pointer, at the middle of what the selector finds; again, if that has just moved from under the pointer."""
        found = f"document.querySelector({json.dumps(selector)})"
        for _ in range(5):
            self.until(f"!!{found}")
            x, y = self.run(f"(() => {{ const e = {found}; e.scrollIntoView({{block: 'center'}}); const click = window.click = {{}};"
                            "addEventListener('click', ({target}) => { click.here ||= e.contains(target); }, true);"
                            "const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()")
            for kind in ("mousePressed", "mouseReleased"):
                self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
            if self.run("window.click?.here !== false"):  # nobody's, where the page has gone or what is clicked is disabled
                return
        raise AssertionError(f"{selector} moves away from the pointer; the page shows: {self.text()}")

    def key(self, key, code="", modifiers=0):
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        number = {"Tab": 9, "Enter": 13, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
                  "Escape": 27, "Home": 36, "End": 35}.get(key, ord(key.upper()[0]))
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=code or key, modifiers=modifiers,
                     windowsVirtualKeyCode=number, **({"text": text} if text and kind == "keyDown" else {}))

    def size(self, width, height):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 700)

    def dark(self, dark):
        self.ask("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))


@contextlib.contextmanager
def chromium(work, *flags):
    """Yields a page of a new browser."""
    if not shutil.which("chromium"):
        skip("chromium is not installed (tools/packages.sh)")
    try:
        import websockets
    except ImportError:
        skip("python3-websockets is not installed (tools/packages.sh)")
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    profile = pathlib.Path(work) / f"browser-{time.monotonic_ns()}"
    log = pathlib.Path(work) / "chromium.log"
    with open(log, "w") as errors:
        browser = subprocess.Popen(["chromium", *FLAGS, *flags, f"--user-data-dir={profile}", "about:blank"],
                                   stdout=subprocess.DEVNULL, stderr=errors)
    try:
        where = wait_for_target(profile, browser, log)
        async def opened():
            return await websockets.connect(where, max_size=None, ping_interval=None)
        yield Page(loop, asyncio.run_coroutine_threadsafe(opened(), loop).result(PATIENCE))
    finally:
        browser.terminate()
        browser.wait(timeout=60)
        loop.call_soon_threadsafe(loop.stop)


def has_page(port):
    """Whether the service was built with its page."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return b"main-" in answer.read()


def wait_for_target(profile, browser, log):
    """The WebSocket of the first tab."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and browser.poll() is None:
        with contextlib.suppress(OSError, ValueError, IndexError, StopIteration):
            port = int((profile / "DevToolsActivePort").read_text().split()[0])
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=5) as answer:
                return next(tab["webSocketDebuggerUrl"] for tab in json.load(answer) if tab["type"] == "page")
        time.sleep(0.1)
    raise AssertionError(f"chromium does not start: {log.read_text()[-2000:]}")
