// Bundles src/ into dist/, which is committed, so that `cargo build` needs no Node; or into another folder, to compare.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";

const outdir = process.argv[2] ?? "dist";

/** What the authors of the bundled libraries ask to be kept. */
async function notices() {
  const lock = JSON.parse(await readFile("package-lock.json", "utf8"));
  const bundled = Object.entries(lock.packages).filter(([path, entry]) => path !== "" && !entry.dev);
  const texts = bundled.map(async ([path, { version }]) => {
    const text = await readFile(`${path}/LICENSE.md`, "utf8");
    return `${path.replace("node_modules/", "")} ${version}\n${text.replaceAll("\r\n", "\n").trim()}`;
  });
  return `/*!\n${(await Promise.all(texts)).join("\n\n").replaceAll("*/", "* /")}\n*/`;
}

await build({
  entryPoints: { page: "src/main.ts" },
  outdir,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  banner: { js: await notices() },
});
await build({
  entryPoints: { page: "src/page.css" },
  outdir,
  bundle: true,
  minify: true,
  charset: "utf8",
});
