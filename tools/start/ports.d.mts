export const PORTS: readonly (readonly [variable: string, port: number])[];
