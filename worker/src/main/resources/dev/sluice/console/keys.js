// The keys by id: their state, and how many rows still depend on each. Never key material.
import { get } from "./api.js";
import { busy, copyable, el, shape, show } from "./dom.js";
import { exact, time } from "./format.js";
import { listing } from "./listing.js";
import { pageOf } from "./page.js";

const SHAPES = { primary: "running", enabled: "idle", disabled: "disabled", destroyed: "destroyed" };

const COLUMNS = [
  { key: "id", title: "Key", cell: ({ id }) => copyable(id), sort: ({ id }) => id },
  { key: "field", title: "Field", cell: ({ field }) => field, sort: ({ field }) => field },
  { key: "kind", title: "Kind", cell: ({ kind }) => kind, sort: ({ kind }) => kind },
  {
    key: "state",
    title: "State",
    cell: ({ state }) => el("span", { class: "said" }, shape(SHAPES[state] ?? "disabled"), state),
    sort: ({ state }) => state,
  },
  { key: "created", title: "Created", cell: (row) => time(row.created_at), sort: (row) => row.created_at },
  {
    key: "rows",
    title: "Rows",
    numeric: true,
    cell: ({ rows, rows_at: at }) =>
      rows === null
        ? el("span", { class: "none" }, "not counted")
        : el("span", { title: at ? `counted ${at}` : null }, exact(rows)),
    sort: ({ rows }) => rows,
  },
];

export function open(main) {
  const { body, reload, stateChanged } = pageOf(
    main,
    "Keys",
    "The keys that mask this pipeline's fields, by id. The primary key masks; the others only read what they masked before.",
    () => read({}),
  );
  let dated = false; // a keyset file does not say when its keys were made
  const keys = listing({
    label: "Keys",
    columns: () => COLUMNS.filter(({ key }) => key !== "created" || dated),
    empty: () => "No key yet. Run sluice keys create, then restart the worker.",
    noun: "key",
  });
  const countRows = el("button", { type: "button", class: "secondary" }, "Count rows per key");
  countRows.addEventListener("click", () => busy(countRows, "Counting…", () => read({ count: true })));
  show(
    body,
    keys.element,
    el(
      "div",
      { class: "actions" },
      countRows,
      el(
        "p",
        { class: "hint" },
        "Counting reads the whole table once. A key with no rows left can be destroyed: see sluice keys destroy.",
      ),
    ),
  );

  async function read(parameters) {
    try {
      const answer = await get("keys", parameters);
      dated = answer.keys.some((key) => key.created_at);
      keys.rows(answer.keys);
    } catch (refused) {
      keys.refused(refused.message);
    }
  }

  reload();
  return { stateChanged };
}
