// data-posting: a post while it is written. The toolbar puts marks around the text, an @ opens a list of the members of the
// board, and what is typed is kept on the server as a draft. Without scripts the same form keeps and posts by its buttons.
import { csrf, each } from "./lib.js";

const pause = 1200;
const retry = 10_000;

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.draft;
    this.state = form.querySelector("[data-draft-state]");
    // What came back with an error is kept like what is typed.
    this.known = form.querySelector("[data-error-summary]") ? "" : this.words();
    form.addEventListener("input", () => this.later(pause));
    form.addEventListener("submit", () => this.stop());
    window.addEventListener("online", () => this.later(0));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.save());
    // Text that this browser had kept by itself is newer than what the server has.
    if (!this.known || form.elements.body.value !== form.elements.body.defaultValue) {
      this.known = "";
      this.later(0);
    }
  }

  words() {
    const { body, title } = this.form.elements;
    return JSON.stringify([title ? title.value : "", body.value]);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  stop() {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  show(text) {
    if (this.state) this.state.textContent = text;
  }

  async save() {
    clearTimeout(this.timer);
    const words = this.words();
    if (this.isOver || words === this.known) return;
    if (this.isSaving) {
      this.later(pause);
      return;
    }
    this.isSaving = true;
    try {
      await this.send(words);
    } catch {
      this.show(this.form.dataset.textFailed);
      this.later(retry);
    } finally {
      this.isSaving = false;
    }
  }

  async send(words) {
    const body = new URLSearchParams();
    for (const name of ["title", "body", "lock", "quoted"]) {
      const field = this.form.elements[name];
      if (field) body.set(name, field.value);
    }
    this.show(this.form.dataset.textSaving);
    const headers = { Accept: "application/json", "X-CSRFToken": csrf() };
    const answer = await fetch(this.url, { method: "POST", body, headers, keepalive: true, redirect: "error" });
    if (this.isOver) return;
    const told = await answer.json();
    if (answer.ok) {
      this.known = words;
      this.form.elements.lock.value = told.lock;
      this.show(told.at ? `${this.form.dataset.textSaved} ${told.at}` : "");
    } else if (answer.status === 409) {
      this.form.elements.lock.value = told.lock;
      this.show(this.form.dataset.textOther);
      this.other(told.body);
      this.later(pause);
    } else {
      this.known = words; // the same would be refused again
      this.show(told.reason || this.form.dataset.textFailed);
    }
  }

  // What was kept from another window stays in sight, to be copied.
  other(text) {
    this.box?.remove();
    this.box = document.createElement("section");
    this.box.className = "panel";
    const head = document.createElement("h3");
    head.textContent = this.form.dataset.textOtherHead;
    const words = document.createElement("div");
    words.className = "words";
    words.dir = "auto";
    words.textContent = text;
    this.box.append(head, words);
    this.form.append(this.box);
  }
}

function marked(field, text, from, to) {
  field.focus();
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function around(field, mark) {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const chosen = value.slice(from, to);
  marked(field, `${mark}${chosen}${mark}`, from, to);
  if (!chosen) field.setSelectionRange(from + mark.length, from + mark.length);
}

function before(field, mark) {
  const { selectionStart, selectionEnd: to, value } = field;
  const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const lines = value.slice(from, to).split("\n");
  const numbered = mark.startsWith("1");
  marked(field, lines.map((line, index) => `${numbered ? `${index + 1}. ` : mark}${line}`).join("\n"), from, to);
}

function link(field) {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const chosen = value.slice(from, to);
  const isAddress = /^https?:\/\/\S+$/.test(chosen);
  marked(field, isAddress ? `[](${chosen})` : `[${chosen}](https://)`, from, to);
  const at = isAddress ? from + 1 : from + chosen.length + 11;
  field.setSelectionRange(at, at);
}

function toolbar(form) {
  const bar = form.querySelector("[data-toolbar]");
  if (!bar) return;
  bar.hidden = false;
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    const field = form.elements.body;
    if (!button) return;
    if ("around" in button.dataset) around(field, button.dataset.around);
    else if ("before" in button.dataset) before(field, button.dataset.before);
    else link(field);
  });
}

