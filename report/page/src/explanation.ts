// Why: what the core says of one device, in the language that is shown.

import { code, colourOf, devices, element, fill, frame, labels, lineOf, nameOf, shown } from "./data";

const dialog = element("dialog", { "aria-labelledby": "why-title" });
document.body.append(dialog);
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});

/** Shows why. The browser gives the focus back in the end; `lost` is for where what had it is there no more. */
export function explain(at: number, lost: () => void): void {
  const close = element("button", { type: "button", class: "close" }, labels().close);
  close.addEventListener("click", () => dialog.close());
  dialog.lang = code();
  dialog.replaceChildren(
    element("div", { class: "bar" }, element("h2", { id: "why-title" }, element("bdi", {}, nameOf(at))), close),
    ...words(at),
  );
  const closed = () => {
    if (document.activeElement === null || document.activeElement === document.body) lost();
  };
  dialog.addEventListener("close", closed, { once: true });
  dialog.showModal();
  dialog.scrollTop = 0;
}

function words(at: number): Node[] {
  const kind = devices.kind(at);
  const known = kind.explanation === undefined ? undefined : frame.words.explanations[kind.explanation];
  const line = element("p", { class: "quiet" }, `${labels().line} ${lineOf(at)}`);
  if (known === undefined) {
    const state = `${labels().accesses[kind.access]}, ${labels().states[kind.status]}, ${labels().classes[kind.class]}`;
    return [element("p", { class: "verdict" }, state), element("p", {}, labels().not_explained), line];
  }
  const cited = new Set<number>();
  const [verdict, network, questions, ...policies] = known;
  const parts: Node[] = [
    element("p", { class: `verdict ${colourOf(kind)}` }, text(verdict!)),
    element("p", {}, text(network!)),
  ];
  for (let start = 0; start + 7 <= policies.length; start += 7) {
    const [title, kindOf, ...lists] = policies.slice(start, start + 7);
    parts.push(element("h3", {}, text(title!)), element("p", {}, text(kindOf!)));
    lists.forEach((list, which) => parts.push(...sentences(labels().headings[which]!, list, cited)));
  }
  parts.push(...sentences(labels().headings[5]!, questions!, cited), ...basis(cited));
  const until = devices.until(at);
  const foot = until === null ? [] : [fill(labels().valid_until, { instant: instant(until) })];
  parts.push(...[...foot, ...labels().foot].map((said) => element("p", { class: "quiet" }, said)), line);
  return parts;
}

function text(sentence: number): string {
  return String(frame.words.sentences[sentence]![shown.language]);
}

function sentences(heading: string, list: number, cited: Set<number>): Node[] {
  const numbers = frame.words.lists[list]!;
  if (numbers.length === 0) return [];
  const items = numbers.map((number) => {
    const sentence = frame.words.sentences[number]!;
    const item = element("li", {}, text(number));
    const citation = sentence[4];
    if (citation >= 0) {
      cited.add(citation);
      item.append(" ", element("span", { class: "basis" }, frame.words.citations[citation]!.id));
    }
    if (sentence[5] === 1) item.append(" ", element("em", {}, `(${labels().headings[7]})`));
    return item;
  });
  return [element("h4", {}, heading), element("ul", {}, ...items)];
}

function basis(cited: Set<number>): Node[] {
  if (cited.size === 0) return [];
  const items = [...cited].map((number) => {
    const citation = frame.words.citations[number]!;
    const title = citation.document[shown.language]!;
    // A policy may come from anyone: no link of it runs a script.
    const isWeb = citation.link !== null && /^https?:\/\//.test(citation.link);
    const document = isWeb ? element("a", { href: citation.link!, rel: "noopener noreferrer" }, title) : title;
    const said = ` ${fill(labels().strong, { strength: citation.strength[shown.language]!, text: citation.text[shown.language]! })} `;
    return element("li", {}, element("b", {}, citation.id), said, document);
  });
  return [element("h4", {}, labels().headings[6]!), element("ul", {}, ...items)];
}

function instant(seconds: number): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: "long", timeStyle: "short" };
  const date = new Date(seconds * 1000);
  try {
    return new Intl.DateTimeFormat(code(), { ...options, timeZone: frame.zone }).format(date);
  } catch {
    // A zone that the browser does not know.
    return `${new Intl.DateTimeFormat(code(), { ...options, timeZone: "UTC" }).format(date)} UTC`;
  }
}
