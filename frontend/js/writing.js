// data-writing: what somebody types in a form is saved by itself, kept in this browser until the server has it, and
// never written over what somebody else has saved. Without scripts the same form saves and hands in by its buttons.
import * as copies from "./copies.js";
import { csrf, each, firstFieldOf, goTo } from "./lib.js";
import { addRow, clearRows } from "./rows.js";

const pause = 1500;
const longestWait = 60_000;
const largestLastWord = 60_000; // browsers refuse larger requests of a page that is going away

const isPhone = () => matchMedia("(pointer: coarse)").matches;

class Writing {
  constructor(form) {
    this.form = form;
    this.texts = form.dataset;
    this.questions = new Map([...form.querySelectorAll("[data-question]")].map((box) => [box.dataset.question, box]));
    this.known = new Map([...this.questions.keys()].map((key) => [key, this.valueOf(key)]));
    this.failures = 0;
    this.state = "saved";
    this.canKeep = true;
    this.ahead = Number(this.texts.now) - Date.now(); // the clock of the platform counts, not that of the device
    this.bar = document.querySelector("[data-saved-state]");
    this.handIn = document.querySelector(`[data-hand-in][form="${form.id}"]`);
  }

  get lock() {
    return this.form.elements.lock;
  }

  get writer() {
    return this.form.elements.writer;
  }

  // What stands in a question now, as names and values.
  pairsOf(key) {
    const pairs = [];
    for (const field of this.questions.get(key).querySelectorAll("input, textarea, select")) {
      if (!field.name || (["radio", "checkbox"].includes(field.type) && !field.checked)) continue;
      pairs.push([field.name, field.value]);
    }
    return pairs;
  }

  valueOf(key) {
    return JSON.stringify(this.pairsOf(key));
  }

  changedKeys() {
    return [...this.questions.keys()].filter((key) => this.valueOf(key) !== this.known.get(key));
  }

