/**
 * A schema's name for use inside SQL text. Names come from our own code; anything that would need quoting is refused,
 * so that no name can end the identifier it stands in.
 * @throws Error when it is not a plain lower-case identifier
 */
export function schemaName(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(name)) throw new Error(`Not a plain schema name: ${JSON.stringify(name)}`);
  return name;
}
