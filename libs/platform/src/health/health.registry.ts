export interface HealthReport {
  readonly up: boolean;
  /** Plain facts for people; no secrets. */
  readonly detail?: unknown;
}

export interface HealthCheck {
  /** Member of the answer, for example `database`. */
  readonly name: string;
  /** When it is down: true if the service cannot do its work without it, false if it can degrade. Asked at each check. */
  readonly critical: () => boolean;
  readonly check: () => HealthReport | Promise<HealthReport>;
}

/** What a service depends on, contributed by the modules that own the dependency. */
export class HealthRegistry {
  private readonly registered: HealthCheck[] = [];
  private draining = false;

  add(check: HealthCheck): void {
    this.registered.push(check);
  }

  get checks(): readonly HealthCheck[] {
    return this.registered;
  }

  /** From here on readiness answers 503, so that balancers stop sending while running requests end. */
  startDraining(): void {
    this.draining = true;
  }

  get isDraining(): boolean {
    return this.draining;
  }
}
