// The devices: found, ordered, and drawn as far as they are to be seen.

import { code, colourOf, count, devices, element, fill, frame, labels, lineOf, nameOf, notices, shown, type Kind } from "./data";
import { explain } from "./explanation";
import { chosen, fields, passing, writtenDay } from "./filters";

/** Rows that are drawn above and below those that are to be seen. */
const AROUND = 8;
/** So many devices are printed. */
const PRINTED = 500;

type Column = "device" | "line" | "access" | "state" | "kind" | "due";
const COLUMNS: Column[] = ["device", "access", "state", "kind", "due", "line"];
/** A list of languages writes the last day otherwise than it is ordered. */
const LATEST = "9999-99-99";

let search = "";
let sort: { by: Column; down: boolean } | null = null;
/** The devices that match, in their order. */
let matches = new Uint32Array(0);
let active = 0;
let names: string[] | null = null;
let ranks: Uint32Array | null = null;

const section = document.getElementById("devices")!;
const status = element("p", { role: "status", class: "quiet" });
const grid = element("div", { role: "grid", class: "grid", "aria-labelledby": "devices-title", "aria-describedby": "devices-keys" });
const head = element("div", { role: "row", class: "row head", "aria-rowindex": 1 });
const view = element("div", { class: "view" });
const rows = element("div", { role: "rowgroup", class: "rows" });
const drawn = new Map<number, HTMLElement>();
view.append(rows);

/** Draws all of it anew, in the language that is shown. */
export function show(): void {
  section.hidden = false;
  section.lang = code();
  const find = element("input", { type: "search", name: "search", autocomplete: "off", spellcheck: "false" });
  find.value = search;
  find.addEventListener("input", () => {
    search = find.value;
    update();
  });
  const reset = element("button", { type: "button" }, labels().reset);
  reset.addEventListener("click", () => {
    chosen.clear();
    search = "";
    sort = null;
    show();
    section.querySelector<HTMLElement>("input")?.focus();
  });
  const filters = element("details", { class: "filters" }, element("summary", {}, labels().filter), element("div", {}, ...fields(update)));
  filters.open = chosen.size > 0 || matchMedia("(min-width: 48rem)").matches;
  const heads = element("div", { role: "rowgroup" }, head);
  grid.setAttribute("aria-colcount", String(COLUMNS.length));
  grid.replaceChildren(heads, view);
  section.replaceChildren(
    element("h2", { id: "devices-title" }, labels().list),
    ...notices[shown.language]!.map((notice) => element("p", { class: "notice" }, notice)),
    element("div", { class: "find" }, element("label", {}, element("span", {}, labels().search), find), reset),
    filters,
    status,
    element("p", { id: "devices-keys", class: "quiet screen" }, labels().keys),
    grid,
  );
  update();
}

/** Shows the devices of a value of a filter, from a link in the summary. */
export function only(filter: string, value: string): void {
  chosen.clear();
  chosen.set(filter, value);
  search = "";
  show();
  section.scrollIntoView();
  focus(0);
}

function update(): void {
  const passes = passing();
  const wanted = search.trim().toLowerCase();
  names ??= Array.from({ length: devices.length }, (_, at) => (devices.name(at) ?? "").toLowerCase());
  const found = new Uint32Array(devices.length);
  let length = 0;
  for (let at = 0; at < devices.length; at++) {
    if (passes[devices.kindNumber(at)] && (wanted === "" || names[at]!.includes(wanted))) found[length++] = at;
  }
  matches = found.slice(0, length);
  if (sort !== null) {
    const key = keys(sort.by);
    const sign = sort.down ? -1 : 1;
    matches.sort((one, other) => sign * (key[one]! - key[other]!) || one - other);
  }
  active = 0;
  view.scrollTop = 0;
  drawHead();
  // A column stands under its head, whether the list scrolls beside a bar or under it.
  head.style.paddingInlineEnd = `calc(0.75rem + ${view.offsetWidth - view.clientWidth}px)`;
  clear();
  rows.style.height = `${matches.length * rowHeight()}px`;
  view.classList.toggle("empty", matches.length === 0);
  grid.setAttribute("aria-rowcount", String(matches.length + 1));
  status.textContent =
    matches.length === 0
      ? labels().none_match
      : fill(labels().shown, { shown: count(matches.length), total: count(devices.length) });
  draw();
}

/** A number for each device, in whose order the column is sorted. */
function keys(by: Column): ArrayLike<number> {
  // No file has as many lines as there are below a file's number.
  if (by === "line") return Float64Array.from(devices.record, (line, at) => devices.file(at) * 2 ** 40 + line);
  if (by === "device") return (ranks ??= ranked(Array.from({ length: devices.length }, (_, at) => devices.name(at) ?? "")));
  const of: Record<"access" | "state" | "kind" | "due", (kind: Kind) => number | string> = {
    access: (kind) => kind.access,
    state: (kind) => kind.status,
    kind: (kind) => kind.class,
    due: (kind) => kind.due?.[0] ?? LATEST,
  };
  const key = frame.kinds.map((kind) => of[by](kind));
  const ofKinds = ranked(key);
  return Float64Array.from({ length: devices.length }, (_, at) => ofKinds[devices.kindNumber(at)]!);
}

/** The place of each value among all, the same for the same. */
function ranked(values: (string | number)[]): Uint32Array {
  const order = Uint32Array.from(values.keys()).sort((one, other) => {
    const [first, second] = [values[one]!, values[other]!];
    return first < second ? -1 : first > second ? 1 : 0;
  });
  const ranks = new Uint32Array(values.length);
  order.forEach((at, place) => {
    const before = order[place - 1];
    ranks[at] = before !== undefined && values[before] === values[at] ? ranks[before]! : place;
  });
  return ranks;
}

