// Ctrl+K, or the command key with K, from every page: into the field to search with; where there is none, to its page.
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || event.shiftKey || event.altKey || event.ctrlKey === event.metaKey) return;
  const field = [...document.querySelectorAll("[data-search]")].find((each) => each.checkVisibility());
  const link = document.querySelector("[data-search-link]");
  if (!field && !link) return;
  event.preventDefault();
  if (field) {
    field.focus();
    field.select();
  } else {
    link.click();
  }
});
