// Runs before the first paint, so that a chosen theme does not flash. Without a choice the system's theme applies.
const chosenTheme = localStorage.getItem("sluice.theme");
if (chosenTheme === "light" || chosenTheme === "dark") {
  document.documentElement.dataset.theme = chosenTheme;
}
