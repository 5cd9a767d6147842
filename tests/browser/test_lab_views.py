"""Which form of a display JupyterLab shows: live beside its kernel, still everywhere else."""

import base64

import pytest

from tests.browser.lab import code_cell, notebook

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"'
    ' fill="teal"/><script>parent.document.title = "from the picture"</script></svg>'
)
PICTURE = "data:image/svg+xml;base64," + base64.b64encode(SVG.encode()).decode()

# A display like ours, made of the least that can be live.
DISPLAY = f'''
import anywidget
from IPython.display import publish_display_data

class Probe(anywidget.AnyWidget):
    _esm = """export default {{ render({{ el }}) {{
      const button = document.createElement("button");
      button.textContent = "live";
      el.append(button);
      el.dataset.cellissimoReady = "";
      el.dispatchEvent(new CustomEvent("cellissimo:ready", {{ bubbles: true, composed: true }}));
    }} }}"""

def show(widget, view="application/vnd.cellissimo.view+json"):
    publish_display_data({{
        view: {{"version": 1, "kind": "loop", "alt": "a loop"}},
        "application/vnd.jupyter.widget-view+json": {{
            "version_major": 2, "version_minor": 0, "model_id": widget.model_id}},
        "text/html": \'<figure class="cellissimo-view"><img src="{PICTURE}" alt="a loop"/>\'
                     \'<audio controls src="data:audio/mpeg;base64,SUQzBAA="></audio></figure>\',
        "text/plain": "Loop",
    }})

probe = Probe()
'''

NOTEBOOK = notebook(code_cell(DISPLAY), code_cell("show(probe)"), code_cell("probe.close()"))


@pytest.fixture
def desk(sit_down, lab_server):
    """Sit at a JupyterLab with the notebook above, run through its second cell, and saved."""
    lab_server.write("views.ipynb", NOTEBOOK)
    desk = sit_down(lab_server)
    desk.open("views.ipynb")
    desk.run(0)
    desk.run(1)
    expect(live(desk)).to_be_visible()
    desk.save()
    return desk


def live(desk):
    """Find the button that only the live widget has."""
    return desk.output(1).get_by_role("button", name="live")


def still(desk):
    """Find the picture that only the still form has."""
    return desk.output(1).get_by_role("img", name="a loop")


def expect_still(desk):
    """Expect the still form, picture and player, and nothing of the widget or of its absence."""
    expect(still(desk)).to_be_visible()
    expect(desk.output(1).locator("audio")).to_be_visible()
    expect(live(desk)).to_have_count(0)
    expect(desk.output(1).get_by_text("Run the cell to make it live.")).to_be_visible()
    expect(desk.output(1).get_by_text("model not found")).not_to_be_visible()


def test_beside_its_kernel_a_display_is_live(desk):
    """A cell that ran shows the widget; the still form is hidden, not gone."""
    expect(still(desk)).not_to_be_visible()
    expect(desk.output(1).get_by_text("Run the cell")).not_to_be_visible()


def test_ours_comes_before_ipywidgets(sit_down, lab_server):
    """Without our media type the same bundle is ipywidgets' to show: ours really ranks first."""
    other = 'show(probe, view="application/vnd.example+json")'
    lab_server.write("rank.ipynb", notebook(code_cell(DISPLAY), code_cell(other)))
    desk = sit_down(lab_server)
    desk.open("rank.ipynb")
    desk.run(0)
    desk.run(1)
    expect(live(desk)).to_be_visible()
    expect(desk.cell(1).locator(".cellissimo-view")).to_have_count(0)


def test_reloaded_beside_its_kernel_it_is_live_again(desk):
    """A page that is loaded anew finds the widget where the kernel still has it."""
    desk.reload()
    expect(live(desk)).to_be_visible(timeout=30_000)


def test_reopened_with_another_kernel_it_is_still(desk):
    """A notebook opened the next day has a kernel that knows nothing of its outputs."""
    desk.server.end_kernels()
    desk.page.goto("about:blank")
    desk.open("views.ipynb")
    expect_still(desk)


def test_after_a_restart_it_is_still_and_runs_live_again(desk):
    """A restarted kernel takes its widgets along; running the cells again brings them back."""
    desk.restart_kernel()
    expect_still(desk)
    desk.run(0)
    desk.run(1)
    expect(live(desk)).to_be_visible()


def test_a_closed_widget_leaves_the_still_form(desk):
    """`widget.close()` in Python ends the live view, not the output."""
    desk.run(2)
    expect_still(desk)


@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "untrusted"])
def test_reopened_without_a_kernel_it_is_still(desk, sit_down, reading_server, trusted):
    """Somebody else's machine, with no kernel, shows picture and player, trusted or not."""
    name = f"views-{trusted}.ipynb"
    reading_server.write(name, desk.server.read("views.ipynb"))
    if trusted:
        reading_server.trust(name)
    reader = sit_down(reading_server)
    reader.open_without_kernel(name)
    expect_still(reader)
    assert reader.page.title() != "from the picture"


def test_cleared_and_run_again_it_leaks_no_view(desk):
    """Each run ends the view before: one live button, however often the cell is run."""
    for _ in range(3):
        desk.run(1)
        expect(live(desk)).to_be_visible()
    expect(desk.page.get_by_role("button", name="live")).to_have_count(1)
    desk.menu("Edit", "Clear Outputs of All Cells")
    expect(desk.page.locator(".cellissimo-view")).to_have_count(0)


def test_only_pictures_and_sound_of_the_two_kinds_are_shown(sit_down, reading_server):
    """Anything but inline SVG and MP3 in a stranger's notebook is left out; the text remains."""
    html = (
        '<figure class="cellissimo-view"><img src="data:image/png;base64,PGI+" alt="x"/>'
        '<img src="data:text/html;base64,PGI+" onerror="document.title=1"/>'
        '<audio src="data:text/html;base64,PGI+"></audio><script>document.title=2</script></figure>'
    )
    data = {
        "application/vnd.cellissimo.view+json": {"version": 1, "kind": "loop", "alt": "x"},
        "text/html": html,
        "text/plain": 'Loop "Strange"',
    }
    outputs = [{"output_type": "display_data", "metadata": {}, "data": data}]
    reading_server.write("strange.ipynb", notebook(code_cell("loop", outputs)))
    reader = sit_down(reading_server)
    reader.open_without_kernel("strange.ipynb")
    expect(reader.output(0).locator("pre")).to_have_text('Loop "Strange"')
    expect(reader.output(0).locator("img, audio, script")).to_have_count(0)
