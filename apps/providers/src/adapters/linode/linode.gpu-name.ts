/**
 * The card of a plan, which no field names: only the label ("Dedicated 32GB + RTX6000 GPU x1") and the id
 * ("g2-gpu-rtx4000a1-s") do. null: neither says that there is one.
 */
export function linodeGpuName(id: string, label: string | null | undefined): string | null {
  const name = fromLabel(label ?? '') ?? fromId(id);
  // Linode's "RTX6000" is the Turing card; by name alone it could be one of three.
  return name !== null && /^rtx ?6000$/i.test(name) ? 'Quadro RTX 6000' : name;
}

function fromLabel(label: string): string | null {
  const [, name] = /^(?:.*\+\s*)?(.+?)(?:\s+GPU)?\s+x\d+\b/i.exec(label) ?? [];
  return name ?? null;
}

/** "rtx4000a" is the Ada card; the figure behind it counts the cards. */
function fromId(id: string): string | null {
  const [, card, ada] = /-gpu-(rtx\d{4})(a?)(?=\d|-|$)/i.exec(id) ?? [];
  if (card !== undefined) return ada === 'a' ? `${card.toUpperCase()} Ada` : card.toUpperCase();
  return /-gpu-([a-z0-9]+(?:-[a-z][a-z0-9]*)*)/i.exec(id)?.[1] ?? null;
}
