// While the page editor saves by itself, a press of "Publish" waits for it; and after that press
// nothing saves by itself any more. Sent side by side, the two would make a new page twice, and the
// server would refuse one of them with an error.
const saving = new WeakSet();
const sent = new WeakSet();

document.addEventListener("w-autosave:save", (event) => {
  if (sent.has(event.target)) event.preventDefault();
  if (!event.defaultPrevented) saving.add(event.target);
});

for (const end of ["w-autosave:success", "w-autosave:error"]) {
  document.addEventListener(end, ({ target: form }) => {
    saving.delete(form);
    if (sent.has(form)) setTimeout(() => form.requestSubmit());
  });
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const isWaiting = saving.has(form);
    if (isWaiting) {
      event.preventDefault();
      event.stopImmediatePropagation();
      // The button is disabled meanwhile, so its name travels in a field.
      if (event.submitter?.name && !sent.has(form)) {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = event.submitter.name;
        field.value = event.submitter.value;
        form.append(field);
      }
    }
    sent.add(form);
  },
  true,
);
