// Asks for a bearer token. It stays in this tab's session storage and is gone when the tab is closed.
import { el } from "./dom.js";

/** @returns a promise of the token; it stays open until one is entered, since no page works without */
export function askForToken(refused) {
  return new Promise((resolve) => {
    const input = el("input", {
      id: "token",
      type: "password",
      autocomplete: "off",
      required: true,
      pattern: "[!-~]+",
      title: "Visible ASCII characters without spaces",
      spellcheck: "false",
    });
    const form = el(
      "form",
      { method: "dialog" },
      el("h2", { id: "token-title" }, "This console needs a token"),
      el(
        "p",
        { id: "token-help" },
        refused
          ? "The worker refused this token. Check it, or ask for a new one."
          : "Paste the token that you were given. It is kept in this tab only and forgotten when the tab is closed.",
      ),
      el("label", { for: "token" }, "Token"),
      input,
      el("div", { class: "buttons" }, el("button", { class: "primary" }, "Open")),
    );
    const dialog = el(
      "dialog",
      { class: "box", "aria-labelledby": "token-title", "aria-describedby": "token-help" },
      form,
    );
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(input.value.trim());
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
