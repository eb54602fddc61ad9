// data-attaching: files of a post while it is written. Chosen, dropped or pasted they are sent one by one, each with its
// progress; each can be cancelled, sent again after a lost connection, and taken off. Without scripts they go with the text.
import { csrf, each } from "./lib.js";

const REFUSED = [409, 413, 415, 422];

class Attaching {
  constructor(field) {
    this.field = field;
    this.form = field.closest("form");
    this.list = field.querySelector("[data-attached-list]");
    this.pattern = field.querySelector("[data-attached-row]");
    this.said = field.querySelector("[data-attached-state]");
    this.input = field.querySelector("input[type=file]");
    this.queue = [];
    this.input.classList.add("visually-hidden");
    for (const hidden of field.querySelectorAll("[data-attach-button], [data-with-script]")) hidden.hidden = false;
    this.input.addEventListener("change", () => {
      const files = [...this.input.files];
      this.input.value = ""; // else the form would send them once more
      this.add(files);
    });
    this.list.addEventListener("click", (event) => this.press(event));
    this.form.addEventListener("submit", (event) => this.hold(event));
    this.form.addEventListener("paste", (event) => this.paste(event));
    this.dropping();
    window.addEventListener("online", () => this.again());
    window.addEventListener("beforeunload", (event) => this.queue.length && event.preventDefault());
  }

  dropping() {
    for (const name of ["dragenter", "dragover"]) {
      this.form.addEventListener(name, (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        this.field.classList.add("is-over");
      });
    }
    this.form.addEventListener("dragleave", (event) => {
      if (!this.form.contains(event.relatedTarget)) this.field.classList.remove("is-over");
    });
    this.form.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.field.classList.remove("is-over");
      this.add([...event.dataTransfer.files]);
    });
  }

  // Words that are pasted stay words, also where a program puts a picture of them beside them.
  paste(event) {
    const { files, types } = event.clipboardData || {};
    if (!files?.length || types.includes("text/plain")) return;
    event.preventDefault();
    this.add([...files]);
  }

  add(files) {
    for (const file of files) {
      const row = this.pattern.content.firstElementChild.cloneNode(true);
      const entry = { file, row, state: "waiting", name: file.name || this.field.dataset.textPasted };
      row.querySelector("[data-name]").textContent = entry.name;
      row.querySelector("[data-again]").addEventListener("click", () => {
        entry.state = "waiting";
        this.send();
      });
      this.list.append(row);
      this.queue.push(entry);
      this.show(entry, "Sending", 0);
    }
    this.send();
  }

  show(entry, words, share) {
    const bar = entry.row.querySelector("progress");
    entry.row.querySelector("[data-words]").textContent = this.field.dataset[`text${words}`] ?? words;
    bar.hidden = share === null;
    if (share !== null) bar.value = share;
    entry.row.querySelector("[data-again]").hidden = share !== null || entry.state === "refused";
  }

  again() {
    for (const entry of this.queue) if (entry.state === "lost") entry.state = "waiting";
    this.send();
  }

  async send() {
    if (this.isSending) return;
    this.isSending = true;
    for (let entry; (entry = this.queue.find((each) => each.state === "waiting")); ) {
      entry.state = "sending";
      await this.post(entry);
    }
    this.isSending = false;
  }

  post(entry) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.append(this.input.name, entry.file, entry.name);
      entry.request = request;
      request.open("POST", this.form.dataset.attach);
      request.setRequestHeader("X-CSRFToken", csrf());
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
        if (lengthComputable) this.show(entry, "Sending", (100 * loaded) / total);
      };
      request.upload.onload = () => this.show(entry, "Checking", 100);
      request.onload = () => {
        this.receive(entry, request);
        done();
      };
      request.onerror = () => {
        entry.state = "lost";
        this.show(entry, "Lost", null);
        done();
      };
      request.onabort = done;
      this.show(entry, "Sending", 0);
      request.send(body);
    });
  }

  receive(entry, request) {
    let told = {};
    try {
      told = JSON.parse(request.responseText);
    } catch {
      // a page instead of an answer: signed out, or something broke
    }
    if (request.status === 200 && told.key) {
      this.finish(entry, told);
      return;
    }
    entry.state = REFUSED.includes(request.status) && told.reason ? "refused" : "failed";
    this.show(entry, told.reason || "Failed", null);
    entry.row.classList.toggle("is-refused", entry.state === "refused");
    this.said.textContent = told.reason || this.field.dataset.textFailed;
    if (entry.state === "refused") this.queue.splice(this.queue.indexOf(entry), 1);
  }

  finish(entry, told) {
    this.queue.splice(this.queue.indexOf(entry), 1);
    // The same file sent twice is there once.
    if (this.list.querySelector(`input[name=attached][value="${told.key}"]`)) {
      entry.row.remove();
      return;
    }
    const link = document.createElement("a");
    link.href = told.url;
    link.target = "_blank";
    link.rel = "noopener";
    const name = document.createElement("bdi");
    name.textContent = told.name;
    link.append(name);
    const key = document.createElement("input");
    Object.assign(key, { type: "hidden", name: "attached", value: told.key });
    const about = document.createElement("span");
    about.className = "quiet small";
    about.textContent = told.about;
    entry.row.querySelector(".attached-text").replaceChildren(link, " ", about, key);
    const button = entry.row.querySelector("[data-detach]");
    button.value = told.key;
    button.dataset.remove = told.remove;
    this.said.textContent = `${this.field.dataset.textAdded}: ${told.name}`;
  }

  // Cancels what is on its way, or takes off what is there.
  async press(event) {
    const button = event.target.closest("[data-detach]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    const entry = this.queue.find((each) => each.row === row);
    if (entry) {
      this.queue.splice(this.queue.indexOf(entry), 1);
      entry.state = "cancelled";
      entry.request?.abort();
    } else if (button.dataset.remove) {
      const headers = { Accept: "application/json", "X-CSRFToken": csrf() };
      try {
        const answer = await fetch(button.dataset.remove, { method: "POST", headers, redirect: "error" });
        if (!answer.ok && answer.status !== 404) throw new Error(String(answer.status));
      } catch {
        this.said.textContent = this.field.dataset.textFailed;
        return;
      }
    }
    row.remove();
    this.input.focus();
  }

  // A post is not sent while a file of it is still on its way.
  hold(event) {
    if (!this.queue.length || event.submitter?.hasAttribute("data-keep")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.said.textContent = "";
    this.said.textContent = this.field.dataset.textWaiting;
    this.said.classList.remove("visually-hidden");
  }
}

each("[data-attaching]", (field) => new Attaching(field));
