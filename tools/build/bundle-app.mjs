import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import swc from '@swc/core';
import esbuild from 'esbuild';

const swcOptions = JSON.parse(await readFile(new URL('swc-options.json', import.meta.url), 'utf8'));

/** npm packages stay outside the bundle: Nest and TypeORM load drivers by name, and two copies of class-transformer lose metadata. */
const npmStaysExternal = {
  name: 'npm-stays-external',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      path.startsWith('@gpubroker/') || isAbsolute(path) || kind === 'entry-point'
        ? undefined
        : { path, external: true },
    );
  },
};

/** esbuild alone drops the decorator metadata that dependency injection reads; swc keeps it. */
const decoratorMetadata = {
  name: 'decorator-metadata',
  setup(build) {
    build.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const { code } = await swc.transform(source, {
        ...swcOptions,
        filename: path,
        swcrc: false,
        configFile: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
      });
      return { contents: code, loader: 'js' };
    });
  },
};

/**
 * Bundles one app's own code (libs included, npm packages external) into dist-app/main.js.
 * @param {string} appDirectory absolute or relative to the working directory
 * @param {{ entry?: string, outfile?: string }} [options]
 */
export async function bundleApp(appDirectory, { entry = 'src/main.ts', outfile = 'dist-app/main.js' } = {}) {
  await esbuild.build({
    entryPoints: [join(appDirectory, entry)],
    outfile: join(appDirectory, outfile),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    conditions: ['@gpubroker/source'],
    plugins: [npmStaysExternal, decoratorMetadata],
    logLevel: 'warning',
  });
}
