import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Copies a template folder. `__slug__` in a path and `{{slug}}` in a text stand for the value of that name; the ending
 * `.template` keeps linters and compilers away from the template itself.
 * @returns the files that were written
 * @throws Error when a file exists already, before anything is written, or a placeholder has no value
 */
export function renderTemplate(template, target, values) {
  const files = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((source) => ({
      text: fill(readFileSync(source, 'utf8'), values, /\{\{(\w+)\}\}/g),
      path: join(target, fill(source.slice(template.length + 1), values, /__([a-z]+)__/g).replace(/\.template$/, '')),
    }));
  const taken = files.find(({ path }) => existsSync(path));
  if (taken) throw new Error(`${taken.path} exists already; nothing was written.`);
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return files.map(({ path }) => path);
}

function fill(text, values, placeholder) {
  return text.replace(placeholder, (_all, name) => {
    if (values[name] === undefined) throw new Error(`the template asks for ${name}, which has no value`);
    return values[name];
  });
}
