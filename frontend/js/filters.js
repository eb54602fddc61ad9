// select[data-sends]: shows the list anew when a choice is made. An arrow key changes a closed list with each press, so
// what keys chose is sent with Enter or the form's button only.
const keysThatChoose = new Set(["Enter", " "]);
let waiting = null;
let browsing = false;

const filter = (event) => (event.target.matches?.("select[data-sends]") ? event.target : null);

document.addEventListener("pointerdown", () => {
  browsing = false;
});

document.addEventListener("keydown", (event) => {
  const select = filter(event);
  if (!select) return;
  browsing = !keysThatChoose.has(event.key);
  if (event.key !== "Enter" || waiting !== select) return;
  event.preventDefault();
  select.form.requestSubmit();
});

document.addEventListener("change", (event) => {
  const select = filter(event);
  if (!select) return;
  if (browsing) waiting = select;
  else select.form.requestSubmit();
});
