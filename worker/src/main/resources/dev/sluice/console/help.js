// The keyboard, on one card.
import { el } from "./dom.js";

export function openHelp(pages) {
  const rows = [
    ...pages.map(({ key, title }) => [["g", key], title]),
    [["/"], "Filter this page"],
    [["Enter"], "Copy the identifier in focus"],
    [["Esc"], "Close a dialog"],
    [["?"], "This card"],
  ];
  const dialog = el(
    "dialog",
    { class: "box help", "aria-labelledby": "help-title" },
    el(
      "form",
      { method: "dialog" },
      el("h2", { id: "help-title" }, "Keyboard"),
      el(
        "dl",
        {},
        rows.map(([presses, what]) =>
          el(
            "div",
            {},
            el(
              "dt",
              {},
              presses.map((press) => el("kbd", {}, press)),
            ),
            el("dd", {}, what),
          ),
        ),
      ),
      el("div", { class: "buttons" }, el("button", { class: "primary", autofocus: true }, "Close")),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
