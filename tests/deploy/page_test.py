"""The service's own page in a real browser: it shows itself, holds to its policy, and is used by keyboard."""
import pathlib
import subprocess
import sys
import time

from chromium import chromium, has_page
from service import check, folder, service, skip


def shows_itself(page, port):
    page.go(f"http://127.0.0.1:{port}/")
    page.until("!!document.querySelector('main h1')")
    check("the page shows itself", "Piste" in page.text(), page.text())
    page.run("location.hash = '#/settings'")
    page.until("!!document.querySelector('#language')")
    check("settings show the version", page.until("/Version \\d/.test(document.body.innerText)"))
    check("nothing inline runs", page.run("""(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';
        document.head.append(s); return !window.ran; })()"""))
    end = time.monotonic() + 10
    while not page.problems and time.monotonic() < end:
        time.sleep(0.05)
    check("which the browser tells", page.problems and "Content Security Policy" in page.problems[0], page.problems)
    page.problems.clear()


def speaks(page, port):
    """Each language is fetched when it is chosen, and has room on a phone."""
    page.size(390, 844)
    seen = set()
    for language in ("fr", "es", "it", "de", "en"):
        page.go("about:blank")
        page.go(f"http://127.0.0.1:{port}/#/settings")
        page.until("!!document.querySelector('#language')")
        page.run(f"""(() => {{ const s = document.querySelector('#language'); s.value = '{language}';
            s.dispatchEvent(new Event('change', {{bubbles: true}})); }})()""")
        page.until(f"document.documentElement.lang === '{language}'")
        for screen in ("settings", "upload", "piste", "film"):
            page.run(f"location.hash = '#/{screen}'")
            page.until(f"!!document.querySelector('main h1') && location.hash === '#/{screen}'")
            wide = page.run("document.documentElement.scrollWidth")
            check(f"{language}: {screen} is no wider than a phone", wide <= 390, wide)
        page.run("location.hash = '#/piste'")
        seen.add(page.until("document.querySelector('.lead')?.innerText"))
    check("five languages", len(seen) == 5, seen)


def lets_the_camera_go(page, port):
    """Who leaves the film screen before the camera has opened leaves no camera on."""
    page.go("about:blank")
    page.go(f"http://127.0.0.1:{port}/#/piste")
    page.until("!!document.querySelector('main h1')")
    page.run("""(() => { const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); window.given = [];
        navigator.mediaDevices.getUserMedia = async (wishes) => { const stream = await open(wishes);
            await new Promise((later) => setTimeout(later, 1000)); window.given.push(stream); return stream; }; })()""")
    page.run("location.hash = '#/film'")
    page.until("!!document.querySelector('main.film')")
    page.run("location.hash = '#/piste'")
    page.until("!document.querySelector('main.film') && window.given.length === 1")
    check("a camera that opens too late is let go", page.until(
        "window.given[0].getTracks().every((track) => track.readyState === 'ended')", 5))


def lights_up(page, port):
    """Where the camera has a light, which Chromium's fake one lacks: here its track says that it has."""
    page.go("about:blank")
    page.go(f"http://127.0.0.1:{port}/#/piste")
    page.until("!!document.querySelector('main h1')")
    page.run("""(() => { const track = MediaStreamTrack.prototype, settings = track.getSettings; let lit = false;
        const can = track.getCapabilities; track.getCapabilities = function() { return {...can.call(this), torch: true}; };
        track.getSettings = function() { return {...settings.call(this), torch: lit}; };
        track.applyConstraints = async ({advanced: [{torch}]}) => { lit = window.lit = torch; }; })()""")
    page.run("location.hash = '#/film'")
    page.click(".film-panel > .switch input")
    check("the phone's light is switched on", page.until("window.lit === true"))
    page.click(".film-panel > .switch input")
    check("and off", page.until("window.lit === false"))


def says_where_it_is_no_safe_page(page, port):
    """By a name that is not this machine, over plain http, a browser gives no camera."""
    page.go("about:blank")
    page.go(f"http://piste.test:{port}/#/film")
    page.until("!!document.querySelector('.light.bad a')")
    check("the page is not safe, and Film says so", not page.run("isSecureContext")
          and "localhost" in page.run("document.querySelector('.light.bad').innerText"), page.text())
    page.click(".light.bad a")
    page.until("location.pathname === '/trust'")
    check("and leads to how a phone comes to film", page.until("document.body.innerText.includes('./dev tls')"))
    # There is no certificate to trust; an origin that is not safe is told that it is none.
    page.problems = [one for one in page.problems if "404" not in one and "Cross-Origin-Opener-Policy" not in one]


