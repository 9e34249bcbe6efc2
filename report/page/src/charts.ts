// Charts of the tables that are marked for it: what a chart shows, its table says.

import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  Tooltip,
  type ChartConfiguration,
} from "chart.js";

import { code, count, fill, labels } from "./data";

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, Tooltip);

/** Which columns of a table are drawn, by the name of a colour for each (page.css). */
const SERIES: Record<string, Record<number, string>> = {
  status: { 3: "good", 4: "care", 5: "bad", 6: "open", 7: "none" },
  duties: { 0: "care", 1: "bad", 2: "bad striped", 3: "good" },
  questions: { 0: "open", 1: "none" },
};

/** So many letters stand in a line of a label, at a desk and on a phone, and so many lines: the table has the rest. */
const LETTERS = [40, 18];
const LINES = 4;
/** The height of a line. */
const LINE = 15;
const NARROW = 600;
const ROWS = 12;

let charts: Chart[] = [];
let isPrinting = false;

/** Draws the charts of the language that is shown, in the colours of the screen or of paper. */
export function draw(): void {
  for (const chart of charts) chart.destroy();
  charts = [];
  document.querySelectorAll("figure.chart").forEach((figure) => figure.remove());
  const tables = document.querySelectorAll<HTMLTableElement>(`#in-${code()} table[data-chart]`);
  for (const table of tables) drawTable(table);
}

/** Paper is white whatever the screen is. */
export function print(printing: boolean): void {
  if (isPrinting !== printing) {
    isPrinting = printing;
    document.documentElement.classList.toggle("paper", printing);
    draw();
  }
}

function drawTable(table: HTMLTableElement): void {
  const series = SERIES[table.dataset.chart ?? ""] ?? {};
  const rows = [...table.tBodies[0]!.rows].slice(0, ROWS);
  // The row of all is the sum of the others.
  if (table.dataset.chart === "status" && rows.length > 1) rows.pop();
  const values = (row: HTMLTableRowElement) => [...row.querySelectorAll("td")].map((cell) => Number(cell.dataset.n));
  const heads = [...table.tHead!.querySelectorAll("th")].slice(1);
  const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const filled = (name: string) => {
    const [of, pattern] = name.split(" ");
    return pattern === undefined ? colour(of!) : stripes(colour(of!), colour("paper"));
  };
  const datasets = Object.entries(series).map(([column, name]) => ({
    label: heads[Number(column)]?.textContent ?? "",
    data: rows.map((row) => values(row)[Number(column)] ?? 0),
    backgroundColor: filled(name),
    borderWidth: 0,
    maxBarThickness: 28,
  }));
  const some = datasets.filter((set) => set.data.some((value) => value > 0));
  if (some.length === 0) return;

  const width = (table.closest<HTMLElement>(".in") ?? table).clientWidth;
  const names = rows.map((row) => wrapped(row.querySelector("th")?.textContent ?? "", width));
  const most = Math.max(...names.map((lines) => lines.length));
  const canvas = figureOf(table, rows.length * Math.max(38, most * LINE + 12));
  const text = colour("ink");
  const grid = colour("line");
  const configuration: ChartConfiguration<"bar"> = {
    type: "bar",
    data: { labels: names, datasets: some },
    options: {
      indexAxis: "y",
      animation: false,
      maintainAspectRatio: false,
      locale: code(),
      color: text,
      scales: {
        x: {
          stacked: true,
          ticks: { color: text, precision: 0, maxTicksLimit: 6, callback: (value) => count(Number(value)) },
          grid: { color: grid },
        },
        y: { stacked: true, ticks: { color: text, autoSkip: false }, grid: { display: false } },
      },
      plugins: { legend: { position: "bottom", labels: { color: text, boxWidth: 14 } } },
    },
  };
  charts.push(new Chart(canvas, configuration));
}

function figureOf(table: HTMLTableElement, height: number): HTMLCanvasElement {
  const figure = document.createElement("figure");
  figure.className = "chart";
  figure.style.height = `${height + 90}px`;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", fill(labels().chart, { table: table.caption?.textContent ?? "" }));
  figure.append(canvas);
  (table.closest(".wide") ?? table).before(figure);
  return canvas;
}

/** What two columns of one colour are told apart by, on paper and by whoever sees no red too. */
function stripes(colour: string, paper: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const context = tile.getContext("2d");
  if (context === null) return colour;
  context.fillStyle = paper;
  context.fillRect(0, 0, 8, 8);
  context.strokeStyle = colour;
  context.lineWidth = 3;
  for (const start of [-8, 0, 8]) {
    context.moveTo(start, 8);
    context.lineTo(start + 8, 0);
  }
  context.stroke();
  return context.createPattern(tile, "repeat") ?? colour;
}

/** A label in lines, at the ends of words. */
function wrapped(label: string, width: number): string[] {
  const most = LETTERS[width < NARROW ? 1 : 0]!;
  const lines: string[] = [];
  for (const word of label.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.length <= LINES ? lines : [...lines.slice(0, LINES - 1), `${lines[LINES - 1]}…`];
}
