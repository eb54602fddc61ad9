// data-rows: repeated rows are added and taken out at once; without scripts the same buttons save first.
import { each } from "./lib.js";

const changed = (rows) => rows.dispatchEvent(new Event("change", { bubbles: true }));
const listed = (rows) => [...rows.querySelectorAll("[data-row]")];

// Draws the blank row with a number of its own at the end of the list.
export function addRow(rows, number) {
  const pattern = rows.querySelector("[data-row-pattern]");
  const fresh = document.createElement("template");
  fresh.innerHTML = pattern.innerHTML.replaceAll("__n__", number);
  const row = fresh.content.querySelector("[data-row]");
  rows.querySelector("[data-row-list]").append(row);
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: row } }));
  renumber(rows);
  return row;
}

export function clearRows(rows) {
  rows.querySelector("[data-row-list]").replaceChildren();
}

function nextNumber(rows) {
  const numbers = [...rows.querySelectorAll("[data-row] [name]")].map((field) => {
    const found = field.name.match(/-(\d+)-/);
    return found ? Number(found[1]) : -1;
  });
  return Math.max(-1, ...numbers) + 1;
}

function renumber(rows) {
  listed(rows).forEach((row, index) => {
    for (const place of row.querySelectorAll("[data-row-position]")) place.textContent = index + 1;
    row.setAttribute("aria-label", row.querySelector("h3").textContent.trim());
  });
  const add = rows.querySelector("[data-row-add]");
  if (add) add.hidden = listed(rows).length >= Number(rows.dataset.max);
}

function takeOut(rows, row, texts) {
  const line = document.createElement("p");
  line.className = "row-undo";
  line.setAttribute("role", "status");
  const sentence = document.createElement("span");
  sentence.textContent = texts.textRemoved.replace("{row}", row.querySelector("h3").textContent.trim());
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "btn btn-quiet btn-small";
  undo.textContent = texts.textUndo;
  undo.addEventListener("click", () => {
    line.replaceWith(row);
    renumber(rows);
    changed(rows);
    row.querySelector("[name]")?.focus();
  });
  line.append(sentence, " ", undo);
  row.replaceWith(line);
  renumber(rows);
  changed(rows);
  undo.focus();
}

each("[data-rows]", (rows) => {
  const texts = rows.closest("form").dataset;
  rows.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches("[data-row-add]")) {
      event.preventDefault();
      const row = addRow(rows, nextNumber(rows));
      row.querySelector("input, textarea, select")?.focus();
    } else if (button?.matches("[data-row-remove]")) {
      event.preventDefault();
      takeOut(rows, button.closest("[data-row]"), texts);
    }
  });
  renumber(rows);
});

// A question that may stay empty can be emptied again after an option was chosen.
each("[data-writing] fieldset:has(.field-optional)", (fieldset) => {
  const radios = [...fieldset.querySelectorAll(":scope > .choices input[type=radio]")];
  if (!radios.length) return;
  const clear = document.createElement("button");
  clear.type = "button";
  clear.className = "btn btn-quiet btn-small";
  clear.textContent = fieldset.closest("form").dataset.textClear;
  const show = () => {
    clear.hidden = !radios.some((radio) => radio.checked);
  };
  clear.addEventListener("click", () => {
    for (const radio of radios) radio.checked = false;
    radios[0].dispatchEvent(new Event("change", { bubbles: true }));
    radios[0].focus();
  });
  fieldset.append(clear);
  fieldset.addEventListener("change", show);
  show();
});
