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
  const ticket = el("input", { id: "ticket", autocomplete: "off", maxlength: 128, placeholder: "CASE-7" });
  const go = el("button", { class: "primary", disabled: true }, "Replay");
  const cancel = el("button", { type: "button", class: "secondary" }, "Cancel");
  const fields = el("div", { class: "confirm", hidden: true });
  const form = el("form", {}, title, content, fields, problem, el("div", { class: "buttons" }, cancel, go));
  const dialog = el("dialog", { class: "box", "aria-labelledby": "replay-title", "aria-describedby": "replay-text" }, form);
  let plan = null;
  let answer = null;

  const check = () => { go.disabled = plan === null || confirm.value.trim() !== String(plan.count); };
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
      text(go, label(plan));
      check();
    }
  });

  document.body.append(dialog);
  dialog.showModal();
  get("quarantine/replay-plan", filter).then((found) => {
    plan = found.count > 0 ? found : null;
    show(content, sentences(found, filter, session));
    if (plan !== null) {
      text(go, label(plan));
      show(fields, el("label", { for: "ticket" }, el("span", {}, "Ticket, for the audit (optional)"), ticket), el("label", { for: "confirm" }, el("span", {}, `Type ${plan.count} to confirm`), confirm));
      fields.hidden = false;
      confirm.focus();
    }
  }).catch((refused) => {
    show(content);
    text(problem, refused.message);
  });
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    dialog.remove();
    resolve(answer);
  }));
}

function label(plan) {
  return `Replay ${plural(plan.count, "record")}`;
}

function request(filter, ticket, confirm) {
  const given = Object.entries({ ...filter, ticket }).filter(([, value]) => value !== "");
  return { ...Object.fromEntries(given), confirm };
}

function sentences(plan, { reason, from, to }, session) {
  const which = [reason ? `with reason ${reason}` : "of every reason", from ? `from ${from}` : "", to ? `before ${to}` : ""].filter(Boolean).join(", ");
  if (plan.count === 0) {
    return [el("p", {}, `Nothing to replay: no record ${which} is in quarantine.`)];
  }
  const table = session.status?.table ?? "the table";
  return [
    el("p", {}, el("strong", {}, plural(plan.count, "record")), ` ${which} ${plan.count === 1 ? "goes" : "go"} through pipeline `, el("strong", {}, plan.pipeline), `, version `, el("code", {}, plan.pipeline_version), ", again."),
    el("p", {}, `What fits now is stored in ${table}; what was stored before is not stored twice; what still does not fit stays in quarantine. The audit records who replayed how many.`),
  ];
}
