// What moves in the page. The summary is there without it.

import * as charts from "./charts";
import { code, frame, labels, shown } from "./data";
import { ANY } from "./filters";
import * as list from "./list";

const radios = document.querySelectorAll<HTMLInputElement>("input[name=language]");

function speak(): void {
  const chosen = [...radios].find((radio) => radio.checked)?.value;
  shown.language = Math.max(0, frame.languages.findIndex((language) => language === chosen));
  document.documentElement.lang = code();
  document.title = labels().title;
  list.show();
  charts.draw();
}

/** The first of the reader's languages that the page has, where it has one. */
function begin(): void {
  const wanted = navigator.languages.map((tag) => tag.split("-")[0]!);
  const known = wanted.find((language) => frame.languages.includes(language));
  for (const radio of radios) {
    if (known !== undefined && radio.value === known) radio.checked = true;
    radio.addEventListener("change", speak);
  }
  speak();
}

function print(printing: boolean): void {
  charts.print(printing);
  list.print(printing);
}

addEventListener("beforeprint", () => print(true));
addEventListener("afterprint", () => print(false));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", charts.draw);

/** A number of the summary leads to its devices. */
const TILES: Record<string, [string, string]> = { good: ["access", "0"], bad: ["access", "1"], care: ["due", ANY], open: ["state", "3"] };
document.querySelectorAll<HTMLElement>("[data-tile], [data-due], [data-task], [data-basis]").forEach((place) => {
  const { tile, due, task, basis, n } = place.dataset;
  const target = tile !== undefined ? TILES[tile] : due !== undefined ? ["due", due] : task !== undefined ? ["task", task] : ["directive", basis!];
  const label = place.querySelector("b");
  if (target === undefined || label === null || n === "0") return;
  const [filter, value] = target as [string, string];
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  if (label.getAttribute("aria-hidden") === "true") {
    // A day of the calendar: what is heard of it is the button's name.
    const heard = place.querySelector(".heard");
    if (heard !== null) button.append(heard, label.cloneNode(true));
  } else {
    button.append(...(tile !== undefined ? place.childNodes : [label.cloneNode(true)]));
  }
  if (tile !== undefined) place.append(button);
  else label.replaceWith(button);
  button.addEventListener("click", () => list.only(filter, value));
});

begin();
