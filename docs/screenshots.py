"""Makes the pictures in docs/pictures: visits the demo's page as a newcomer does, in a headless browser.

Beside the project itself it needs Playwright and Chromium, which are in none of our extras:

    pip install playwright
    apt install chromium            (or `playwright install chromium`, and leave --chromium out)
    python docs/screenshots.py --chromium /usr/bin/chromium

It takes about two minutes, and fails if the page does not do what the pictures are to show.
"""

import argparse
import base64
import contextlib
import io
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).with_name("pictures")
DESKTOP, PHONE = {"width": 1000, "height": 900}, {"width": 390, "height": 844}
TAUGHT = "Fuyuha"
IDLE = """() => {
  const page = window.simcordPreview;
  return page?.ready && !page.pendingAction && page.awaitingRevision === null
    && [...document.querySelectorAll("#preview-app img")].every((image) => image.complete && image.naturalWidth > 0);
}"""


@contextlib.contextmanager
def demo(home: Path) -> Generator[str]:
    """The demo as a process; gives the address of its page."""
    command = [sys.executable, "-m", "bot", "demo", "--home", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  our own command
        assert process.stdout is not None
        try:
            yield next(line.strip() for line in process.stdout if "http://" in line)
        finally:
            process.terminate()


class Visit:
    """A visitor on the page."""

    def __init__(self, browser: Browser, url: str, *, viewport: dict[str, int], scale: int = 1) -> None:
        self._page: Page = browser.new_page(viewport=viewport, device_scale_factor=scale, has_touch=scale > 1)
        self._page.goto(url)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is going on."""
        self._page.mouse.move(0, 0)
        self._page.wait_for_function(IDLE, timeout=60_000)
        self._page.wait_for_timeout(700)

    def shoot(self, name: str) -> None:
        """Save what is seen."""
        Image.open(io.BytesIO(self._page.screenshot())).save(PICTURES / f"{name}.webp", quality=90, method=6)

    def press(self, name: str) -> None:
        """Press the newest button of that name."""
        self._page.get_by_role("button", name=name, exact=True).last.click()
        self.settle()

    def react(self, emoji: str) -> None:
        """React to the newest answer."""
        self._page.locator(".reaction-chip", has_text=emoji).last.click()
        self.settle()

    def open_menu(self) -> None:
        """Open the newest menu."""
        self._page.locator(".select-trigger").last.click()
        self._page.wait_for_timeout(400)

    def point_at(self, option: str) -> None:
        """Point at something in the open menu."""
        self._page.locator(".select-list:popover-open .select-option", has_text=option).hover()
        self._page.wait_for_timeout(300)

    def choose(self, option: str) -> None:
        """Choose from the open menu."""
        self._page.locator(".select-list:popover-open .select-option", has_text=option).click()
        self.settle()

    def fill_form(self, text: str) -> None:
        """Answer the form that is open."""
        self._page.locator(".modal-dialog input").first.fill(text)
        self._page.locator(".modal-dialog button[type=submit]").click()
        self.settle()

    def upload(self, file: Path) -> None:
        """Show a picture of one's own."""
        self._page.click("#show-picture")
        self._page.set_input_files(".modal-dialog input[type=file]", file)
        self._page.locator(".modal-dialog button[type=submit]").click()
        self.settle()

    def write(self, text: str) -> None:
        """Write into the channel."""
        self._page.fill("#channel-composer-input", text)
        self._page.press("#channel-composer-input", "Enter")

    def wait_for(self, text: str) -> None:
        """Wait until the newest message begins like that."""
        script = "(text) => [...document.querySelectorAll('.message-content')].at(-1).innerText.startsWith(text)"
        self._page.wait_for_function(script, arg=text, timeout=120_000)
        self.settle()

    def save_answer(self, name: str) -> None:
        """Save the labelled picture of the first answer as the file that it is."""
        script = """async () => {
          const image = document.querySelector("img[alt^='Faces']");
          const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer());
          return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
        }"""
        (PICTURES / name).write_bytes(base64.b64decode(self._page.evaluate(script)))


def take(browser: Browser, url: str, album: Path) -> None:
    """The story that the pictures tell."""
    Visit(browser, url, viewport=PHONE, scale=2).shoot("phone")
    visit = Visit(browser, url, viewport=DESKTOP)
    visit.save_answer("reply.jpg")
    visit.shoot("page")

    visit.upload(album / "10.jpg")
    visit.react("❌")
    visit.open_menu()
    visit.choose("Search by typing…")
    visit.fill_form(TAUGHT)
    visit.press("Yes, learn from them")
    for number in range(3):
        visit.press(f"Ann posts {TAUGHT}")
        visit.react("❌")
        visit.open_menu()
        if number == 0:
            visit.point_at(TAUGHT)
            visit.shoot("correction")
        visit.choose(TAUGHT)
        visit.wait_for("Thank you!" if number == 0 else "Noted")

    visit.write("!retrain")
    visit.wait_for("Published")
    visit.shoot("retraining")
    visit.press(f"Ann posts {TAUGHT}")
    visit.wait_for(f"1 {TAUGHT}")
    visit.shoot("learned")


def main() -> None:
    """Take all pictures."""
    options = argparse.ArgumentParser(description="Make the pictures in docs/pictures.")
    options.add_argument("--chromium", help="the browser, if it is not Playwright's own")
    browser = options.parse_args().chromium
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        demo(Path(home)) as url,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"]) as opened,
    ):
        take(opened, url, Path(home) / "demo-pictures" / TAUGHT)


if __name__ == "__main__":
    main()
