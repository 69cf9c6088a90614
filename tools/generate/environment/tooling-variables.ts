import type { Section } from './variable';

const optional = (name: string, description: string) => ({ name, description, fallback: null, required: false });

/** Variables that only scripts and tests read; tools/env-example.spec.ts finds those that are missing here. */
export const TOOLING: Section = {
  title: 'Tools and tests',
  variables: [
    optional(
      'GPUBROKER_CACHE_DIR',
      'Where servers for the distributed tests are kept; the cache directory of the user',
    ),
    optional('GPUBROKER_SHARED', 'Directory of recorded upstream answers and market history for the tests'),
    optional('TEST_POSTGRES_RUN', 'Which test run the PostgreSQL belongs to; set by the test set-up itself'),
    optional('TEST_POSTGRES_URL', 'PostgreSQL of the test run; set by the test set-up itself'),
  ],
};
