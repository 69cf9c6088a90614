/**
 * Who may import whom: DESIGN section 2 as data. Each project lists the projects of ours that its sources may import;
 * everything else of ours is refused, by package name and by relative path. tools/lint/import-rules.spec.ts plants a
 * violation of every line and sees it reported.
 */
const LIBS = ['contracts', 'circuit-breaker', 'persistence', 'provider-adapter', 'events', 'platform', 'testing'];
const SERVICE_LIBS = ['contracts', 'circuit-breaker', 'persistence', 'provider-adapter', 'events', 'platform'];
export const SERVICES = ['api-gateway', 'auth', 'providers', 'kpi', 'math-core', 'ai-assistant', 'ws-gateway'];

/** @type {Record<string, string[]>} project folder → what it may import of ours */
export const ALLOWED = {
  'libs/contracts': [],
  'libs/circuit-breaker': [],
  'libs/persistence': [],
  'libs/provider-adapter': ['contracts', 'circuit-breaker'],
  'libs/events': ['contracts', 'persistence'],
  'libs/platform': ['contracts', 'circuit-breaker', 'persistence', 'events'],
  'libs/testing': LIBS.filter((lib) => lib !== 'testing'),
  ...Object.fromEntries(SERVICES.map((service) => [`apps/${service}`, SERVICE_LIBS])),
  'apps/web': ['contracts'],
  'apps/cloud-emulator': ['platform', 'contracts'],
  'apps/standalone': [...SERVICE_LIBS, ...SERVICES, 'cloud-emulator'],
};

/** contracts is read by the browser too: no Nest wiring and no I/O may come with it. */
const CONTRACTS_BAN = {
  regex: '^(@nestjs/(?!swagger)|typeorm|pg|kafkajs|ioredis|undici|fastify|node:)',
  message: 'contracts is the wire only: no Nest wiring, no I/O.',
};
/** One file owns the Kafka client, so that it can be changed in one place. */
const KAFKA_BAN = {
  regex: '^kafkajs$',
  message: 'kafkajs stays inside libs/events/src/kafka: use the event transport.',
};
const PROJECT_NAMES = Object.keys(ALLOWED).map((project) => project.split('/')[1]);
const RELATIVE_REACH = {
  regex: `^(\\.\\./)+((libs|apps)/|(${PROJECT_NAMES.join('|')})/(src|test|dist)(/|$))`,
  message: 'Import another project by its package name.',
};

const outside = (allowed) => ({
  regex: allowed.length === 0 ? '^@gpubroker/' : `^@gpubroker/(?!(${allowed.join('|')})(/|$))`,
  message: `DESIGN section 2: this project may import ${allowed.length === 0 ? 'nothing of ours' : allowed.join(', ')}.`,
});

const restrict = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export const importRules = Object.entries(ALLOWED).flatMap(([project, allowed]) => {
  const name = project.split('/')[1];
  const extra = [
    RELATIVE_REACH,
    ...(project === 'libs/contracts' ? [CONTRACTS_BAN] : []),
    ...(project === 'libs/events' ? [] : [KAFKA_BAN]),
  ];
  return [
    { files: [`${project}/src/**/*.ts`], rules: restrict(outside(allowed), ...extra) },
    // Tests may also use the testing library and their own project's public entry.
    {
      files: [`${project}/src/**/*.spec.ts`, `${project}/test/**/*.ts`, `${project}/test-distributed/**/*.ts`],
      rules: restrict(outside([...new Set([...allowed, 'testing', name])]), RELATIVE_REACH),
    },
  ];
});
