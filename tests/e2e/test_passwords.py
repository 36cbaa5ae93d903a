"""The button that shows a password, by the keyboard, and what may be pasted (NIST SP 800-63B-4 section 3.1.1.2)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SENT_AS = """() => addEventListener("submit", (event) => {
  event.preventDefault();
  document.title = event.target.querySelector("[name=password]").type;
})"""


def test_a_password_is_shown_as_long_as_one_wants(open_page: Callable[..., Page]) -> None:
    """Planted: the listener left out; the state not told; sent while it is shown; the paste swallowed."""
    page = open_page("/sign-in")
    email, field = page.locator("[name=email]"), page.locator("[name=password]")
    button = page.get_by_role("button", name="Show password")
    expect(button).to_have_attribute("aria-pressed", "false")
    email.fill("kettle@example.org")
    email.press("Control+a")
    email.press("Control+c")
    email.press("Tab")
    field.press("Control+v")
    expect(field).to_have_value("kettle@example.org")
    field.press("Tab")
    expect(button).to_be_focused()
    for key, pressed, kind in (("Space", "true", "text"), ("Enter", "false", "password"), ("Enter", "true", "text")):  # fmt: skip
        button.press(key)
        expect(button).to_have_attribute("aria-pressed", pressed)
        expect(field).to_have_attribute("type", kind)
    expect(field).to_have_value("kettle@example.org")
    expect(field).to_have_attribute("spellcheck", "false")
    page.evaluate(SENT_AS)
    field.press("Enter")
    expect(page).to_have_title("password")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_every_password_has_its_own_button(as_actor: Callable[..., Page]) -> None:
    """Planted: one `aria-controls` for all."""
    page = as_actor("manager", "/settings/profile")
    buttons = page.get_by_role("button", name="Show password")
    expect(buttons).to_have_count(2)
    buttons.last.click()
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")
    expect(page.locator("[name=current]")).to_have_attribute("type", "password")


def test_without_scripts_there_is_no_dead_button(open_page: Callable[..., Page]) -> None:
    """Planted: `needs-js` left out."""
    page = open_page("/sign-in", java_script_enabled=False)
    expect(page.locator(".reveal input")).to_be_visible()
    expect(page.locator(".reveal button")).to_be_hidden()
