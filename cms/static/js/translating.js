// The editor of translations: shows the preview anew after each saving, and leads from a list of
// texts to the text itself. wagtail-localize draws the texts; nothing here depends on more of it
// than the description of the texts that it gets from the server.
const editor = document.querySelector(".js-translation-editor");
const { segments, sourceLocale, locale } = JSON.parse(editor?.dataset.props ?? "{}");

function startPreview(panel) {
  const mode = panel.querySelector("[data-preview-mode]");
  const frame = panel.querySelector("[data-preview-frame]");
  const link = panel.querySelector("[data-preview-link]");
  let place = 0;
  let timer;

  const show = (address) => {
    link.href = address;
    frame.contentWindow.location.replace(address);
  };
  const again = () => {
    place = frame.contentWindow.scrollY;
    show(mode.value);
  };
  frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, place));
  mode.addEventListener("change", () => {
    place = 0;
    show(mode.value);
  });
  panel.querySelector("[data-preview-again]").addEventListener("click", again);
  // Browsers keep the choice of a list over a reload, but not what the frame showed.
  if (mode.selectedIndex > 0) show(mode.value);

  new PerformanceObserver((seen) => {
    const saved = /\/localize\/translate\/\d+\/(strings|overrides)\/\d+\/edit\/$/;
    if (seen.getEntries().some((entry) => saved.test(entry.name))) {
      clearTimeout(timer);
      timer = setTimeout(again, 200);
    }
  }).observe({ type: "resource" });
}

function findText(id) {
  const wanted = segments.find((segment) => segment.type === "string" && segment.id === id);
  if (!wanted) return;
  document.getElementById(`tab-label-${wanted.location.tab}`)?.click();
  const same = segments.filter(
    (segment) => segment.source === wanted.source && segment.location.tab === wanted.location.tab,
  );
  // The texts appear once their tab is drawn.
  requestAnimationFrame(() => {
    const texts = [...editor.querySelectorAll("li > p")];
    const drawn = texts.filter((text) => text.textContent === wanted.source);
    const item = drawn[same.indexOf(wanted)]?.closest("li");
    if (!item) return;
    editor.querySelector("[data-found]")?.removeAttribute("data-found");
    // An attribute of ours: drawing the text anew replaces its classes.
    item.setAttribute("data-found", "");
    item.scrollIntoView({ block: "center" });
    item.querySelector("textarea, :scope > ul button")?.focus({ preventScroll: true });
  });
}

// The translation, or the box for it, stands right above the buttons.
const boxOf = (text) => text.querySelector(":scope > ul").previousElementSibling;
const nameOf = ({ location }) => [location.field, location.subField].filter(Boolean).join(" › ");
// What stood there until now, by the name of the text.
const untilNow = new Map();
for (const segment of segments?.filter(({ type }) => type === "string") ?? []) {
  const told = document.querySelector(`[data-until-now-of="${segment.id}"]`);
  if (told) untilNow.set(nameOf(segment), told.content.firstElementChild);
}

function rememberEmptied({ detail }) {
  const segment = segments.find(
    ({ contentPath, source }) => contentPath === detail.path && source === detail.source,
  );
  if (!segment || !detail.words) return;
  const told = document.querySelector('[data-until-now-of=""]').content.firstElementChild;
  untilNow.set(nameOf(segment), told.cloneNode(true));
  untilNow.get(nameOf(segment)).querySelector("[data-until-now-words]").textContent = detail.words;
  nameTexts();
}

// Stands above the box of a text that waits, to begin with.
function tellUntilNow(text, name) {
  const shown = text.querySelector(":scope > .translation-until-now");
  const told = text.classList.contains("complete") ? undefined : untilNow.get(name);
  if (shown && !told) shown.remove();
  if (told && !shown) boxOf(text).before(told.cloneNode(true));
}

function startFrom(told) {
  const text = told.closest("li");
  if (!text.querySelector("textarea")) text.querySelector(":scope > ul button").click();
  requestAnimationFrame(() => {
    const box = text.querySelector("textarea");
    // As if it were typed: whoever draws the box learns of it by that alone.
    const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
    set.call(box, told.querySelector("[data-until-now-words]").textContent);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
}

// Its boxes and buttons have no names of their own: each gets that of the text that it is for.
function nameTexts() {
  for (const block of editor.querySelectorAll("li:has(> h3)")) {
    for (const text of block.querySelectorAll(":scope > ul > li")) {
      const headings = [block.querySelector(":scope > h3"), text.querySelector(":scope > h4")];
      const name = headings.flatMap((heading) => heading?.textContent ?? []).join(" › ");
      text.querySelector(":scope > p")?.setAttribute("lang", sourceLocale.code);
      boxOf(text).setAttribute("lang", locale.code);
      text.querySelector("textarea")?.setAttribute("aria-label", name);
      tellUntilNow(text, name);
      for (const button of text.querySelectorAll("button"))
        button.setAttribute("aria-label", `${button.textContent}: ${name}`);
    }
  }
}

function follow() {
  const [, id] = location.hash.match(/^#text-(\d+)$/) ?? [];
  if (id) findText(Number(id));
}

const panel = document.querySelector("[data-preview]");
if (panel) startPreview(panel);
if (editor) {
  nameTexts();
  const drawn = { childList: true, characterData: true, subtree: true };
  new MutationObserver(nameTexts).observe(editor, drawn);
  document.addEventListener("text-emptied", rememberEmptied);
  editor.addEventListener("click", ({ target }) => {
    const told = target.closest("[data-start-from]")?.closest(".translation-until-now");
    if (told) startFrom(told);
  });
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    // The same link may be followed again.
    if (event.target.closest?.('a[href^="#text-"]')?.hash === location.hash) follow();
  });
  setTimeout(follow, 300);
}
