// The doctor's checks, run on demand.
import { post } from "./api.js";
import { announce, busy, el, shape, show, text } from "./dom.js";
import { clock, plural } from "./format.js";
import { pageOf } from "./page.js";

const WORDS = { pass: "ok", warn: "warn", fail: "fail" };
const ORDER = ["fail", "warn", "pass"];
/** What the last run on this page said, for who comes back. */
let last = null;

export function open(main) {
  const { body } = pageOf(
    main,
    "Doctor",
    "Checks queue, database, schema, grants, pipeline and keys from where this worker runs. It changes nothing.",
  );
  const run = el("button", { type: "button", class: "primary", "data-filter": true }, "Run the checks");
  const verdict = el(
    "p",
    { class: "verdict" },
    "Not run yet on this page. It takes a few seconds and calls the queue and the database.",
  );
  const checks = el("ul", { class: "checks" });
  const draw = () => {
    show(checks, [...last.checks].sort((a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result)).map(check));
    text(verdict, `${said(last.checks)} Run at ${clock(last.at)}.`);
  };
  run.addEventListener("click", () =>
    busy(run, "Checking…", async () => {
      try {
        last = await post("doctor");
        draw();
        announce(said(last.checks));
      } catch (refused) {
        show(checks);
        text(verdict, refused.message);
        announce(refused.message);
      }
    }),
  );
  show(body, el("div", { class: "actions" }, run, verdict), checks);
  if (last) {
    draw();
  }
  return {};
}

function said(checks) {
  const n = (result) => checks.filter((one) => one.result === result).length;
  if (n("fail") + n("warn") === 0) {
    return `All ${plural(checks.length, "check")} passed.`;
  }
  const failed = n("fail") === 0 ? "Nothing failed" : `${n("fail")} failed`;
  return `${failed}; ${plural(n("warn"), "warning")}, ${n("pass")} passed.`;
}

function check({ name, result, text: words }) {
  return el(
    "li",
    { class: WORDS[result] },
    shape(WORDS[result]),
    el("strong", {}, name),
    el("span", {}, el("span", { class: "visually-hidden" }, `${result}: `), words),
  );
}
