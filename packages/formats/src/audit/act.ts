/** An act of the ledger as foreign audit trails need it. */
export interface AuditedAct {
  /** Without gaps from 1: whoever receives acts can tell that none is missing. */
  sequence: number;
  /** Microseconds since the epoch. */
  at: number;
  actor: string;
  /** Null where personal texts stay here. */
  actorName: string | null;
  action: string;
  subject: string;
  changes: Record<string, unknown>;
  reason: string | null;
  /** The act's leaf in the tree, in hexadecimal: binds what was received to the signed head. */
  leaf: string;
}

/** Who reports. */
export interface AuditSource {
  hospital: string;
  /** Host name of the server. */
  host: string;
  version: string;
}

/** RFC 3339 with microseconds, as RFC 5424 §6.2.3 allows at the most. */
export function instantOf(micros: number): string {
  const rest = ((micros % 1000) + 1000) % 1000;
  const text = new Date((micros - rest) / 1000).toISOString();
  return `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

/** `asset:4711` is a thing of the kind asset. */
export const kindOfThing = (name: string): string =>
  name.includes(':') ? name.slice(0, name.indexOf(':')) : name;
