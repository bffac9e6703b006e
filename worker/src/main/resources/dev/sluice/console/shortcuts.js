// The keyboard: g and a letter for a page, / for the filter, ? for help.
import { openHelp } from "./help.js";
import { go } from "./location.js";

/** Milliseconds within which the letter follows the g. */
const SECOND_KEY_MILLIS = 1_500;

export function listenToKeys(pages) {
  let afterG = -Infinity;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, dialog") !== null;
    if (typing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const wanted =
      performance.now() - afterG < SECOND_KEY_MILLIS ? pages.find(({ key }) => key === event.key) : undefined;
    afterG = event.key === "g" ? performance.now() : -Infinity;
    if (wanted) {
      event.preventDefault();
      go(wanted.name);
    } else if (event.key === "/") {
      event.preventDefault();
      document.querySelector("[data-filter]")?.focus();
    } else if (event.key === "?") {
      openHelp(pages);
    }
  });
}
