// Light, dark, or as the system has it. Kept in this browser only.
import { announce, el, text } from "./dom.js";

const KEY = "sluice.theme";
const ORDER = ["system", "light", "dark"];
const SIGN = { system: "◐", light: "☀", dark: "☾" };

/** A button that goes through the three; charts redraw on the event `themechange`. */
export function themeSwitch() {
  const button = el("button", { type: "button", class: "quiet" });
  const draw = (theme) => {
    text(button, SIGN[theme]);
    button.setAttribute("aria-label", `Theme: ${theme}`);
    button.title = `Theme: ${theme}`;
  };
  draw(chosen());
  button.addEventListener("click", () => {
    const theme = ORDER[(ORDER.indexOf(chosen()) + 1) % ORDER.length];
    apply(theme);
    draw(theme);
    announce(`Theme: ${theme}.`);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    window.dispatchEvent(new Event("themechange")),
  );
  return button;
}

function chosen() {
  return document.documentElement.dataset.theme ?? "system";
}

function apply(theme) {
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEY, theme);
  }
  window.dispatchEvent(new Event("themechange"));
}
