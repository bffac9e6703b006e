// Page and filter live in the fragment (#/quarantine?reason=missing), so that a view can be shared and the way back works.

/** @returns the page's name and its parameters */
export function here() {
  const [name, query] = location.hash.replace(/^#\/?/, "").split("?");
  return { page: name || "overview", parameters: new URLSearchParams(query ?? "") };
}

/** Opens a page. */
export function go(page, parameters = {}) {
  location.hash = link(page, parameters);
}

/** Changes parameters of this page without a new entry in the browser's history; an empty value removes one. */
export function change(parameters) {
  const current = here();
  const all = { ...Object.fromEntries(current.parameters), ...parameters };
  history.replaceState(null, "", link(current.page, all));
}

/** A link to a page; parameters that are empty are left out. */
export function link(page, parameters = {}) {
  const query = new URLSearchParams(
    Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined),
  );
  return `#/${page}${query.size ? `?${query}` : ""}`;
}