def opens_without_the_service(page, port):
    """After the service has gone: the page itself is there, with what is not fetched before it is asked for, and says so."""
    page.go("about:blank")
    page.go(f"http://127.0.0.1:{port}/")
    check("without the service the page opens", page.until("document.querySelector('main h1')?.innerText === 'Piste'"))
    check("and says that it is away", page.until("document.querySelector('.banner')?.innerText.includes('does not answer')"))
    page.run("location.hash = '#/film'")
    check("other screens are there, too", page.until("!!document.querySelector('main.film .light')"))


def asks_for_the_token(page, port, token):
    page.go(f"http://127.0.0.1:{port}/")
    page.until("!!document.querySelector('#token')")
    page.click("#token")
    page.ask("Input.insertText", text="wrong")
    page.key("Enter")
    page.until("document.querySelector('main p').innerText.includes('does not know')")
    page.run("document.querySelector('#token').select()")
    page.ask("Input.insertText", text=token)
    page.key("Enter")
    page.until("!document.querySelector('#token')")
    check("a token is asked for, and kept", page.run("localStorage.getItem('token')") == token)
    page.problems = [one for one in page.problems if "401" not in one]


def pairs_a_phone(page, port, token):
    """The owner shows a code; who opens its address is let in to film, and is shut out again."""
    page.run("location.hash = '#/settings'")
    page.click("main a[href='#/devices']")
    page.click("main form input")
    page.ask("Input.insertText", text="Phone at piste 3")
    page.click("main form [type=submit]")
    page.until("document.querySelector('.qr img')?.naturalWidth > 0")
    address = page.run("document.querySelector('.address').innerText")
    page.run("localStorage.clear()")
    page.go("about:blank")
    page.go(f"http://127.0.0.1:{port}/")
    page.until("!!document.querySelector('#token')")
    page.click("main a[href='#/pair']")
    page.until("!!document.querySelector('main .code')")
    page.go("about:blank")
    page.go(address)
    page.click("main form [type=submit]")
    page.until("location.hash === '#/film'")
    phone = page.run("localStorage.getItem('token')")
    check("a code becomes a token", phone.startswith("piste_") and phone != token)
    page.run("location.hash = '#/piste'")
    page.until("document.querySelectorAll('nav a').length === 4")
    check("who films sees no lists", not page.run("!!document.querySelector('.doors a[href=\"#/watch\"], .filters')"))
    page.run(f"location.href = {address!r}")
    page.click("main form [type=submit]")
    check("a code is good once", page.until("document.querySelector('[role=alert]')?.innerText.includes('no such code')"))
    page.run(f"localStorage.setItem('token', '{token}'); localStorage.setItem('role', 'owner')")
    page.go("about:blank")
    page.go(f"http://127.0.0.1:{port}/#/devices")
    page.until("/Phone at piste 3\\s+Film · since .* · last here /.test(document.querySelector('.rows')?.innerText)")
    page.click(".rows button")
    page.click("dialog[open] .danger")
    check("it is removed", page.until("!document.querySelector('.rows button')"))
    check("and shut out", page.run(f"fetch('me', {{headers: {{Authorization: 'Bearer {phone}'}}}}).then((answer) => answer.status)") == 401)
    page.problems = [one for one in page.problems if "401" not in one and "404" not in one]


def run(programs, work):
    made = subprocess.run([programs / "referee", "token", "page", "--file", work / "tokens"], check=True,
                          capture_output=True, text=True)
    token = next(word for word in made.stdout.split() if word.startswith("piste_"))
    with chromium(work, "--host-resolver-rules=MAP piste.test 127.0.0.1") as page:
        with service(programs / "referee_service", work, {"REFEREE_ALLOWED_HOSTS": "piste.test"}) as (port, _):
            if not has_page(port):
                skip("the service was built without the page (./dev build fetches esbuild)")
            shows_itself(page, port)
            speaks(page, port)
            says_where_it_is_no_safe_page(page, port)
            lets_the_camera_go(page, port)
            lights_up(page, port)
            page.run("navigator.serviceWorker.ready.then(() => 1)")
        opens_without_the_service(page, port)
        with service(programs / "referee_service", work, {"REFEREE_AUTH_TOKENS_FILE": str(work / "tokens")}) as (port, _):
            asks_for_the_token(page, port, token)
            pairs_a_phone(page, port, token)
        check("nothing went wrong in the page", not page.problems, page.problems)


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]), scratch)
