// Builds elements. Text goes through textContent only: nothing that the worker answers is ever parsed as HTML.

/** An element. Attributes: `class`, `on` (listeners by event), anything else as written; null and false are left out. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      Object.entries(value).forEach(([event, listener]) => element.addEventListener(event, listener));
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replaces what is in an element. */
export function show(element, ...children) {
  element.replaceChildren(
    ...children.flat().filter((child) => child !== null && child !== undefined && child !== false),
  );
}

/** Sets the text only where it changed, so that a selection survives and nothing is announced twice. */
export function text(element, value) {
  if (element.textContent !== value) {
    element.textContent = value;
  }
}

/** Says something to those who do not see the page. */
export function announce(sentence) {
  text(document.getElementById("announcer"), sentence);
}

/** A shape beside a word: state is never said by colour alone. */
export function shape(kind) {
  const paths = {
    running: svg("circle", { cx: 8, cy: 8, r: 5 }),
    idle: svg("circle", { cx: 8, cy: 8, r: 4.5, class: "hollow" }),
    starting: svg("circle", { cx: 8, cy: 8, r: 4.5, class: "hollow dotted" }),
    draining: svg("path", { d: "M3 4h10l-5 9z" }),
    circuit_open: svg("path", { d: "M3 3h10v10H3z" }),
    queue_unreachable: svg("path", { d: "M8 2l6.5 11.5h-13z" }),
    gone: svg("path", { d: "M4 4l8 8M12 4l-8 8", class: "stroke" }),
    disabled: svg("circle", { cx: 8, cy: 8, r: 4.5, class: "hollow dotted" }),
    destroyed: svg("path", { d: "M4 4l8 8M12 4l-8 8", class: "stroke" }),
    ok: svg("path", { d: "M3 8.5l3.5 3.5L13 4.5", class: "stroke" }),
    warn: svg("path", { d: "M8 2l6.5 11.5h-13z" }),
    fail: svg("path", { d: "M3 3h10v10H3z" }),
  };
  return svg(
    "svg",
    { class: `shape ${kind}`, viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" },
    paths[kind],
  );
}

/** A long identifier, shortened in the middle; click or Enter copies the whole. */
export function copyable(value, length = 17) {
  if (value === null || value === undefined || value === "") {
    return el("span", { class: "none" }, "–");
  }
  const whole = String(value);
  const half = Math.floor((length - 1) / 2);
  const shown = whole.length > length ? `${whole.slice(0, half)}…${whole.slice(-half)}` : whole;
  const button = el("button", { type: "button", class: "token", title: `${whole}\nClick to copy` }, shown);
  button.setAttribute("aria-label", `Copy ${whole}`);
  button.addEventListener("click", () => copy(button, whole));
  return button;
}

/** Runs what a button starts, once at a time; the button keeps the focus and says what it does. */
export async function busy(button, words, work) {
  if (button.getAttribute("aria-disabled") === "true") {
    return;
  }
  const usual = button.textContent;
  button.setAttribute("aria-disabled", "true");
  text(button, words);
  try {
    await work();
  } finally {
    button.removeAttribute("aria-disabled");
    text(button, usual);
  }
}

async function copy(button, whole) {
  try {
    await navigator.clipboard.writeText(whole);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1200);
    announce("Copied.");
  } catch {
    announce("The browser does not allow copying here. Select the text instead.");
  }
}