// The list of members that opens after an @: arrows choose, Enter or Tab takes, Escape closes.
class Members {
  constructor(form) {
    this.form = form;
    this.field = form.elements.body;
    this.list = form.querySelector(".suggested");
    this.said = form.querySelector("[data-suggested]");
    this.list.id = `${this.field.id}-members`;
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.setAttribute("aria-controls", this.list.id);
    this.at = 0;
    this.field.addEventListener("input", () => this.look());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => setTimeout(() => this.close(), 200));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => target.closest("li") && this.take(target.closest("li")));
  }

  // What stands between the last @ and the cursor, as long as it can be the beginning of a name.
  asked() {
    const text = this.field.value.slice(0, this.field.selectionStart);
    const found = text.match(/(?:^|[^\p{L}\p{N}_@/.])@([\p{L}\p{M}\p{N}’'.-]*(?: [\p{L}\p{M}\p{N}’'.-]*){0,2})$/u);
    return found && found[1].length <= 60 ? found[1] : null;
  }

  look() {
    const words = this.asked();
    clearTimeout(this.timer);
    if (words === null) this.close();
    else this.timer = setTimeout(() => this.fetch(words), 150);
  }

  async fetch(words) {
    let people;
    try {
      const answer = await fetch(`${this.form.dataset.people}?q=${encodeURIComponent(words)}`, { redirect: "error" });
      ({ people } = await answer.json());
    } catch {
      return; // the name can be typed in full
    }
    if (this.asked() !== words) return;
    const isWhole = people.length === 1 && people[0].toLowerCase() === words.toLowerCase();
    if (isWhole || !people.length) {
      this.close();
      // After the second word it is more likely text than a name that is being typed.
      if (!people.length && words && !words.includes(" ")) this.said.textContent = this.form.dataset.textNobody;
      return;
    }
    this.open(people);
  }

  open(people) {
    this.list.replaceChildren(
      ...people.map((name, index) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}-${index}`;
        item.setAttribute("role", "option");
        item.textContent = name;
        return item;
      }),
    );
    this.list.hidden = false;
    this.said.textContent = `${people.length} ${this.form.dataset.textFound}`;
    this.choose(0);
  }

  close() {
    this.list.hidden = true;
    this.said.textContent = "";
    this.field.removeAttribute("aria-activedescendant");
  }

  choose(index) {
    const items = [...this.list.children];
    this.at = (index + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === this.at)));
    this.field.setAttribute("aria-activedescendant", items[this.at].id);
    items[this.at].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (this.list.hidden) return;
    const acts = {
      ArrowDown: () => this.choose(this.at + 1),
      ArrowUp: () => this.choose(this.at - 1),
      Enter: () => this.take(this.list.children[this.at]),
      Tab: () => this.take(this.list.children[this.at]),
      Escape: () => this.close(),
    };
    const act = event.shiftKey || event.isComposing ? undefined : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  take(item) {
    const to = this.field.selectionStart;
    const from = to - (this.asked() ?? "").length;
    this.close();
    marked(this.field, `${item.textContent} `, from, to);
  }
}

each("form[data-posting]", (form) => {
  toolbar(form);
  new Members(form);
  if (form.dataset.draft) {
    form.querySelector("[data-keep]").hidden = true; // it keeps itself
    // After the other modules have put back what this browser had kept.
    setTimeout(() => new Draft(form));
  }
});

// A permanent link leads to a post: who reads with a screen reader or the keyboard goes on from there.
function goTo() {
  const post = /^#post-\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
  if (post) post.focus({ preventScroll: true });
}
goTo();
window.addEventListener("hashchange", goTo);
