import type { Facts } from '@wardline/model';
import { factText, present } from '../../text/wire-text.ts';
import { MAX_INSTRUMENTS, MAX_PARTS, MAX_TEXT } from './limits.ts';
import type { AstmRecord } from './records.ts';

type Endpoint = Facts['astm.endpoint'];

/** The record types of LIS2-A2 §5.1. */
const recordTypes = 'HPORCQMSL';

/** What the records of one message, from H to L, say of the system that sent it. */
export class AstmMessage {
  readonly #types = new Set<string>();
  readonly #instruments = new Set<string>();
  readonly #header: Partial<Endpoint>;
  /** H-4: the access password. */
  readonly password: string;

  constructor(header: AstmRecord) {
    this.password = header.field(4);
    this.#header = { ...senderOf(header), ...versionsOf(header) };
    this.take(header);
  }

  take(record: AstmRecord): void {
    if (recordTypes.includes(record.type)) this.#types.add(record.type);
    if (record.type !== 'R') return;
    // the section or instrument that made the result (LIS2-A2 §9.14).
    const name = factText(record.repetitions(14)[0] ?? '', MAX_TEXT);
    if (name !== undefined && this.#instruments.size < MAX_INSTRUMENTS) this.#instruments.add(name);
  }

  has(type: string): boolean {
    return this.#types.has(type);
  }

  get facts(): Endpoint {
    return present<Endpoint>({
      role: this.#role(),
      ...this.#header,
      instruments: this.#instruments.size === 0 ? undefined : [...this.#instruments],
      recordTypes: [...this.#types],
    });
  }

  /** Results and queries come from the instrument, orders alone from the information system (LIS2-A2 §5.2). */
  #role(): Endpoint['role'] {
    if (this.has('R') || this.has('Q')) return 'instrument';
    return this.has('O') ? 'host' : 'unknown';
  }
}

/**
 * H-5 names the sender; what its components mean is each maker's own. Only what shows by its shape is taken for a
 * software version or a serial number.
 */
function senderOf(header: AstmRecord): Partial<Endpoint> {
  const [sender = ''] = header.repetitions(5);
  const parts = header
    .components(sender)
    .slice(0, MAX_PARTS)
    .map((part) => factText(part, MAX_TEXT) ?? '');
  const [name, ...rest] = parts;
  const others = rest.filter((part) => part !== '');
  return present<Partial<Endpoint>>({
    senderName: name === '' ? undefined : name,
    senderParts: others.length === 0 ? undefined : others,
    software: others.find(isVersion),
    serial: others.find(isSerial),
  });
}

function isVersion(text: string): boolean {
  return /^[Vv]?\d{1,3}(\.\d{1,5}){1,3}[A-Za-z]?$/.test(text);
}

/** Letters, digits and dashes with five digits at the least; `H1P1O1R1C1Q1L1` is an interface's version. */
function isSerial(text: string): boolean {
  if (!/^[A-Za-z0-9-]{5,24}$/.test(text) || /^([A-Z]\d)+$/.test(text)) return false;
  return text.replace(/\D/g, '').length >= 5;
}

/** H-12 processing id (P production, T training, D debugging, Q quality control) and H-13 version. */
function versionsOf(header: AstmRecord): Partial<Endpoint> {
  const processing = /^[PTDQ]$/.exec(header.field(12).trim())?.[0];
  return present<Partial<Endpoint>>({ processing, version: factText(header.field(13), MAX_TEXT) });
}
