// Forms with files work without this. It lists what was chosen, takes single files out again, and shows how far the
// sending is; a refusal comes back into the page with the chosen files still in their field.
function chosenList(input) {
  return document.querySelector(`[data-chosen="${CSS.escape(input.id)}"]`);
}

function withoutFile(input, index) {
  const kept = new DataTransfer();
  [...input.files].forEach((file, at) => at !== index && kept.items.add(file));
  input.files = kept.files;
  listChosen(input);
}

function listChosen(input) {
  const list = chosenList(input);
  if (!list) return;
  list.replaceChildren(...[...input.files].map((file, index) => chosenLine(input, list, file, index)));
  list.hidden = !input.files.length;
}

function chosenLine(input, list, file, index) {
  const line = document.createElement("li");
  const words = document.createElement("span");
  const size = file.size >= 1e6 ? `${(file.size / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(file.size / 1e3))} kB`;
  const large = file.size > Number(input.dataset.maxMb) * 1048576;
  words.textContent = `${file.name}  ${size}${large ? `  ${list.dataset.large}` : ""}`;
  words.classList.toggle("wrong", large);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-s";
  button.textContent = list.dataset.remove;
  button.setAttribute("aria-label", `${list.dataset.remove}: ${file.name}`);
  button.addEventListener("click", () => {
    withoutFile(input, index);
    input.focus();
  });
  line.append(words, button);
  return line;
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.(".file-drop input[type=file]")) listChosen(event.target);
});

for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => {
    const zone = event.target.closest?.(".file-drop");
    if (!zone) return;
    zone.classList.toggle("is-over", over);
    if (name === "dragleave") return;
    event.preventDefault();
    if (name === "drop") addDropped(zone.querySelector("input[type=file]"), event.dataTransfer.files);
  });
}

function addDropped(input, files) {
  const all = new DataTransfer();
  for (const file of input.multiple ? [...input.files, ...files] : [files[0]]) if (file) all.items.add(file);
  input.files = all.files;
  listChosen(input);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const files = form.matches("[data-upload]") && [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  if (!files || !form.querySelector("[data-progress]")) return;
  event.preventDefault();
  send(form, event.submitter);
});

function send(form, button) {
  const data = new FormData(form);
  // What the pressed button says is part of the form, which FormData alone leaves out.
  if (button?.name) data.append(button.name, button.value);
  const request = new XMLHttpRequest();
  const told = form.querySelector("[data-progress]");
  begin(told, form, true);
  request.upload.addEventListener("progress", (event) => event.lengthComputable && tell(told, (100 * event.loaded) / event.total));
  request.addEventListener("load", () => arrived(form, told, request));
  for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, () => lost(form, told));
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.send(data);
}

function begin(told, form, sending) {
  told.hidden = false;
  told.querySelector("[data-lost]").hidden = true;
  for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = sending;
  if (sending) tell(told, 0);
}

function tell(told, percent) {
  told.querySelector("progress").value = percent;
  told.querySelector("[data-percent]").textContent = `${Math.floor(percent)}%`;
  told.querySelector("[data-checking]").hidden = percent < 100;
}

function lost(form, told, why) {
  begin(told, form, false);
  const said = told.querySelector("[data-lost]");
  said.dataset.usual ??= said.textContent;
  said.textContent = why ?? said.dataset.usual;
  said.hidden = false;
}

function arrived(form, told, request) {
  if (request.status < 300) return location.assign(request.responseURL);
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const fresh = page.querySelector("main");
  // Too much at once: the form stays as it is, with what was typed and chosen.
  if (!fresh || request.status === 413) return lost(form, told, fresh?.querySelector("h1")?.textContent);
  const chosen = [...document.querySelectorAll("input[type=file]")].map((input) => [input.id, input.files]);
  document.querySelector("main").replaceWith(fresh);
  document.title = page.title;
  for (const [id, files] of chosen) putBack(document.getElementById(id), files);
  globalThis.htmx?.process(fresh);
  const wrong = fresh.querySelector("[role=alert], .wrong") ?? fresh.querySelector("h1");
  wrong?.setAttribute("tabindex", "-1");
  wrong?.focus();
}

function putBack(input, files) {
  if (!input?.matches("input[type=file]")) return;
  input.files = files;
  listChosen(input);
}
