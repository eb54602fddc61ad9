// Builds static/build/: app.css, admin.css, app.js, sprite.svg and the fonts. Run after `npm ci`; `--watch` rebuilds on change.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { readFileSync, watch } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const modules = join(root, "node_modules");
const out = join(root, "static", "build");
const targets = ["chrome111", "firefox113", "safari16.4"];

async function buildStyles(name) {
  const { css } = sass.compile(join(here, "scss", `${name}.scss`), {
    loadPaths: [modules],
    functions: { "shape($name)": ([icon]) => new sass.SassString(shape(icon.assertString("name").text), { quotes: false }) },
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  const small = await esbuild.transform(css, { loader: "css", minify: true, target: targets });
  await writeFile(join(out, `${name}.css`), small.code);
}

// An icon as the value of a mask: for tables of hundreds of shapes, which would be larger than their words as SVG.
function shape(name) {
  const svg = readFileSync(join(modules, "bootstrap-icons", "icons", `${name}.svg`), "utf8");
  const small = svg.replace(/ (class|width|height|fill)="[^"]*"/g, "").replace(/\s*\n\s*/g, "");
  return `url("data:image/svg+xml,${encodeURIComponent(small)}")`;
}

async function buildScripts() {
  await esbuild.build({
    entryPoints: [join(here, "js", "app.js")],
    outfile: join(out, "app.js"),
    bundle: true,
    minify: true,
    format: "iife",
    target: targets,
    legalComments: "none",
    logLevel: "warning",
  });
}

async function buildSprite() {
  const list = await readFile(join(here, "icons.txt"), "utf8");
  const names = list.split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  const symbols = await Promise.all(
    names.map((name) => symbolFrom(name, join(modules, "bootstrap-icons", "icons", `${name}.svg`))),
  );
  symbols.push(await symbolFrom("mark", join(here, "mark.svg")));
  await writeFile(join(out, "sprite.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

async function symbolFrom(name, file) {
  const svg = (await readFile(file, "utf8")).replace(/\s*\n\s*/g, "");
  const viewBox = svg.match(/viewBox="([^"]+)"/)[1];
  const body = svg.replace(/^<svg[^>]*>/, "").replace(/<\/svg>$/, "");
  return `<symbol id="${name}" viewBox="${viewBox}" fill="currentColor">${body}</symbol>`;
}

// Extended Latin is cut in two by scripts/build_web_fonts.py.
async function copyFonts() {
  const subsets = ["latin", "cyrillic", "cyrillic-ext", "greek"];
  await mkdir(join(out, "fonts"), { recursive: true });
  const from = join(modules, "@fontsource-variable", "commissioner");
  await Promise.all([
    ...subsets.map((subset) =>
      copyFile(
        join(from, "files", `commissioner-${subset}-wght-normal.woff2`),
        join(out, "fonts", `commissioner-${subset}.woff2`),
      ),
    ),
    copyFile(join(from, "LICENSE"), join(out, "fonts", "LICENSE")),
  ]);
}

async function build() {
  await mkdir(out, { recursive: true });
  await Promise.all([buildStyles("app"), buildStyles("admin"), buildScripts(), buildSprite(), copyFonts()]);
  for (const name of ["app.css", "admin.css", "app.js", "sprite.svg"]) {
    const size = gzipSync(await readFile(join(out, name)), { level: 9 }).length;
    console.log(`${name.padEnd(12)} ${(size / 1024).toFixed(1).padStart(6)} KiB compressed`);
  }
}

if (process.argv.includes("--watch")) {
  await build();
  let waiting;
  watch(here, { recursive: true }, () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => build().catch((error) => console.error(error.message)), 100);
  });
} else {
  await rm(out, { recursive: true, force: true });
  await build();
}
