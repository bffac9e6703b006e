// What every page but the overview has: a title, a sentence on what it is, a way to read it again.
import { busy, el, show, text } from "./dom.js";
import { clock } from "./format.js";

/** @returns `body` to fill, `reload`, which calls `read` and says when that was, and `stateChanged` for the frame */
export function pageOf(main, title, purpose, read) {
  const asOf = el("span", { class: "as-of" });
  const again = el(
    "button",
    { type: "button", class: "secondary", on: { click: () => busy(again, "Reading…", reload) } },
    "Refresh",
  );
  const body = el("div", { class: "body" });
  show(
    main,
    el(
      "div",
      { class: "page" },
      el(
        "header",
        {},
        el("div", {}, el("h1", {}, title), el("p", { class: "purpose" }, purpose)),
        el("div", { class: "again" }, asOf, read ? again : null),
      ),
      body,
    ),
  );
  async function reload() {
    await read();
    text(asOf, `As of ${clock(new Date().toISOString())}`);
  }
  /** What was refused while the worker or its database did not answer is read again by itself. */
  const stateChanged = (before) => (["gone", "circuit_open"].includes(before) ? reload() : null);
  return { body, reload, stateChanged };
}

/** A part of a page with a heading of its own. */
export function part(title, ...children) {
  return el("section", { class: "part" }, el("h2", {}, title), ...children);
}
