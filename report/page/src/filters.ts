// What the list is found by. A filter looks at kinds of devices, of which there are few.

import { count, devices, element, frame, labels, type Kind } from "./data";

/** The last day of what is due without a term (report/src/kinds.rs). It is ordered before all days. */
export const AT_ONCE = "0";
/** A last day in words, as the summary has it. */
export function writtenDay(day: string): string {
  return day === AT_ONCE ? labels().at_once : (days().get(day) ?? day);
}
/** Any value at all. */
export const ANY = "*";

interface Filter {
  name: string;
  label: () => string;
  values: (kind: Kind) => (string | number)[];
  said: (value: string) => string;
  /** What any value means, where that is worth asking for. */
  any?: () => string;
}

const tasks = (): Map<string, string> => new Map(labels().tasks);
const days = (): Map<string, string> => new Map(labels().days);

const FILTERS: Filter[] = [
  { name: "access", label: () => labels().access, values: (kind) => [kind.access], said: (at) => labels().accesses[+at]! },
  { name: "state", label: () => labels().state, values: (kind) => [kind.status], said: (at) => labels().states[+at]! },
  { name: "kind", label: () => labels().kind, values: (kind) => [kind.class], said: (at) => labels().classes[+at]! },
  { name: "task", label: () => labels().task, values: (kind) => kind.tasks ?? [], said: (task) => tasks().get(task) ?? task },
  { name: "due", label: () => labels().due, values: (kind) => kind.due ?? [], said: writtenDay, any: () => labels().to_do },
  { name: "missing", label: () => labels().missing, values: (kind) => kind.missing ?? [], said: (at) => labels().questions[+at]! },
  { name: "directive", label: () => labels().directive, values: (kind) => kind.bases ?? [], said: (basis) => basis },
];

/** What is chosen, by the name of a filter. */
export const chosen = new Map<string, string>();

/** Devices of each value, by the name of a filter: they do not change. */
const counts = new Map(FILTERS.map((filter) => [filter.name, counted(filter)]));

function counted(filter: Filter): Map<string, number> {
  const ofKinds = new Float64Array(frame.kinds.length);
  for (let at = 0; at < devices.length; at++) ofKinds[devices.kindNumber(at)]!++;
  const counts = new Map<string, number>();
  frame.kinds.forEach((kind, number) => {
    const values = filter.values(kind);
    for (const value of filter.any && values.length > 0 ? [ANY, ...values] : values) {
      counts.set(String(value), (counts.get(String(value)) ?? 0) + ofKinds[number]!);
    }
  });
  return counts;
}

/** Which kinds of devices are to be seen. */
export function passing(): boolean[] {
  const active = FILTERS.filter((filter) => chosen.has(filter.name));
  return frame.kinds.map((kind) =>
    active.every((filter) => {
      const wanted = chosen.get(filter.name);
      return filter.values(kind).some((value) => wanted === ANY || String(value) === wanted);
    }),
  );
}

/** The fields, in the language that is shown. */
export function fields(changed: () => void): HTMLElement[] {
  const worth = FILTERS.filter((filter) => counts.get(filter.name)!.size > 0);
  return worth.map((filter) => {
    const select = element("select", { name: filter.name }, element("option", { value: "" }, labels().any));
    const values = [...counts.get(filter.name)!].filter(([, devices]) => devices > 0);
    values.sort(([one], [other]) => (one < other ? -1 : 1));
    for (const [value, devices] of values) {
      select.append(element("option", { value }, `${value === ANY && filter.any ? filter.any() : filter.said(value)} (${count(devices)})`));
    }
    select.value = chosen.get(filter.name) ?? "";
    select.addEventListener("change", () => {
      if (select.value === "") chosen.delete(filter.name);
      else chosen.set(filter.name, select.value);
      changed();
    });
    return element("label", {}, element("span", {}, filter.label()), select);
  });
}
