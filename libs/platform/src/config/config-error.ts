/** One variable that cannot be used, and why. The value itself is never part of it: it may be a secret. */
export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}

/** Every problem of a service's environment at once, so that one restart is enough to mend them all. */
export class ConfigError extends Error {
  constructor(
    readonly service: string,
    readonly problems: readonly ConfigProblem[],
  ) {
    super(
      `${service} cannot start:\n${problems.map(({ variable, message }) => `  ${variable}: ${message}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}
