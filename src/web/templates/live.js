// Counts what fits while a person types, guesses the time zone, and lets suggestions follow a comma. The page works without it.
"use strict";
(() => {
  const form = document.querySelector("form[data-live]");
  const fits = document.getElementById("fits");
  const told = document.getElementById("told");
  if (!form || !fits || !told) return;

  const zone = form.elements.time_zone;
  const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && guess && "fresh" in form.dataset) zone.value = guess;

  // Only wishes are asked about: never the address, never what is said about letters.
  const OTHERS = ["email", "stamp", "leave_empty", "name", "frequency", "days", "at", "time_zone", "cron", "do", "alert"];
  // "You work from" follows "Where?" until somebody changes it; what the answer has put there is not asked with.
  const home = form.elements.home_country;
  const offered = form.elements.home_offered;
  let taken = home.value || offered.value ? null : "";
  const asked = (key) => !OTHERS.includes(key) && (home.value !== taken || (key !== "home_country" && key !== "home_offered"));
  const wishes = () => new URLSearchParams([...new FormData(form)].filter(([key, value]) => value && asked(key))).toString();
  let before = wishes(), wait, asking;
  const ask = async () => {
    const query = wishes();
    if (query === before) return;
    before = query;
    asking?.abort();
    asking = new AbortController();
    try {
      // In the language of the page, which need not be the browser's.
      const headers = { "Accept-Language": document.documentElement.lang };
      const answer = await fetch("/fits?" + query, { signal: asking.signal, headers });
      if (!answer.ok && answer.status !== 422) return;
      fits.innerHTML = await answer.text();
      if (answer.ok && home.value === taken) {
        const found = fits.querySelector(".count").dataset;
        taken = home.value = found.home ?? "";
        offered.value = found.country ?? "";
      }
      told.textContent = [...fits.querySelectorAll(".count, .fault, .say")].map((line) => line.textContent).join(" ");
      told.hidden = false;
    } catch {
      // Asked anew meanwhile, or not reachable: what is shown stays.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(ask, 250);
  });

  for (const field of form.querySelectorAll("input[data-many]")) {
    const options = [...(field.list?.options ?? [])];
    const plain = options.map((option) => option.value);
    field.addEventListener("input", () => {
      const first = field.value.slice(0, Math.max(field.value.lastIndexOf(","), field.value.lastIndexOf(";")) + 1);
      options.forEach((option, at) => (option.text = first ? first + " " + plain[at] : plain[at]));
    });
  }
})();
