/* Builds the widget and the demo page into <repository>/build/widget.
   Style sheets are real .css files: each is minified here and handed to Lit as a constructable
   sheet, so nothing inline is left for a strict Content-Security-Policy to refuse.
   Usage: node build.mjs [--watch | --tests]. Fails when the bundle outgrows its budget. */
import { context, build, transform } from 'esbuild';
import { gzipSync } from 'node:zlib';
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, '../../build/widget');
const testOutput = join(here, '../../build/widget-tests');
const budget = 20 * 1024;
const target = ['es2022', 'chrome103', 'firefox102', 'safari16.4'];

const litStyles = {
  name: 'lit-styles',
  setup(bundle) {
    bundle.onLoad({ filter: /src\/.*\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        loader: 'css', minify: true, target,
      });
      const contents = `import { unsafeCSS } from 'lit';
        export default unsafeCSS(${JSON.stringify(code.trim())});`;
      return { contents, loader: 'js', resolveDir: here };
    });
  },
};

/* Templates are indented for people; browsers need none of it. */
const leanTemplates = {
  name: 'lean-templates',
  setup(bundle) {
    bundle.onLoad({ filter: /src\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8'))
        .replace(/\n[ \t]+/g, '\n').replace(/>\n</g, '><'),
      loader: 'ts',
    }));
  },
};

const common = {
  bundle: true,
  format: 'esm',
  charset: 'utf8',
  target,
  logLevel: 'warning',
  absWorkingDir: here,
};
const site = {
  ...common,
  entryPoints: { 'refund-desk': 'src/refund-desk.ts', page: 'page/page.ts', embed: 'page/embed.ts' },
  outdir: output,
  minify: true,
  plugins: [litStyles, leanTemplates],
};
const pageStyles = {
  ...common, entryPoints: { page: 'page/page.css', embed: 'page/embed.css' }, outdir: output, minify: true,
};

async function report() {
  const bytes = gzipSync(await readFile(join(output, 'refund-desk.js')), { level: 9 }).length;
  console.log(`${relative(process.cwd(), output)}/refund-desk.js: ${bytes} bytes gzipped`);
  if (bytes > budget) throw new Error(`the bundle outgrew its budget of ${budget} bytes`);
}

async function tests() {
  const found = (await readdir(join(here, 'src'), { recursive: true }))
    .filter((name) => name.endsWith('.test.ts'));
  await rm(testOutput, { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: found.map((name) => `src/${name}`),
    outdir: testOutput,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node20',
    plugins: [litStyles],
  });
}

if (process.argv.includes('--tests')) {
  await tests();
} else if (process.argv.includes('--watch')) {
  await Promise.all([site, pageStyles].map(async (each) => (await context(each)).watch()));
} else {
  await mkdir(output, { recursive: true });
  await Promise.all([build(site), build(pageStyles)]);
  await copyFile(join(here, 'page/icon.svg'), join(output, 'icon.svg'));
  await report();
}
