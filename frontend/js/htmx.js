import htmx from "htmx.org";

// The content security policy forbids inline styles and eval; pages are confidential, so none is kept in storage.
Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0,
  includeIndicatorStyles: false,
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409|413|415|422", swap: true, error: false },
    { code: "[45]..", swap: false, error: true },
  ],
});

// A request that failed says so in the page and stays until the next one succeeds.
function fault(visible) {
  const note = document.getElementById("fault");
  if (note) note.hidden = !visible;
}

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => fault(true));
}
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.successful) fault(false);
});

export default htmx;
