"""A visitor on the demo's page, in a headless browser, who keeps pictures of it; for screenshots.py."""

import base64
import contextlib
import io
import subprocess
import sys
from collections.abc import Generator
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

PICTURES = Path(__file__).with_name("pictures")
DESKTOP = {"width": 1000, "height": 900}
TALL = {"width": 390, "height": 1500}  # a phone that shows the longest answer whole; what is saved is cut to it
TYPED = "Search by typing…"
QUALITIES = (88, 75, 62)
MOST_BYTES = 60_000
IDLE = """() => {
  const page = window.simcordPreview;
  return page?.ready && !page.pendingAction && page.awaitingRevision === null
    && !document.querySelector("#send-message").disabled
    && [...document.querySelectorAll("#preview-app img")].every((image) => image.complete && image.naturalWidth > 0);
}"""
# Menus open below what they are about, as on a phone they do not hide it; nor does what can be done with a message.
ROOM = """
#channel-message-list { padding-bottom: 340px !important; }
.channel-message { scroll-margin-bottom: 16px; }
.message-context-actions { opacity: 0 !important; }
"""
# What the newest messages take up on the page, with a menu that is open over them.
PLACE = """async ([about, count]) => {
  document.querySelector("#channel-message-list").lastElementChild.scrollIntoView({ block: "nearest" });
  await new Promise((done) => setTimeout(done, 300));
  const all = [...document.querySelectorAll(".channel-message")];
  const told = all.findLastIndex((message) => message.innerText.includes(about));
  const from = about ? told : all.length - count;
  const boxes = all.slice(from, from + count).map((each) => each.getBoundingClientRect());
  const menu = document.querySelector(".select-list:popover-open")?.getBoundingClientRect();
  const top = Math.min(...boxes.map((box) => box.top), menu?.top ?? Infinity);
  return [Math.max(0, top), Math.max(...boxes.map((box) => box.bottom), menu?.bottom ?? 0)];
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
        phone = scale > 1
        self._page: Page = browser.new_page(
            viewport=viewport, device_scale_factor=scale, has_touch=phone, bypass_csp=phone
        )
        self._page.goto(url)
        if phone:
            self._page.add_style_tag(content=ROOM)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is going on."""
        self._page.mouse.move(0, 0)
        self._page.wait_for_function(IDLE, timeout=60_000)
        self._page.wait_for_timeout(700)

    def shoot(self, name: str) -> None:
        """Save what is seen."""
        save(name, self._page.screenshot())

    def cut(self, name: str, *, messages: int = 1, about: str = "") -> None:
        """Save some messages: the newest, or those from the newest that says something on."""
        top, bottom = self._page.evaluate(PLACE, [about, messages])
        box = {"x": 0, "y": max(0, top - 4), "width": self._page.viewport_size["width"], "height": bottom - top + 12}
        save(name, self._page.screenshot(clip=box))

    def view_as(self, who: str) -> None:
        """Be somebody else."""
        self._page.select_option("#viewer-picker", label=who)
        self.settle()

    def press(self, name: str) -> None:
        """Press the newest button of that name."""
        self._page.locator("button.component-button", has_text=name).last.click()
        self.settle()

    def react(self, emoji: str) -> None:
        """React to the newest answer."""
        self._page.locator(".reaction-chip", has_text=emoji).last.click()
        self.settle()

    def open_menu(self, *, place: int = -1) -> None:
        """Open the newest menu, or another one."""
        self._page.locator(".select-trigger").nth(place).click()
        self._page.wait_for_timeout(400)

    def close_menu(self) -> None:
        """Close the open menu."""
        self._page.keyboard.press("Escape")
        self._page.wait_for_timeout(300)

    def point_at(self, option: str) -> None:
        """Point at something in the open menu."""
        self._page.locator(".select-list:popover-open .select-option", has_text=option).hover()
        self._page.wait_for_timeout(300)

    def choose(self, option: str) -> None:
        """Choose from the open menu."""
        self._page.locator(".select-list:popover-open .select-option", has_text=option).first.click()
        self.settle()

    def type_name(self, text: str, *, place: int = -1) -> None:
        """Search the newest menu, or another one, by typing."""
        self.open_menu(place=place)
        self.choose(TYPED)
        self.submit(text)

    def submit(self, text: str) -> None:
        """Fill in the open form's only line."""
        self._page.locator(".modal-dialog input").first.fill(text)
        self._page.locator(".modal-dialog button[type=submit]").click()
        self.settle()

    def use_app(self, name: str, *, on: str) -> None:
        """Choose from the menu *Apps* of the first message that says something."""
        message = self._page.locator(".channel-message", has_text=on).first
        message.hover()
        message.locator(".message-apps summary").click()
        message.locator(".message-apps button", has_text=name).click()

    def name_it(self, name: str) -> None:
        """Say of the newest answer, which shows one face, who that is."""
        self.press("Correct…")
        self.open_menu()
        self.choose(name)

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
        self.settle()

    def reply(self, text: str) -> None:
        """Reply to the newest message."""
        self._page.locator(".message-action-button[aria-label=Reply]").last.dispatch_event("click")
        self.write(text)

    def wait_for(self, text: str) -> None:
        """Wait until the newest message says that."""
        script = "(text) => [...document.querySelectorAll('.message-content')].at(-1).innerText.includes(text)"
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


def save(name: str, screen: bytes) -> None:
    """Write a picture small, in the best quality that is."""
    image = Image.open(io.BytesIO(screen)).convert("RGB")
    path = PICTURES / f"{name}.webp"
    for part, quality in product((1, 0.75, 0.6, 0.5), QUALITIES):
        smaller = image.resize((round(image.width * part), round(image.height * part)), Image.Resampling.LANCZOS)
        smaller.save(path, quality=quality, method=6)
        if path.stat().st_size <= MOST_BYTES:
            break
