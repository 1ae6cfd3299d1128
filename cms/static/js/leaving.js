// Leaving a page quickly: what it showed is gone at once, however slow the other site is, and this
// page is not the one that "back" leads to.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-leave]");
  if (!link) return;
  event.preventDefault();
  document.title = "";
  document.body.replaceChildren();
  location.replace(link.href);
});
