// The pages work whole without this file. It hides what a live answer makes needless, and keeps the place of the
// keyboard when the live answer replaces the part of the page it stood in.
document.documentElement.classList.add("js");

let place = null;
document.addEventListener("htmx:beforeSwap", () => {
  const active = document.activeElement;
  place = active?.closest?.("[data-aspect]")?.dataset.aspect ?? (active?.closest?.("#missing") ? "" : null);
});
document.addEventListener("htmx:afterSettle", () => {
  if (place === null || document.activeElement !== document.body) return;
  const target = place ? document.querySelector(`[data-aspect="${place}"] summary`) : document.getElementById("r");
  place = null;
  target?.focus();
});

function tellLost(lost) {
  const sentence = document.getElementById("lost");
  if (sentence) sentence.hidden = !lost;
}
document.addEventListener("htmx:responseError", () => tellLost(true));
document.addEventListener("htmx:sendError", () => tellLost(true));
document.addEventListener("htmx:beforeRequest", () => tellLost(false));
