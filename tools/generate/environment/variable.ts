/** One variable as one reader (a service, or a tool) declares it. */
export interface Variable {
  readonly name: string;
  readonly description: string;
  /** As it would be written in a file; null when unset is the default. */
  readonly fallback: string | null;
  /** Without it the reader does not start. */
  readonly required: boolean;
}

/** Who reads which variables: one section of docs/environment.md. */
export interface Section {
  readonly title: string;
  readonly variables: readonly Variable[];
}