  async start() {
    for (const name of ["input", "change"]) {
      this.form.addEventListener(name, () => {
        this.typed();
        this.forgive();
      });
    }
    this.form.addEventListener("focusout", () => this.saveIn(200));
    this.form.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.lastWord();
      else this.comeBack();
    });
    window.addEventListener("pagehide", () => this.lastWord());
    document.addEventListener("signing-out", () => this.lastWord()); // while the session still counts
    window.addEventListener("pageshow", (event) => event.persisted && this.restored());
    window.addEventListener("focus", () => this.comeBack());
    window.addEventListener("online", () => this.retryNow());
    window.addEventListener("offline", () => this.unreachable());
    window.addEventListener("beforeunload", (event) => {
      if (!this.canKeep && !this.isLeaving && this.changedKeys().length) event.preventDefault();
    });
    await copies.takeOver(this.texts.person, this.texts.form, () => this.stepAside());
    this.takeUp();
    this.form.dataset.ready = "yes";
    if (this.changedKeys().length) this.save();
  }

  restored() {
    this.isLeaving = false;
    this.busy(false);
    this.retryNow();
  }

  // A button was pressed and its answer is not there yet; until then a second press does nothing.
  busy(isBusy) {
    this.isBusy = isBusy;
    this.form.toggleAttribute("data-busy", isBusy);
  }

  // A newer page of this browser writes in the form now, with all that was kept here.
  stepAside() {
    this.isAside = true;
    clearTimeout(this.timer);
    this.form.inert = true;
    for (const act of document.querySelectorAll(`[form="${this.form.id}"]`)) act.hidden = true;
    this.notes("aside");
    this.show("aside", this.texts.textAside);
  }

  // Text of an earlier page of this form that never reached the server goes back into the fields.
  takeUp() {
    const left = copies.left(this.texts.person, this.texts.form);
    this.isFilling = true; // nothing is kept under the name of this page before it has taken the other's
    for (const copy of left) {
      for (const [key, pairs] of copy.answers) {
        if (this.questions.has(key)) this.fill(key, pairs);
      }
      this.writer.value = copy.writer;
      this.lock.value = Math.min(Number(this.lock.value), copy.lock);
    }
    this.isFilling = false;
    const kept = this.keepCopy();
    for (const copy of left) {
      if (kept && copy.writer !== this.writer.value) copies.drop(copy);
    }
    if (left.length && !this.changedKeys().length) copies.drop(this.copy([]));
  }

  fill(key, pairs) {
    const box = this.questions.get(key);
    if (box.matches("[data-rows]")) {
      clearRows(box);
      const numbers = new Set(pairs.map(([name]) => Number(name.match(/-(\d+)-/)?.[1] ?? 0)));
      for (const number of numbers) addRow(box, number);
    }
    const fields = [...box.querySelectorAll("input, textarea, select")].filter((field) => field.name);
    for (const field of fields) {
      const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
      if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
    }
    fields[0]?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  copy(keys) {
    return {
      person: this.texts.person,
      form: this.texts.form,
      writer: this.writer.value,
      lock: Number(this.lock.value),
      answers: keys.map((key) => [key, this.pairsOf(key)]),
    };
  }

  keepCopy() {
    const keys = this.changedKeys();
    if (!keys.length) return true;
    this.canKeep = copies.keep(this.copy(keys));
    this.keptAt = new Date(Date.now() + this.ahead);
    return this.canKeep;
  }

  typed() {
    if (this.isFilling || this.isAside) return;
    this.keepCopy();
    this.saveIn(this.failures ? this.wait() : pause);
    if (this.state === "offline") this.show("offline", this.keptWords());
  }

  wait() {
    return Math.min(longestWait, 2000 * 2 ** (this.failures - 1));
  }

  saveIn(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  retryNow() {
    if (this.changedKeys().length || this.wantsHandIn) this.saveIn(0);
    else this.reachable();
  }

  comeBack() {
    if (["signed-out", "person", "offline"].includes(this.state)) this.retryNow();
  }

  // Saves what has changed. Gives saved, conflict, stopped, signed-out or offline.
  save() {
    if (this.isLeaving) return Promise.resolve("saved");
    if (this.isAside) return Promise.resolve("aside");
    this.running ??= this.send().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  body(keys) {
    const body = new URLSearchParams();
    for (const name of ["lock", "writer", "person"]) body.append(name, this.form.elements[name].value);
    for (const key of keys) {
      body.append("keys", key);
      for (const [name, value] of this.pairsOf(key)) body.append(name, value);
    }
    return body;
  }

  request(body, options) {
    return fetch(this.form.getAttribute("action"), {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": csrf() || this.form.elements.csrfmiddlewaretoken.value },
      body,
      redirect: "manual",
      ...options,
    });
  }

  async send() {
    clearTimeout(this.timer);
    await navigator.locks?.query(); // a page that slept learns here that a newer one has taken over
    if (this.isAside) return "aside";
    const keys = this.changedKeys();
    if (!keys.length) {
      if (this.state === "offline") this.reachable();
      return this.afterwards("saved");
    }
    const sent = new Map(keys.map((key) => [key, this.valueOf(key)]));
    const slow = setTimeout(() => this.show("saving", this.texts.textSaving), 600);
    let answer;
    try {
      answer = await this.request(this.body(keys), { signal: AbortSignal.timeout(20_000) });
    } catch {
      answer = null;
    } finally {
      clearTimeout(slow);
    }
    return this.afterwards(await this.read(answer, sent));
  }

  async read(answer, sent) {
    if (this.isAside) return "aside";
    if (!answer || answer.status >= 500 || answer.status === 429) return this.unreachable();
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return this.signedOut();
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) return this.saved(said, sent);
    if (this.isAside) return "aside";
    if (said.code === "conflict") return this.conflict(said);
    return this.stopped(said);
  }

  afterwards(outcome) {
    if (outcome === "saved" && this.wantsHandIn) {
      this.wantsHandIn = false;
      this.go(this.handIn);
    }
    return outcome;
  }

  saved(said, sent) {
    for (const [key, value] of sent) this.known.set(key, value);
    this.lock.value = said.lock;
    this.failures = 0;
    if (!this.stillUnready()) this.notes("");
    this.online(true);
    this.show("saved", said.text);
    this.errors(said.errors || [], sent);
    if (this.changedKeys().length) {
      this.keepCopy();
      this.saveIn(pause);
    } else {
      copies.drop(this.copy([]));
    }
    return "saved";
  }

  unreachable() {
    if (this.isAside) return "aside";
    this.failures += 1;
    this.keepCopy();
    if (!this.stillUnready()) this.notes(this.canKeep ? (this.wantsHandIn ? "handing" : "offline") : "unkept");
    this.online(false);
    this.show("offline", this.keptWords());
    this.saveIn(this.wait());
    return "offline";
  }

  reachable() {
    if (!navigator.onLine || this.state !== "offline") return;
    this.failures = 0;
    if (!this.stillUnready()) this.notes("");
    this.online(true);
    this.show("saved", this.savedText ?? "");
  }

  signedOut() {
    this.keepCopy();
    this.notes("signed-out");
    this.show("signed-out", this.keptWords());
    return "signed-out";
  }

  conflict(said) {
    this.keepCopy();
    this.notes("conflict", said.reason);
    this.show("conflict", this.texts.textConflict);
    return "conflict";
  }

  stopped(said) {
    this.keepCopy();
    this.notes("stopped", said.reason || this.texts.textGone);
    this.show(said.code === "person" ? "person" : "stopped", this.keptWords());
    return "stopped";
  }

  keptWords() {
    if (!this.canKeep || !this.keptAt) return this.texts.textUnsaved;
    return (isPhone() ? this.texts.textKeptPhone : this.texts.textKept).replace("{time}", this.clock(this.keptAt));
  }

  // The time as the platform shows it to this person, wherever the device believes to be.
  clock(moment) {
    const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    try {
      return moment.toLocaleTimeString(document.documentElement.lang, { ...shape, timeZone: this.texts.zone });
    } catch {
      return moment.toLocaleTimeString(document.documentElement.lang, shape); // a zone that this browser does not know
    }
  }

  show(state, text) {
    this.state = state;
    const looks = { saved: "saved", saving: "saved", offline: "offline", conflict: "conflict" }[state] || "failed";
    this.bar.className = `saved saved-${looks}`;
    const shape = { saved: "check2", offline: isPhone() ? "phone" : "wifi-off", conflict: "people" }[looks];
    const drawing = this.bar.querySelector("use");
    drawing?.setAttribute("href", drawing.getAttribute("href").replace(/#.*/, `#${shape || "exclamation-circle"}`));
    for (const act of document.querySelectorAll("[data-when-state]")) act.hidden = act.dataset.whenState !== state;
    const line = this.bar.querySelector("[data-saved-text]");
    if (state === "saved") this.savedText = text;
    if (line.textContent !== text) line.textContent = text;
  }

  notes(name, reason = "") {
    for (const note of document.querySelectorAll("[data-note]")) {
      note.hidden = note.dataset.note !== name;
      const place = note.querySelector("[data-note-reason]");
      if (place && !note.hidden) place.textContent = reason;
    }
  }

  online(isOnline) {
    const label = this.handIn?.querySelector("span");
    if (!label) return;
    label.dataset.usual ??= label.textContent;
    label.textContent = isOnline ? label.dataset.usual : this.handIn.dataset.offline;
  }

  // Sentences under what cannot be understood; not while the person is still in that field.
  errors(found, sent) {
    const wrong = new Map();
    for (const { anchor, sentence } of found) {
      const place = document.getElementById(anchor)?.closest(".grid-line, .field, [data-question]");
      const active = document.activeElement;
      if (place && (!place.contains(active) || active.matches("button"))) wrong.set(place, sentence);
    }
    for (const key of sent.keys()) {
      for (const list of this.questions.get(key).querySelectorAll(".field-errors")) list.remove();
      for (const field of this.questions.get(key).querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    }
    for (const [place, sentence] of wrong) this.complain(place, sentence);
  }

  complain(place, sentence) {
    for (const list of place.querySelectorAll(".field-errors")) list.remove(); // one sentence, not two
    const list = document.createElement("ul");
    const line = document.createElement("li");
    list.className = "field-errors";
    line.textContent = sentence;
    list.append(line);
    place.append(list);
    const [field, ...others] = place.querySelectorAll("[name]:not([type=hidden])");
    if (!field || others.length) return;
    list.id = `${field.id}_error`;
    field.setAttribute("aria-invalid", "true");
    const described = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== list.id);
    field.setAttribute("aria-describedby", [...described, list.id].join(" "));
  }

  // The page goes away: what is not sent yet is sent without waiting for an answer.
  lastWord() {
    const keys = this.changedKeys();
    if (!keys.length || this.isLeaving || this.isAside || ["conflict", "stopped", "signed-out", "person"].includes(this.state)) return;
    this.keepCopy();
    const body = this.body(keys);
    if (body.toString().length > largestLastWord) return;
    const sent = new Map(keys.map((key) => [key, this.valueOf(key)]));
    this.request(body, { keepalive: true }).then((answer) => this.read(answer, sent)).catch(() => {});
  }

  async submitted(event) {
    if (this.isLeaving) return;
    const button = event.submitter;
    if (button?.matches("[data-compare]")) {
      this.isLeaving = true;
      return;
    }
    event.preventDefault();
    if (this.isBusy) return;
    this.busy(true);
    clearTimeout(this.timer);
    if (this.running) await this.running;
    let outcome = await this.save();
    if (outcome === "saved" && !navigator.onLine) outcome = this.unreachable(); // no page can be opened now
    this.busy(false);
    if (!button || button.matches("[data-default-save]")) return;
    if (outcome === "saved" && !this.changedKeys().length && !this.isLeaving) this.go(button);
    else if (outcome === "saved" || outcome === "conflict") this.go(button);
    else this.stay(button, outcome);
  }

  go(button) {
    if (this.isLeaving) return;
    this.isLeaving = true;
    const token = csrf();
    if (token) this.form.elements.csrfmiddlewaretoken.value = token;
    setTimeout(() => this.form.requestSubmit(button)); // a form being submitted ignores a second call
  }

  stay(button, outcome) {
    if (outcome === "offline" && button === this.handIn) {
      const open = this.unanswered();
      document.querySelector("[data-error-summary]")?.remove(); // it is of an earlier try
      this.wantsHandIn = !open.length;
      this.isUnready = open.length > 0;
      this.notes(open.length ? "unready" : "handing");
      for (const box of open) this.complain(box.querySelector(".field") || box, this.texts.textAnswer);
      if (open.length) {
        this.list(open);
        return goTo(firstFieldOf(open[0]));
      }
    }
    document.querySelector("[data-note]:not([hidden])")?.scrollIntoView({ block: "center" });
  }

  // The boxes of questions that must be answered before the form is handed in, and are not.
  unanswered() {
    const parts = (box) => [...box.querySelectorAll(".grid-line")];
    const isOpen = (part) => {
      const fields = [...part.querySelectorAll("input:not([type=hidden]), textarea, select")];
      return !fields.some((field) => (["radio", "checkbox"].includes(field.type) ? field.checked : field.value.trim()));
    };
    const boxes = [...this.form.querySelectorAll("[data-required]")];
    return boxes.filter((box) => (parts(box).length ? parts(box).some(isOpen) : isOpen(box)));
  }

  // Takes "Answer this question" away where it is answered by now, with the line or without.
  forgive() {
    const asked = [...this.form.querySelectorAll(".field-errors")].filter((list) => list.textContent.trim() === this.texts.textAnswer);
    if (!asked.length) return;
    const open = this.unanswered();
    for (const list of asked) {
      if (open.some((box) => box.contains(list))) continue;
      for (const field of list.parentElement.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
      list.remove();
    }
  }

  // Whether what stopped the handing in is still not answered; it stays in sight until it is, also with the line back.
  stillUnready() {
    const open = this.isUnready ? this.unanswered() : [];
    this.isUnready = open.length > 0;
    if (this.isUnready) this.list(open);
    return this.isUnready;
  }

  list(open) {
    const note = document.querySelector("[data-note=unready]");
    const lines = open.map((box) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${box.id}`;
      link.textContent = (box.querySelector("legend") || box.querySelector("label")).textContent.trim();
      line.append(link);
      return line;
    });
    note.querySelector("ul").replaceChildren(...lines);
  }
}

each("[data-continue-here]", (button) => button.addEventListener("click", () => location.reload()));
each("form[data-writing]", (form) => new Writing(form).start());
