"""A workshop in JupyterLab: sliders move figures, answers change verdicts, saving lasts."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from playbook.profile import load_profile

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
IDLE = "Python 3 (ipykernel) | Idle"
START_S, RUN_MS = 60, 90_000


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab on a copy of the notebooks and params."""

    url: str
    token: str
    params: Path


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start `playbook lab` on a copy of the project, so that saving never touches this one."""
    folder = tmp_path_factory.mktemp("workshop")
    for name in ("notebooks", "params"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "notebooks" / "conftest.py").unlink()
    _leave_unanswered(folder / "params" / "demo.yaml", "OPS-05")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    environment = {
        **os.environ,
        "HOME": str(folder / "home"),
        "JUPYTER_TOKEN": token,
        "PLAYBOOK_REPORTS": str(folder / "reports"),
        "PLAYBOOK_PARAMS_DIR": str(folder / "params"),
    }
    environment.pop("PLAYBOOK_PARAMS", None)
    (folder / "home").mkdir()
    command = [sys.executable, "-c", "from playbook.cli import main; main()", "lab"]
    options = ["--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
    root = ["--allow-root"] if os.geteuid() == 0 else []
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, *options, *root], cwd=folder, env=environment, stdout=log, stderr=log
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_up(url, token, server, folder / "server.log")
            yield Lab(url, token, folder / "params" / "demo.yaml")
        finally:
            server.terminate()
            server.wait(timeout=30)


def _leave_unanswered(params: Path, control: str) -> None:
    lines = params.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.strip().startswith(f"{control}:")]
    assert len(kept) == len(lines) - 1
    params.write_text("".join(kept), encoding="utf-8")


def _wait_until_up(url: str, token: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/api?token={token}", timeout=2):  # noqa: S310  our own server
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-2_000:]}")


class Notebook:
    """A notebook opened in JupyterLab."""

    def __init__(self, page: Page, lab: Lab, name: str) -> None:
        self.page, self.lab, self.name = page, lab, name
        self.elsewhere: list[str] = []
        page.on("request", self._note)

    def _note(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if not url.startswith((self.lab.url, "blob:", "data:", self.lab.url.replace("http", "ws"))):
            self.elsewhere.append(url)

    def run(self) -> None:
        """Open the notebook afresh, run all its cells and wait for the form's figure."""
        place = f"{self.lab.url}/lab/workspaces/{secrets.token_hex(4)}/tree/{self.name}"
        self.page.goto(f"{place}?reset&token={self.lab.token}")
        self.page.get_by_text(IDLE).first.wait_for(timeout=RUN_MS)
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        failed = self.page.locator(".jp-RenderedText[data-mime-type*='error']")
        self.ready.or_(failed).first.wait_for(timeout=RUN_MS, state="attached")
        assert failed.count() == 0, failed.first.inner_text()[-800:]

    @property
    def form(self) -> Locator:
        """The cell with the form."""
        return self.page.locator(".jp-CodeCell", has=self.page.locator(".jupyter-button")).last

    @property
    def ready(self) -> Locator:
        """What shows that the last cell with a form has run."""
        return self.figure_title

    @property
    def figure_title(self) -> Locator:
        return self.form.locator(".gtitle").first

    @property
    def title(self) -> str:
        return self.figure_title.text_content() or ""

    def wait_for_other_title(self, before: str) -> str:
        """Wait until the figure's title changes, and return the new one."""
        self.page.wait_for_function(
            "([title, before]) => title.textContent !== before",
            arg=[self.figure_title.element_handle(), before],
            timeout=30_000,
        )
        return self.title

    def press(self, slider: Locator, key: str) -> str:
        """Press a key on a slider's handle and return the figure's next title."""
        handle, before = slider.locator(".noUi-handle").first, self.title
        handle.scroll_into_view_if_needed()
        handle.focus()
        handle.press(key)
        return self.wait_for_other_title(before)

    def slider(self, name: str) -> Locator:
        return self.form.locator(".widget-slider", has_text=name)

    def question(self, control: str) -> Locator:
        """The row of a question of the checklist."""
        rows = self.form.locator(".widget-vbox:has(> .widget-html)")
        return rows.filter(has_text=control).last

    def chosen(self, control: str) -> list[str]:
        pressed = self.question(control).locator("button.mod-active")
        return [text.strip() for text in pressed.all_inner_texts()]


class PlainForm(Notebook):
    """A notebook whose form has no figure."""

    @property
    def ready(self) -> Locator:
        return self.form.locator("textarea").first


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    yield page
    page.close()


def test_volume_slider_moves_the_figure(page: Page, lab: Lab) -> None:
    notebook = Notebook(page, lab, "03_costs.ipynb")
    notebook.run()

    after = notebook.press(notebook.slider("tokens per day"), "ArrowRight")

    assert "$" in after
    assert "tokens a day" in notebook.slider("tokens per day").locator("label").get_attribute(
        "title"
    )
    assert notebook.elsewhere == []


