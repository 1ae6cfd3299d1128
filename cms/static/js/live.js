// Keeps a page's numbers as they are while it is looked at. The words come from the site; a screen
// reader is told once a minute at most.
const EVERY = 15000;
const TELL = 60000;
const MOST = 240000;

for (const place of document.querySelectorAll("[data-live]")) {
  const count = place.querySelector(".progress__count span");
  const bar = place.querySelector("progress");
  let shown = "";
  let told = Date.now();
  let wait = EVERY;
  let timer = 0;

  const show = (found) => {
    if (found.words === shown) return;
    const isTold = shown && Date.now() - told >= TELL;
    if (isTold) told = Date.now();
    count.setAttribute("aria-live", isTold ? "polite" : "off");
    shown = found.words;
    count.innerHTML = found.words;
    if (bar) bar.value = found.percent;
  };

  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.live);
      if (!answer.ok) throw new Error(answer.status);
      show(await answer.json());
      wait = EVERY;
    } catch {
      // Whatever is wrong there, the page is as good as it was. It is asked less and less often.
      wait = Math.min(wait * 2, MOST);
    }
    later();
  };

  const later = () => {
    clearTimeout(timer);
    timer = document.hidden ? 0 : setTimeout(ask, wait);
  };

  document.addEventListener("visibilitychange", later);
  later();
}
