// A table whose order and filter live in the URL, with an empty state that says what will be here.
import { el, show, text } from "./dom.js";
import { plural } from "./format.js";
import { change, here } from "./location.js";

/**
 * @param columns `{ key, title, note, cell(row), sort(row), numeric }`; without `sort` a column cannot be sorted
 * @param prefix of the URL's parameters, where a page has several tables
 * @param filter "above" the table, "apart" where the page wants to place it, "none"
 * @returns its element, the filter's, `rows(list)`, `refused(sentence)`
 */
export function listing({ label, columns, empty, noun = "row", prefix = "", filter = "above", rowClass = () => null }) {
  const body = el("tbody");
  const head = el("tr");
  const note = el("p", { class: "nothing" }, "Reading…");
  const found = el("span", { class: "found", role: "status" });
  const input = el("input", {
    type: "search",
    placeholder: "Filter",
    "aria-label": `Filter ${label}`,
    "data-filter": true,
    spellcheck: "false",
  });
  const scroller = el(
    "div",
    { class: "scroller", tabindex: 0, role: "region", "aria-label": label },
    el("table", {}, el("thead", {}, head), body),
  );
  const search = el("div", { class: "filter" }, input, found);
  const element = el("div", { class: "listing" }, filter === "above" ? search : null, scroller, note);
  let all = null;

  const order = () => {
    const [key, way] = (here().parameters.get(`${prefix}sort`) ?? "").split(".");
    return { column: columns().find((column) => column.key === key && column.sort), down: way === "down" };
  };
  const draw = () => {
    const sought = input.value.trim().toLowerCase();
    const { column, down } = order();
    const rows = (all ?? []).filter((row) => sought === "" || JSON.stringify(row).toLowerCase().includes(sought));
    if (column) {
      rows.sort((a, b) => compare(column.sort(a), column.sort(b)) * (down ? -1 : 1));
    }
    drawHead(head, columns(), column, down, (key) => {
      change({ [`${prefix}sort`]: key });
      draw();
      head.querySelector(`[data-key="${CSS.escape(key.split(".")[0])}"]`)?.focus();
    });
    show(
      body,
      rows.map((row) =>
        el(
          "tr",
          { class: rowClass(row) },
          columns().map((one) => el("td", { class: one.numeric ? "numeric" : null }, one.cell(row))),
        ),
      ),
    );
    scroller.hidden = rows.length === 0;
    search.hidden = all === null || all.length === 0;
    text(found, sought === "" ? "" : `${plural(rows.length, noun)} of ${all?.length ?? 0} shown`);
    show(
      note,
      all === null
        ? "Reading…"
        : all.length === 0
          ? empty()
          : rows.length === 0
            ? `No ${noun} here matches the filter.`
            : "",
    );
  };

  input.value = here().parameters.get(`${prefix}find`) ?? "";
  input.addEventListener("input", () => {
    change({ [`${prefix}find`]: input.value.trim() });
    draw();
  });
  return {
    element,
    search,
    rows: (list) => {
      all = list;
      draw();
    },
    refused: (sentence) => {
      all = null;
      scroller.hidden = true;
      search.hidden = true;
      show(note, sentence);
    },
  };
}

function drawHead(head, columns, sorted, down, sort) {
  show(
    head,
    columns.map((column) => {
      const mine = sorted?.key === column.key;
      const note = column.note ? el("small", {}, column.note) : null;
      const button = () =>
        el(
          "button",
          {
            type: "button",
            class: "sort",
            "data-key": column.key,
            on: { click: () => sort(!mine ? column.key : down ? "" : `${column.key}.down`) },
          },
          column.title,
          el("i", { "aria-hidden": "true" }, mine ? (down ? "↓" : "↑") : ""),
          note,
        );
      return el(
        "th",
        {
          scope: "col",
          class: column.numeric ? "numeric" : null,
          "aria-sort": mine ? (down ? "descending" : "ascending") : null,
        },
        column.sort ? button() : [column.title, note],
      );
    }),
  );
}

function compare(a, b) {
  if (a === b) {
    return 0;
  }
  if (a === null || a === undefined || b === null || b === undefined) {
    return a === null || a === undefined ? -1 : 1;
  }
  return typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : 1;
}
