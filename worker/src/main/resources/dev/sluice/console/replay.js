// Replay: says what will happen, to how many records, under which version; the number is typed to confirm.
import { get, post } from "./api.js";
import { announce, el, show, text } from "./dom.js";
import { exact, plural } from "./format.js";

/** @returns a promise of the worker's answer, null when it was cancelled or there is nothing to replay */
export function openReplay(filter, session) {
  const title = el("h2", { id: "replay-title" }, "Replay from quarantine");
  const content = el("div", { id: "replay-text" }, el("p", {}, "Counting what the filter selects…"));
  const problem = el("p", { class: "problem", role: "alert" });
  const confirm = el("input", { id: "confirm", inputmode: "numeric", autocomplete: "off" });
  const ticket = el("input", {
    id: "ticket",
    autocomplete: "off",
    required: true,
    pattern: "[A-Za-z0-9][A-Za-z0-9_\\/#\\-]{0,63}",
    title: "1 to 64 letters, digits, _ / # or -, such as CASE-7",
    placeholder: "CASE-7",
  });
  const go = el("button", { class: "primary", disabled: true }, "Replay");
  const cancel = el("button", { type: "button", class: "secondary" }, "Cancel");
  const prompt = el("span");
  const fields = el(
    "div",
    { class: "confirm", hidden: true },
    el("label", { for: "ticket" }, el("span", {}, "Ticket, for the audit"), ticket),
    el("label", { for: "confirm" }, prompt, confirm),
  );
  const form = el("form", {}, title, content, fields, problem, el("div", { class: "buttons" }, cancel, go));
  const dialog = el(
    "dialog",
    { class: "box replay", "aria-labelledby": "replay-title", "aria-describedby": "replay-text" },
    form,
  );
  let plan = null;
  let answer = null;

  const check = () => {
    go.disabled = plan === null || confirm.value.trim() !== String(plan.count);
  };
  confirm.addEventListener("input", check);
  cancel.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    text(problem, "");
    text(go, "Replaying…");
    try {
      answer = await post("quarantine/replay", request(filter, ticket.value.trim(), plan.count));
      announce(`Replayed ${plural(answer.replayed, "record")}.`);
      dialog.close();
    } catch (refused) {
      text(problem, refused.message);
      confirm.value = "";
      await count();
    }
  });

  /** Also after a refusal: the number may have changed since. */
  async function count() {
    try {
      const found = await get("quarantine/replay-plan", filter);
      plan = found.count > 0 ? found : null;
      show(content, sentences(found, filter, session));
      text(prompt, `Type ${found.count} to confirm`);
      text(go, plan ? label(plan) : "Replay");
    } catch (refused) {
      plan = null;
      show(content);
      text(problem, refused.message);
    }
    fields.hidden = plan === null;
    check();
  }

  document.body.append(dialog);
  dialog.showModal();
  count().then(() => (plan === null ? cancel : ticket).focus());
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    }),
  );
}

function label(plan) {
  return `Replay ${plural(plan.count, "record")}`;
}

function request(filter, ticket, confirm) {
  const given = Object.entries({ ...filter, ticket }).filter(([, value]) => value !== "");
  return { ...Object.fromEntries(given), confirm };
}

function sentences(plan, { reason, from, to }, session) {
  const which = [
    reason ? `with reason ${reason}` : "for any reason",
    from ? `from ${from}` : "",
    to ? `before ${to}` : "",
  ]
    .filter(Boolean)
    .join(", ");
  if (plan.count === 0) {
    return [el("p", {}, `Nothing to replay: no record ${which} is in quarantine.`)];
  }
  const table = session.status?.table ?? "the table";
  return [
    el(
      "p",
      {},
      el("strong", {}, plural(plan.count, "record")),
      ` ${which} ${plan.count === 1 ? "goes" : "go"} through pipeline `,
      el("strong", {}, plan.pipeline),
      `, version `,
      el("code", {}, plan.pipeline_version),
      ", again.",
    ),
    el(
      "p",
      {},
      `What fits now is stored in ${table}; what was stored before is not stored twice; what still does not fit stays in quarantine. The audit records who replayed how many.`,
    ),
  ];
}
