// The latest rows as they are stored, and the masked values that most users share.
import { get } from "./api.js";
import { copyable, el, show, text } from "./dom.js";
import { exact, plural } from "./format.js";
import { change, here } from "./location.js";
import { listing } from "./listing.js";
import { pageOf, part } from "./page.js";

/** Few enough that the shared values below are seen; a click shows the others. */
const FEW_ROWS = 10;
const MORE_ROWS = 100;

export function open(main) {
  let columns = [];
  let rows = FEW_ROWS;
  const { body, reload, stateChanged } = pageOf(
    main,
    "Table",
    "The latest rows, exactly as they are stored: masked columns hold tokens. Equal originals have equal tokens in deterministic columns.",
    () => read(),
  );
  const latest = listing({
    label: "Latest rows",
    columns: () => columns,
    empty: () => "The table is empty. The latest rows appear here as soon as an event is stored.",
  });
  const more = el("button", { type: "button", class: "secondary", hidden: true }, `Show ${MORE_ROWS} rows`);
  more.addEventListener("click", () => {
    rows = MORE_ROWS;
    reload();
  });
  const select = el("select", {
    id: "shared-column",
    on: {
      change: () => {
        change({ column: select.value });
        readShared();
      },
    },
  });
  const choice = el(
    "div",
    { class: "fields" },
    el("label", { for: "shared-column" }, el("span", {}, "Column"), select),
  );
  const groups = el("ol", { class: "bars" });
  const note = el("p", { class: "nothing" });
  const sharedPart = part("Values shared by most users", choice, groups, note);
  show(body, part("Latest rows", latest.element, more), sharedPart);

  async function read() {
    try {
      const answer = await get("table", { limit: rows });
      columns = answer.columns.map(column);
      latest.rows(answer.rows);
      more.hidden = rows === MORE_ROWS || answer.rows.length < rows;
      sharedPart.hidden = false;
      await readShared();
    } catch (refused) {
      latest.refused(refused.message);
      more.hidden = true;
      sharedPart.hidden = true;
    }
  }

  async function readShared() {
    try {
      const {
        column: chosen,
        columns: joinable,
        groups: shared,
      } = await get("shared", { column: here().parameters.get("column"), limit: 20 });
      show(
        select,
        joinable.map((name) => el("option", { value: name, selected: name === chosen }, name)),
      );
      choice.hidden = joinable.length === 0;
      const byUsers = shared.every(({ users }) => users !== null);
      text(sharedPart.querySelector("h2"), byUsers ? "Values shared by most users" : "Values that most rows share");
      const most = Math.max(1, ...shared.map(({ users, rows: n }) => users ?? n));
      show(
        groups,
        shared.map((group) => bar(group, most)),
      );
      text(
        note,
        joinable.length === 0
          ? "No column has equal tokens for equal originals, so no values are compared."
          : shared.length === 0
            ? "No value is shared: each one appears once so far."
            : "",
      );
    } catch (refused) {
      show(groups);
      text(note, refused.message);
    }
  }

  reload();
  return { stateChanged };
}

function column({ name, type, masked }, i) {
  const numeric = /int|numeric|double|real/.test(type);
  return {
    key: name,
    title: name,
    note: masked ? `masked, ${masked}` : type,
    numeric,
    sort: (row) => (numeric && row[i] !== null ? Number(row[i]) : row[i]),
    cell: (row) => value(row[i], masked),
  };
}

function value(stored, masked) {
  if (stored === null) {
    return el("span", { class: "none" }, "NULL");
  }
  return masked || stored.length > 36 ? copyable(stored) : el("span", { class: "stored" }, stored);
}

function bar({ token, users, rows }, most) {
  const length = el("i", { class: "bar", "aria-hidden": "true" });
  length.style.setProperty("--share", `${(100 * (users ?? rows)) / most}%`);
  return el(
    "li",
    {},
    copyable(token, 21),
    length,
    el("span", {}, users === null ? null : [el("b", {}, exact(users)), users === 1 ? " user" : " users"]),
    el("span", { class: "muted" }, plural(rows, "row")),
  );
}
