import { latin1, startsWith } from '../../text/wire-text.ts';
import { MAX_HEADERS } from './limits.ts';

export type SsdpKind = 'notify' | 'search' | 'response';

export interface SsdpMessage {
  kind: SsdpKind;
  /** By name in lower case; the first of a name counts. */
  headers: ReadonlyMap<string, string>;
}

const starts: readonly [kind: SsdpKind, line: string][] = [
  ['notify', 'NOTIFY * HTTP/1.'],
  ['search', 'M-SEARCH * HTTP/1.'],
  ['response', 'HTTP/1.'],
];

/** By the first line, and for a response by the search target that it answers for (UPnP Device Architecture 2.0 §1.3.3). */
export function ssdpKind(bytes: Uint8Array): SsdpKind | null {
  const kind = starts.find(([, line]) => startsWith(bytes, line))?.[0] ?? null;
  if (kind !== 'response') return kind;
  const { headers } = readSsdp(bytes, kind);
  return headers.has('st') && (headers.has('usn') || headers.has('location')) ? kind : null;
}

export function readSsdp(bytes: Uint8Array, kind: SsdpKind): SsdpMessage {
  const headers = new Map<string, string>();
  for (const line of latin1(bytes)
    .split('\n', MAX_HEADERS + 1)
    .slice(1)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { kind, headers };
}
