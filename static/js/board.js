// Cards are dragged into another column. The form of the card does the moving, with or without this file; what the
// workflow does not allow is refused by the server, which says why.
const narrow = window.matchMedia("(max-width: 55.99rem)");
if (narrow.matches && !location.hash) {
  document.querySelectorAll(".phase[open]").forEach((phase, place) => { phase.open = place === 0; });
}

let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".tile[draggable]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
  dragged.classList.add("dragged");
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  document.querySelectorAll(".over").forEach((column) => column.classList.remove("over"));
  dragged = null;
});
document.addEventListener("dragover", (event) => {
  const column = dragged && event.target.closest?.(".column");
  document.querySelectorAll(".over").forEach((one) => one !== column && one.classList.remove("over"));
  if (!column) return;
  event.preventDefault();
  column.classList.add("over");
});
document.addEventListener("drop", (event) => {
  const column = dragged && event.target.closest?.(".column");
  if (!column || column.contains(dragged)) return;
  event.preventDefault();
  const form = dragged.querySelector("form.move");
  const list = form.elements.to;
  if (![...list.options].some((option) => option.value === column.dataset.state)) {
    list.add(new Option(column.dataset.state, column.dataset.state));
  }
  list.value = column.dataset.state;
  form.requestSubmit();
});