def test_another_view_and_another_gpu_redraw_the_figure(page: Page, lab: Lab) -> None:
    notebook = Notebook(page, lab, "03_costs.ipynb")
    notebook.run()

    notebook.form.locator("select").last.select_option(label="speed of own servers")
    notebook.form.locator(".gtitle", has_text="One replica").first.wait_for(timeout=RUN_MS)
    speed = notebook.title
    notebook.form.get_by_label("h200", exact=True).check()
    on_h200 = notebook.wait_for_other_title(speed)

    assert "output tokens/s" in speed
    assert "output tokens/s" in on_h200
    assert speed != on_h200
    assert notebook.elsewhere == []


def test_an_answer_is_in_the_file_right_after_the_click_and_outlives_a_reload(
    page: Page, lab: Lab
) -> None:
    before = lab.params.read_text(encoding="utf-8")
    notebook = Notebook(page, lab, "02_compliance.ipynb")
    notebook.run()
    title = notebook.title
    assert notebook.chosen("OPS-05") == []
    assert "not answered yet" in notebook.question("OPS-05").inner_text()
    assert notebook.chosen("BASE-03") == ["Don't know"]

    notebook.question("BASE-03").get_by_role("button", name="Yes").click()
    after = notebook.wait_for_other_title(title)
    strip = notebook.form.get_by_text("options changed")
    strip.wait_for()
    saved = notebook.form.get_by_text("to demo.yaml")
    saved.wait_for()

    assert re.fullmatch(r"saved \d\d:\d\d to demo.yaml", saved.inner_text())
    assert "UNDETERMINED" in after
    assert "Last answer: 0 " not in strip.inner_text()
    assert load_profile(lab.params).data.answers["BASE-03"].answer == "met"
    _only_line_changed(before, lab.params.read_text(encoding="utf-8"), "BASE-03")

    page.reload()
    notebook.run()
    notebook.form.get_by_role("button", name="3 Answered").click()
    notebook.question("BASE-03").locator("button.mod-active").wait_for()

    assert notebook.chosen("BASE-03") == ["Yes"]
    assert notebook.elsewhere == []


def test_a_fact_and_the_details_of_an_answer_are_saved_from_the_browser(
    page: Page, lab: Lab
) -> None:
    notebook = Notebook(page, lab, "02_compliance.ipynb")
    notebook.run()

    notebook.form.get_by_role("button", name="1 Facts").click()
    notebook.form.get_by_label("retail", exact=True).check()
    _wait_until(lambda: "retail" in (load_profile(lab.params).team.sectors or ()))
    notebook.form.get_by_role("button", name="2 Questions").click()
    row = notebook.question("OPS-05")
    row.get_by_role("button", name="No", exact=True).click()
    row.get_by_label("owner").fill("platform")
    row.get_by_label("owner").press("Tab")
    row.get_by_label("due", exact=True).fill("2027-01-29")
    row.get_by_role("button", name="Details").click()
    row.get_by_text("Why it applies").wait_for()
    row.get_by_text("If Yes").wait_for()
    _wait_until(lambda: load_profile(lab.params).data.answers["OPS-05"].due is not None)

    answer = load_profile(lab.params).data.answers["OPS-05"]
    assert (answer.answer, answer.owner, answer.due) == ("not_met", "platform", date(2027, 1, 29))


def test_the_form_can_be_driven_by_the_keyboard_alone(page: Page, lab: Lab) -> None:
    notebook = Notebook(page, lab, "02_compliance.ipynb")
    notebook.run()
    first = notebook.form.get_by_role("button", name="4 What changed")

    first.focus()
    first.press("Enter")

    notebook.form.get_by_text("What changed since this form was opened").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText").strip() == "Read the file again"


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.2)


def _only_line_changed(before: str, after: str, control: str) -> None:
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    changed = [old for old, new in pairs if old != new]
    assert len(changed) == 1
    assert changed[0].strip().startswith(control)


def test_weights_slider_moves_the_decision(page: Page, lab: Lab) -> None:
    notebook = Notebook(page, lab, "05_decision.ipynb")
    notebook.run()

    after = notebook.press(notebook.slider("cost"), "PageUp")

    assert "has the highest value" in after


def test_a_prompt_is_tried_on_every_cleared_endpoint(page: Page, lab: Lab) -> None:
    notebook = PlainForm(page, lab, "04_trials.ipynb")
    notebook.run()
    form = notebook.form
    asked = (
        "Category: billing, delivery or account? Reply with the label only.\nTicket: <b>late</b>"
    )

    form.get_by_placeholder("The prompt to try").fill(asked)
    form.get_by_role("button", name="Ask").click()
    form.get_by_text("kept back, nothing was sent").first.wait_for(timeout=RUN_MS)
    kept_back = form.inner_text()
    form.locator("select").first.select_option(label="internal")
    form.get_by_role("button", name="Ask").click()
    form.get_by_text("✓ answered").nth(2).wait_for(timeout=RUN_MS)

    assert "restricted data may not go to " in kept_back
    assert form.get_by_text("✓ answered").count() == 3
    assert form.get_by_text("3 of 3 answered; kept in tries.jsonl of the run").count() == 1
    assert notebook.elsewhere == []
