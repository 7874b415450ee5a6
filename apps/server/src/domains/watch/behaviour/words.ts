import type { ClassHabit } from '@wardline/model';

/** `c|10.0.0.2|tcp/104` → "uses tcp/104 of 10.0.0.2"; a command as it stands. */
export function habitOf(key: string, labelOf: (name: string) => string = (name) => name): string {
  const [side, peer, service] = key.split('|');
  if (side === 's' && peer !== undefined) return `offers ${passing(peer)}`;
  if (side !== 'c' || service === undefined) return commandWords(key);
  const whom = peer!.startsWith('class:')
    ? `any ${labelOf(peer!.slice('class:'.length)).toLowerCase()}`
    : peer;
  return `uses ${passing(service)} of ${whom}`;
}

const passing = (service: string) => service.replace('passing', 'passing ports').replace('/-', '');

/** `modbus=read` → "reads by modbus"; `hl7:ADT^A01` → "sends or asks ADT^A01 by hl7". */
function commandWords(word: string): string {
  const [, protocol, sign, what] = /^([a-z0-9-]+)([:=])(.*)$/.exec(word) ?? [];
  if (protocol === undefined) return word;
  if (protocol === 'agent') return `names its program “${what}”`;
  if (protocol === 'network') return `offers the wireless network “${what}”`;
  return sign === '=' ? `${what} by ${protocol}` : `${what} (${protocol})`;
}

export function habitKindOf(key: string): ClassHabit['kind'] {
  if (key.startsWith('c|')) return 'use';
  return key.startsWith('s|') ? 'offer' : 'command';
}
