/** `node tools/generate/service.mjs NAME [PORT]`: a new service with every room of DESIGN section 3, that runs and is tested. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { editFile } from './parts/edit-file.mjs';
import { formatFiles } from './parts/format-files.mjs';
import { namesOf, requireSlug } from './parts/names.mjs';
import { renderTemplate } from './parts/render-template.mjs';
import { freeServicePort } from './parts/service-port.mjs';

const root = resolve(import.meta.dirname, '../..');
const slug = requireSlug(process.argv[2], 'usage: node tools/generate/service.mjs NAME [PORT]');
const port = Number(process.argv[3] ?? freeServicePort(root, slug));
if (!Number.isInteger(port) || port < 1024 || port > 65_535) fail('PORT is a whole number from 1024 to 65535.');

try {
  const written = renderTemplate(join(root, 'tools/generate/templates/service'), join(root, 'apps', slug), {
    ...namesOf(slug),
    port: String(port),
    dependencies: JSON.stringify(dependencies()),
  });
  editFile(join(root, 'tsconfig.json'), /\s*\]\s*\}\s*$/, `, { "path": "apps/${slug}" }] }\n`);
  // The table of DESIGN section 2, and its second writing that proves it.
  const rules = ['tools/lint/import-rules.mjs', 'tools/lint/import-rules.spec.ts'].map((file) => join(root, file));
  for (const file of rules)
    if (!readFileSync(file, 'utf8').includes(`'${slug}'`))
      editFile(file, /(const services = \[[^\]]*?),?\s*\]/i, `$1, '${slug}']`);
  formatFiles(root, [...written, 'tsconfig.json', ...rules]);
} catch (error) {
  fail(error.message);
}

console.log(`apps/${slug} is there, on port ${port}. Next:
  npm install                                    links the new workspace and updates the lock file
  node tools/generate/environment-docs.mjs       lists its variables
  npx nx test ${slug} && npx nx serve ${slug}
docs/adding-a-service.md says how it gets a database, events, a route in the gateway and a place in standalone.`);

/** The versions that the other services use: a second version of Nest in one process breaks injection. */
function dependencies() {
  const { dependencies: known } = JSON.parse(readFileSync(join(root, 'apps/providers/package.json'), 'utf8'));
  const wanted = [
    '@gpubroker/platform',
    '@gpubroker/contracts',
    '@nestjs/common',
    '@nestjs/core',
    '@nestjs/platform-fastify',
    '@nestjs/swagger',
    'class-transformer',
    'class-validator',
    'reflect-metadata',
    'rxjs',
    'zod',
  ];
  return Object.fromEntries(wanted.map((name) => [name, known[name]]));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
