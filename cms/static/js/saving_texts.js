// The editor of translations: tells with each text what it is based on. So what somebody else wrote
// meanwhile is not written over, and what is typed for a text that its source no longer has is kept.
const { segments, initialStringTranslations } = JSON.parse(
  document.querySelector(".js-translation-editor").dataset.props,
);
const words = new Map(initialStringTranslations.map((each) => [each.segment_id, each.data]));
const texts = new Map(
  segments
    .filter((segment) => segment.type === "string")
    .map(({ id, editUrl, source, contentPath }) => [
      editUrl,
      { source, path: contentPath, known: words.get(id) ?? "" },
    ]),
);
const ask = window.fetch;

window.fetch = async (address, options) => {
  const text = texts.get(address);
  if (!text || !["PUT", "DELETE"].includes(options?.method)) return ask(address, options);
  const body = options.body ?? new FormData();
  Object.entries(text).forEach(([name, value]) => body.set(name, value));
  const answer = await ask(address, { ...options, body });
  if (options.method === "DELETE") {
    if (answer.ok || answer.status === 404) {
      const detail = { path: text.path, source: text.source, words: text.known };
      document.dispatchEvent(new CustomEvent("text-emptied", { detail }));
      text.known = "";
    }
  } else if (answer.ok) {
    const told = await answer.clone().json();
    if (!told.error) text.known = told.data;
    else if ("known" in told) text.known = told.known;
  }
  return answer;
};
