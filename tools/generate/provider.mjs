/** `node tools/generate/provider.mjs SLUG`: a new cloud: its adapter, its emulated counterpart, and a line in each registry. */
import { resolve, join } from 'node:path';
import { editFile } from './parts/edit-file.mjs';
import { formatFiles } from './parts/format-files.mjs';
import { namesOf, requireSlug } from './parts/names.mjs';
import { renderTemplate } from './parts/render-template.mjs';

const ADAPTERS = 'apps/providers/src/adapters';
const CLOUDS = 'apps/cloud-emulator/src/clouds';

const root = resolve(import.meta.dirname, '../..');
const slug = requireSlug(process.argv[2], 'usage: node tools/generate/provider.mjs SLUG');
const values = { ...namesOf(slug), today: new Date().toISOString().slice(0, 10) };
const { camel, pascal } = values;
const templates = join(root, 'tools/generate/templates');
const registry = join(root, ADAPTERS, 'registry.ts');
const emulated = join(root, CLOUDS, 'cloud-registry.ts');

try {
  const written = [
    ...renderTemplate(join(templates, 'adapter'), join(root, ADAPTERS, slug), values),
    ...renderTemplate(join(templates, 'emulated-cloud'), join(root, CLOUDS, slug), values),
  ];
  editFile(
    registry,
    /^(import .* from '\.\/[^']+';\n)(?!import)/m,
    `$1import { ${pascal}Adapter } from './${slug}/${slug}.adapter';\n`,
  );
  editFile(registry, /(\.register\([^)]*\))(?=;)/, `$1.register('${slug}', ${pascal}Adapter)`);
  editFile(
    emulated,
    /^(import .* from '\.\/[^']+';\n)(?!import)/m,
    `$1import { ${camel}Cloud } from './${slug}/${slug}.cloud';\n`,
  );
  editFile(emulated, /(CLOUDS: readonly CloudFactory\[\] = \[[^\]]*?),?\s*\]/, `$1, ${camel}Cloud]`);
  formatFiles(root, [...written, registry, emulated]);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

console.log(`${ADAPTERS}/${slug} and ${CLOUDS}/${slug} are there and registered. Next:
  npx jest -c apps/providers/jest.config.cjs ${slug}
  npx jest -c apps/cloud-emulator/jest.config.cjs ${slug}
  node tools/generate/environment-docs.mjs       lists its variables
They speak a made-up format: put the cloud's own in its place, as docs/adding-a-provider.md says, each side from the cloud's
documentation and recorded answers, never one from the other.`);
