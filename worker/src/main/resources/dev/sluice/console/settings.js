// The settings in force, secrets redacted, each with its origin; and the pipeline as it was read.
import { get } from "./api.js";
import { el, show, text } from "./dom.js";
import { listing } from "./listing.js";
import { pageOf, part } from "./page.js";

const COLUMNS = [
  { key: "key", title: "Setting", cell: ({ key }) => el("code", {}, key), sort: ({ key }) => key },
  {
    key: "value",
    title: "Value",
    cell: ({ value }) =>
      value === "(redacted)"
        ? el("span", { class: "none" }, "redacted")
        : value === null
          ? el("span", { class: "none" }, "not set")
          : el("span", { class: "stored" }, value),
    sort: ({ value }) => value,
  },
  { key: "origin", title: "From", cell: ({ origin }) => origin ?? "", sort: ({ origin }) => origin },
];

export function open(main) {
  const { body, reload, stateChanged } = pageOf(
    main,
    "Settings",
    "What this worker runs with. Flags come before the environment, that before the file, that before the defaults.",
    () => read(),
  );
  const settings = listing({ label: "Settings", columns: () => COLUMNS, empty: () => "No setting.", noun: "setting" });
  const yaml = el("pre", { tabindex: 0, "aria-label": "Pipeline as YAML" });
  const version = el("p", { class: "hint" });
  show(body, settings.element, part("Pipeline", yaml), version);

  async function read() {
    try {
      const answer = await get("settings");
      settings.rows([...answer.settings].sort((a, b) => rank(a) - rank(b)));
      text(yaml, answer.pipeline_yaml);
      text(version, `Sluice ${answer.version}`);
    } catch (refused) {
      settings.refused(refused.message);
    }
  }

  reload();
  return { stateChanged };
}

/** What somebody has set comes first, what has no value last. */
function rank({ origin }) {
  return origin === null ? 2 : origin === "default" ? 1 : 0;
}
