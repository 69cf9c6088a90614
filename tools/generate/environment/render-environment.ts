import type { Section, Variable } from './variable';

const COMMAND = 'node tools/generate/environment-docs.mjs';

/** docs/environment.md: a table per reader. */
export function renderPage(sections: readonly Section[]): string {
  return `# Environment

Made by \`${COMMAND}\` from the schemas that the services read with; change those, not this page. \`.env.example\` lists the
same variables in the form of a file.

- An empty value counts as unset. A service that finds a bad or missing variable names all of them and does not start.
- One environment can serve every service: each reads its own variables and ignores the others.
- A service reads what stands under "Every service", then its own section.

${sections.map(renderSection).join('\n')}`;
}

function renderSection({ title, variables }: Section): string {
  const rows = variables.map(
    (variable) => `| \`${variable.name}\` | ${defaultOf(variable)} | ${escaped(variable.description)} |`,
  );
  return `## ${title}\n\n| Variable | Default | What it is |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

function defaultOf({ fallback, required }: Variable): string {
  if (required) return 'required';
  return fallback === null ? 'unset' : `\`${escaped(fallback)}\``;
}

const escaped = (text: string) => text.replaceAll('|', '\\|');

/** .env.example: each variable once, commented out, so that a copy changes nothing until a line is opened. */
export function renderExample(sections: readonly Section[]): string {
  const seen = new Set<string>();
  const blocks = sections.flatMap(({ title, variables }) => {
    const fresh = variables.filter(({ name }) => !seen.has(name));
    for (const { name } of fresh) seen.add(name);
    return fresh.length === 0
      ? []
      : [`# --- ${title} ---\n\n${fresh.map((one) => renderEntry(one, sections)).join('\n')}`];
  });
  return `# Made by \`${COMMAND}\`; docs/environment.md explains. Every line is optional unless it says otherwise.\n\n${blocks.join('\n')}`;
}

function renderEntry({ name, description, fallback, required }: Variable, sections: readonly Section[]): string {
  const others = sections.flatMap(({ title, variables }) =>
    variables
      .filter((other) => other.name === name && other.fallback !== fallback)
      .map((other) => `#   ${title}: ${other.fallback ?? 'unset'} by default\n`),
  );
  return `# ${description}${required ? ' (required)' : ''}\n${others.join('')}# ${name}=${fallback ?? ''}\n`;
}