function label(column: Column): string {
  return labels()[column];
}

function drawHead(): void {
  const focused = head.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset.column : null;
  head.replaceChildren(
    ...COLUMNS.map((column, at) => {
      const isSorted = sort?.by === column;
      const mark = isSorted ? (sort!.down ? "▼" : "▲") : "";
      const button = element("button", { type: "button", "data-column": column }, label(column), " ", element("span", { "aria-hidden": "true" }, mark));
      button.addEventListener("click", () => {
        sort = { by: column, down: isSorted && !sort!.down };
        update();
      });
      const direction = isSorted ? (sort!.down ? "descending" : "ascending") : "none";
      return element("div", { role: "columnheader", class: column, "aria-colindex": at + 1, "aria-sort": direction }, button);
    }),
  );
  if (focused) head.querySelector<HTMLElement>(`[data-column=${focused}]`)?.focus();
}

function rowHeight(): number {
  return parseFloat(getComputedStyle(grid).getPropertyValue("--row"));
}

function clear(): void {
  for (const row of drawn.values()) row.remove();
  drawn.clear();
}

/** Draws the rows that are to be seen, and the one that has the focus or will have it. */
function draw(): void {
  const height = rowHeight();
  const first = Math.max(0, Math.floor(view.scrollTop / height) - AROUND);
  const last = Math.min(matches.length, Math.ceil((view.scrollTop + view.clientHeight) / height) + AROUND);
  for (const [place, row] of drawn) {
    if ((place < first || place >= last) && place !== active) {
      row.remove();
      drawn.delete(place);
    }
  }
  for (let place = first; place < last; place++) drawRow(place, height);
  if (matches.length > 0) drawRow(active, height);
}

/** The first last day. */
function written(kind: Kind): string {
  const day = kind.due?.[0];
  return day === undefined ? "" : writtenDay(day);
}

function drawRow(place: number, height: number): void {
  const known = drawn.get(place);
  if (known) {
    known.tabIndex = place === active ? 0 : -1;
    return;
  }
  const at = matches[place]!;
  const kind = devices.kind(at);
  const said: Record<Column, string> = {
    device: nameOf(at),
    access: labels().accesses[kind.access]!,
    state: labels().states[kind.status]!,
    kind: labels().classes[kind.class]!,
    due: written(kind),
    line: lineOf(at),
  };
  const row = element("div", {
    role: "row",
    class: `row ${colourOf(kind)}`,
    tabindex: place === active ? 0 : -1,
    "aria-rowindex": place + 2,
    "data-place": place,
  });
  COLUMNS.forEach((column, index) => {
    const inner = column === "device" ? element("bdi", {}, said[column]) : said[column];
    row.append(element("div", { role: "gridcell", class: column, "aria-colindex": index + 1 }, inner));
  });
  row.style.top = `${place * height}px`;
  // In the order of the list, which is how a screen reader walks.
  const after = [...rows.children].find((other) => Number((other as HTMLElement).dataset.place) > place);
  rows.insertBefore(row, after ?? null);
  drawn.set(place, row);
}

function focus(place: number): void {
  if (matches.length === 0) return;
  const height = rowHeight();
  active = Math.max(0, Math.min(matches.length - 1, place));
  const [top, bottom] = [active * height, (active + 1) * height];
  if (top < view.scrollTop) view.scrollTop = top;
  else if (bottom > view.scrollTop + view.clientHeight) view.scrollTop = bottom - view.clientHeight;
  draw();
  drawn.get(active)?.focus({ preventScroll: true });
}

function open(place: number): void {
  const at = matches[place];
  if (at !== undefined) explain(at, () => focus(place));
}

const placeOf = (event: Event): number | null => {
  const row = (event.target as HTMLElement).closest<HTMLElement>("[data-place]");
  return row === null ? null : Number(row.dataset.place);
};

rows.addEventListener("click", (event) => {
  const place = placeOf(event);
  if (place !== null) {
    active = place;
    open(place);
  }
});

rows.addEventListener("keydown", (event) => {
  const page = Math.max(1, Math.floor(view.clientHeight / rowHeight()) - 1);
  const steps: Record<string, number> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: matches.length - 1,
  };
  const step = steps[event.key];
  if (step !== undefined) focus(step);
  else if (event.key === "Enter" || event.key === " ") open(active);
  else return;
  event.preventDefault();
});

rows.addEventListener("focusin", (event) => {
  const place = placeOf(event);
  if (place !== null && place !== active) {
    active = place;
    draw();
  }
});

let isWaiting = false;
view.addEventListener("scroll", () => {
  if (!isWaiting) {
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      draw();
    });
  }
});
addEventListener("resize", () => {
  clear();
  rows.style.height = `${matches.length * rowHeight()}px`;
  draw();
});

/** Paper does not scroll: the first devices, as a table. */
export function print(printing: boolean): void {
  document.getElementById("printed")?.remove();
  if (!printing) return;
  const heads = COLUMNS.map((column) => element("th", { scope: "col" }, label(column)));
  const body = [...matches.slice(0, PRINTED)].map((at) => {
    const kind = devices.kind(at);
    const cells = [
      labels().accesses[kind.access]!,
      labels().states[kind.status]!,
      labels().classes[kind.class]!,
      written(kind),
      lineOf(at),
    ];
    return element("tr", {}, element("th", { scope: "row" }, nameOf(at)), ...cells.map((cell) => element("td", {}, cell)));
  });
  const shownOf = { shown: count(Math.min(matches.length, PRINTED)), total: count(matches.length) };
  const notice = matches.length > PRINTED ? [element("p", { class: "notice" }, fill(labels().printed, shownOf))] : [];
  section.append(
    element("div", { id: "printed" }, ...notice, element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...body))),
  );
}
