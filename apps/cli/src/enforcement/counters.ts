/** What one declaration's rules have counted since the policy was loaded, in packets that opened something. */
export interface Counted {
  /** `conduit pumps-to-servers`, `must-deny …`, `undeclared`. */
  declaration: string;
  declared: number;
  /** Let through though nothing declares it, only counted or also told. */
  observed: number;
  alerted: number;
  dropped: number;
}

const kinds = { 'observe: ': 'observed', 'alert: ': 'alerted', 'drop: ': 'dropped' } as const;

/** By declaration, in the order of the rules. */
export function countedBy(counts: readonly { comment: string; packets: number }[]): Counted[] {
  const rows = new Map<string, Counted>();
  for (const { comment, packets } of counts) {
    const { declaration, kind } = meaningOf(comment);
    const row = rows.get(declaration) ?? { declaration, declared: 0, observed: 0, alerted: 0, dropped: 0 };
    row[kind] += packets;
    rows.set(declaration, row);
  }
  return [...rows.values()];
}

function meaningOf(comment: string): { declaration: string; kind: keyof Omit<Counted, 'declaration'> } {
  if (comment.startsWith('dropped: ')) return { declaration: 'undeclared', kind: 'dropped' };
  for (const [prefix, kind] of Object.entries(kinds))
    if (comment.startsWith(prefix)) {
      const declaration = comment.slice(prefix.length);
      return { declaration: declaration.startsWith('undeclared') ? 'undeclared' : declaration, kind };
    }
  return { declaration: comment, kind: 'declared' };
}
