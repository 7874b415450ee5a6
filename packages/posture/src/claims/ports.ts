import type { Statement } from './statement.ts';

/** A port that a maker lists. */
export interface ListedPort {
  transport: 'tcp' | 'udp' | null;
  port: number;
}

const near =
  /(?:\b(tcp|udp)\b[\s/:.-]*(?:ports?\b)?[\s:#-]*|\bports?\b[\s:#-]*)((?:\d{1,5}(?:\s*(?:,|and|&|\/(?!\s*(?:tcp|udp)))\s*)?)+)|\b(\d{1,5})\s*[/(-]?\s*(tcp|udp)\b/gi;

/** Ports that the note to the list of ports names; only numbers that stand beside "port", "TCP" or "UDP". */
export function portsIn(note: string): ListedPort[] {
  const found = new Map<string, ListedPort>();
  for (const [, before, numbers, number, behind] of note.matchAll(near)) {
    const transport = ((before ?? behind)?.toLowerCase() ?? null) as ListedPort['transport'];
    for (const digits of (numbers ?? number ?? '').match(/\d{1,5}/g) ?? []) {
      const port = Number(digits);
      if (port > 0 && port < 65_536) found.set(`${transport}/${port}`, { transport, port });
    }
  }
  return [...found.values()];
}

/** The ports that a form lists: what a policy for the product may start from. Empty where it only points elsewhere. */
export function listedPorts({ answers }: Statement): ListedPort[] {
  const list = answers.find(({ id }) => id === 'CONN-2');
  return list === undefined ? [] : portsIn(`${list.text} ${list.note ?? ''}`);
}
