// What the page holds, as report/src/data.rs writes it.

export type Four<T> = [T, T, T, T];

export interface Labels {
  title: string;
  list: string;
  search: string;
  filter: string;
  any: string;
  device: string;
  line: string;
  access: string;
  state: string;
  kind: string;
  due: string;
  task: string;
  missing: string;
  directive: string;
  strong: string;
  to_do: string;
  at_once: string;
  shown: string;
  no_name: string;
  none_match: string;
  reset: string;
  keys: string;
  close: string;
  valid_until: string;
  not_explained: string;
  printed: string;
  chart: string;
  contents: string;
  accesses: string[];
  states: string[];
  classes: string[];
  questions: string[];
  days: [string, string][];
  tasks: [string, string][];
  headings: string[];
  foot: string[];
}

/** What devices have in common of which the same is said. */
export interface Kind {
  access: number;
  status: number;
  class: number;
  missing?: number[];
  due?: string[];
  tasks?: string[];
  bases?: string[];
  explanation?: number;
}

export interface Citation {
  id: string;
  link: string | null;
  strength: Four<string>;
  text: Four<string>;
  document: Four<string>;
}

/** The four texts, the number of what is cited (-1: nothing), whether it is a reading of ours. */
export type Sentence = [string, string, string, string, number, number];

interface Frame {
  at: number;
  zone: string;
  languages: Four<string>;
  labels: Four<Labels>;
  kinds: Kind[];
  words: { citations: Citation[]; sentences: Sentence[]; lists: number[][]; explanations: number[][] };
}

interface Listed {
  columns: { prefix: string; files: number[]; records: number[]; names: (string | null)[]; kinds: number[]; until: number[] };
  notices: Four<string[]>;
}

function read<T>(id: string): T {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null") as T;
}

export const frame = read<Frame>("frame");
const listed = read<Listed>("devices-data");
export const notices = listed.notices;

/** The devices that are listed, by their place in the order of urgency. */
export const devices = {
  length: listed.columns.kinds.length,
  record: records(listed.columns.records),
  name: (at: number): string | null => {
    const rest = listed.columns.names[at];
    return rest == null ? null : listed.columns.prefix + rest;
  },
  kind: (at: number): Kind => frame.kinds[listed.columns.kinds[at]!]!,
  kindNumber: (at: number): number => listed.columns.kinds[at]!,
  /** The number of its file, where there are several. */
  file: (at: number): number => listed.columns.files[at] ?? 0,
  /** Seconds since 1970, or nothing. */
  until: (at: number): number | null => {
    const seconds = listed.columns.until[at]!;
    return seconds === 0 ? null : frame.at + seconds;
  },
};

function records(differences: number[]): Float64Array {
  const records = new Float64Array(differences.length);
  let last = 0;
  for (let at = 0; at < records.length; at++) {
    last += differences[at]!;
    records[at] = last;
  }
  return records;
}

/** Which language is shown, as a place in the lists of four. */
export const shown = { language: 0 };

export const labels = (): Labels => frame.labels[shown.language]!;
export const code = (): string => frame.languages[shown.language]!;
export const count = (number: number): string => number.toLocaleString(code());
export const fill = (template: string, values: Record<string, string>): string =>
  template.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
/** As other tools take it: without separators. */
export const lineOf = (at: number): string => {
  const [file, line] = [devices.file(at), devices.record[at]!];
  return file === 0 ? String(line) : `${file} : ${line}`;
};
/** Which colour a device has: a denial that only an open question holds up has that of the questions. */
export const colourOf = (kind: Kind): string => {
  if (kind.status === 3 && kind.access === 1) return "open";
  return kind.access === 1 ? "bad" : kind.status === 1 || kind.status === 3 ? "care" : "good";
};
export const nameOf = (at: number): string =>
  devices.name(at) ?? fill(labels().no_name, { line: lineOf(at) });

/** An element with attributes, and what is in it. Text stays text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string | number> = {},
  ...inner: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...inner);
  return made;
}
