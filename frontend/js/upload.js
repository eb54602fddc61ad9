// Adding a paper: files are sent one by one as soon as they are chosen or dropped. A refused file says why and loses
// no other; one that was not sent for want of a connection stays on the page and goes when the connection is back.
import htmx from "./htmx.js";
import { csrf, each } from "./lib.js";

const REFUSED = [409, 413, 415, 422];
const queue = [];
let isSending = false;

document.documentElement.classList.add("has-script");

const root = () => document.querySelector("[data-upload]");
const words = (key) => document.querySelector("template[data-upload-words]")?.dataset[key] || "";
const token = () => csrf() || JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

function say(element) {
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: element } }));
}

function addRow(entry) {
  const template = document.querySelector("template[data-upload-row]");
  const list = document.querySelector("[data-upload-queue]");
  entry.row = template.content.firstElementChild.cloneNode(true);
  entry.row.querySelector("b").textContent = entry.file.name;
  entry.row.querySelector("[data-again]").addEventListener("click", () => {
    entry.state = "waiting";
    send();
  });
  list.append(entry.row);
}

function show(entry, key, share) {
  entry.row.querySelector("[data-words]").textContent = words(key);
  const bar = entry.row.querySelector("progress");
  bar.hidden = share === null;
  if (share !== null) bar.value = share;
  entry.row.querySelector("[data-again]").hidden = share !== null;
}

function finish(entry) {
  entry.row.remove();
  queue.splice(queue.indexOf(entry), 1);
}

// Puts the server's part of the page in place of the present one.
function replace(id, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(id);
  const present = document.getElementById(id);
  if (!fresh || !present) return false;
  present.replaceWith(fresh);
  htmx.process(fresh);
  say(fresh);
  return true;
}

function refuse(html) {
  const notes = new DOMParser().parseFromString(html, "text/html").querySelectorAll(".note");
  for (const note of notes) document.getElementById("refusals").append(note);
  return notes.length > 0;
}

function receive(entry, request) {
  if (request.status === 200 && replace("pages", request.responseText)) finish(entry);
  else if (REFUSED.includes(request.status) && refuse(request.responseText)) finish(entry);
  else {
    entry.state = isSignedOut(request) ? "signedOut" : "failed";
    show(entry, entry.state, null);
  }
}

// The answer is the page for signing in, or a refusal of the token of before.
function isSignedOut(request) {
  return [401, 403].includes(request.status) || new URL(request.responseURL).pathname !== root().dataset.add;
}

function post(entry) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("files", entry.file, entry.file.name || "photo");
    if (entry.tries) body.append("again", "1"); // it may have arrived, and only the answer not
    entry.tries = (entry.tries || 0) + 1;
    request.open("POST", root().dataset.add);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("HX-Request", "true");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) show(entry, "sending", (100 * event.loaded) / event.total);
    };
    request.upload.onload = () => show(entry, "checking", 100);
    request.onload = () => {
      receive(entry, request);
      done();
    };
    request.onerror = () => {
      entry.state = "lost";
      show(entry, "lost", null);
      done();
    };
    show(entry, "sending", 0);
    request.send(body);
  });
}

function loseTheRest() {
  for (const entry of queue.filter((each) => each.state === "waiting")) {
    entry.state = "lost";
    show(entry, "lost", null);
  }
}

async function send() {
  if (isSending) return;
  isSending = true;
  for (let entry; (entry = queue.find((each) => each.state === "waiting")); ) {
    entry.state = "sending";
    await post(entry);
    if (entry.state === "lost") loseTheRest(); // so that all go in the order in which they were chosen
  }
  isSending = false;
}

function add(files) {
  document.getElementById("refusals")?.replaceChildren();
  for (const file of files) {
    const entry = { file, state: "waiting" };
    queue.push(entry);
    addRow(entry);
  }
  send();
}

// Begins a paper on the server and shows its page here, so that the chosen files need not be chosen again.
async function begin(address, fields, files) {
  try {
    const answer = await fetch(address, { method: "POST", body: fields, headers: { "X-CSRFToken": token() } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("[data-upload]")) throw new Error(String(answer.status));
    history.pushState(null, "", answer.url);
    document.title = page.title;
    document.documentElement.className = `${page.documentElement.className} has-script`;
    document.body.replaceWith(document.adoptNode(page.body));
    htmx.process(document.body);
    say(document.body);
    scrollTo(0, 0);
    add(files);
  } catch {
    const fault = document.getElementById("fault");
    if (fault) {
      fault.hidden = false;
      fault.scrollIntoView({ block: "center" });
    }
  }
}

// Going back from the page shown by `begin` asks the server for the page before.
addEventListener("popstate", () => {
  if (root()) location.reload();
});

function take(place, files) {
  if (!files.length) return;
  const start = document.querySelector("[data-upload-start]");
  if (root()) add(files);
  else if (start) {
    const fields = new FormData(start);
    fields.delete("files");
    begin(start.action, fields, files);
  } else {
    const target = place.closest("[data-drop-to]");
    const fields = new FormData();
    fields.set("group", target.dataset.group);
    begin(target.dataset.dropTo, fields, files);
  }
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.matches("[data-upload-input], [data-upload-start] input[type='file']")) {
    const files = [...input.files];
    if (root()) input.value = "";
    take(input, files);
  }
});

const zoneOf = (event) => event.target.closest?.("[data-drop-zone]");

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    const zone = zoneOf(event);
    if (!zone || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.add("is-over");
  });
}
document.addEventListener("dragleave", (event) => {
  const zone = zoneOf(event);
  if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  zone.classList.remove("is-over");
  take(zone, [...event.dataTransfer.files]);
});

addEventListener("online", () => {
  for (const entry of queue) if (entry.state === "lost") entry.state = "waiting";
  if (root()) send();
});

addEventListener("beforeunload", (event) => {
  if (queue.length) event.preventDefault();
});

// The page of a paper that is being filed shows the result when it is there.
each("[data-upload-result]", (panel) => {
  panel.addEventListener("htmx:afterSwap", () => {
    if (!panel.querySelector("[hx-get]")) location.reload();
  });
});
