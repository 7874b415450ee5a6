import type { Reporter, Side, StreamSession } from '../../dissector.ts';
import { scanXml, type XmlElement } from '../../xml/scan.ts';
import { deviceOf, textIn } from './device.ts';
import { MAX_TYPES, MAX_VALUES } from './limits.ts';
import { MessageReader } from './messages.ts';

interface Direction {
  reader: MessageReader;
  types: Set<string>;
  /** The last message that asks for an answer. */
  asked: string | null;
}

/** Fields of the patient object (POCT1-A2 §B.5.4) by which values are reported; others of it go by `PT`. */
const patientFields: ReadonlySet<string> = new Set(
  'PT.patient_id PT.name PT.birth_date PT.gender_cd PT.location PT.weight PT.height PT.visit_id'.split(' '),
);

/** One connection between point-of-care devices, or their access point, and a data manager. */
export class PoctSession implements StreamSession {
  readonly #report: Reporter;
  readonly #directions: Record<Side, Direction>;
  readonly #served = new Set<string>();
  #device: Side | null = null;

  constructor(report: Reporter) {
    this.#report = report;
    this.#directions = { client: this.#newDirection('client'), server: this.#newDirection('server') };
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    this.#directions[from].reader.push(bytes);
    return bytes.length;
  }

  onGap(from: Side): boolean {
    this.#directions[from].reader.resynchronise();
    return true;
  }

  onEnd(): void {
    for (const side of ['client', 'server'] as const) {
      const { types } = this.#directions[side];
      if (types.size === 0) continue;
      const role = this.#device === null ? 'unknown' : this.#device === side ? 'device' : 'manager';
      this.#report.sight(
        'poct.endpoint',
        side,
        { role, messageTypes: [...types] },
        { peer: otherSide(side) },
      );
      types.clear();
    }
  }

  #newDirection(from: Side): Direction {
    const reader = new MessageReader({
      message: (type, text) => this.#message(from, type, scanXml(text)),
      stray: () => this.#report.malformed('poct1a-message'),
    });
    return { reader, types: new Set(), asked: null };
  }

  #message(from: Side, type: string, elements: readonly XmlElement[]): void {
    const direction = this.#directions[from];
    if (direction.types.size < MAX_TYPES) direction.types.add(type);
    if (type.startsWith('ACK')) this.#acknowledgement(from, elements);
    else direction.asked = type;
    if (type.startsWith('HEL')) this.#hello(from, elements);
    else if (/^(DST|OBS|EVS)/.test(type)) this.#device ??= from;
    this.#phi(from, elements);
    this.#passwords(from, elements);
  }

  #hello(from: Side, elements: readonly XmlElement[]): void {
    this.#device = from;
    const facts = deviceOf(elements);
    if (Object.keys(facts).length > 0)
      this.#report.sight('poct.device', from, facts, { peer: otherSide(from) });
  }

  /** AA accepts (POCT1-A2 §B.6.1). The protocol knows no login of the connection. */
  #acknowledgement(from: Side, elements: readonly XmlElement[]): void {
    const { asked } = this.#directions.client;
    const code = elements.find(({ name }) => name === 'ACK.type_cd' || name === 'ACK.type_id');
    if (from !== 'server' || asked === null || code === undefined || textIn(code) !== 'AA') return;
    if (/^(HEL|KPA|EOT|END|ESC)/.test(asked) || this.#served.has(asked) || this.#served.size >= MAX_TYPES)
      return;
    this.#served.add(asked);
    this.#report.sight('service.unauthenticated', 'server', { protocol: 'poct1a', operation: asked });
  }

  #phi(from: Side, elements: readonly XmlElement[]): void {
    let left = MAX_VALUES;
    for (const element of elements) {
      const value = textIn(element).trim();
      const field = value === '' || left === 0 ? null : patientField(element);
      if (field === null) continue;
      left--;
      this.#report.phi('poct1a', field, from, value);
    }
  }

  /** Operators' passwords, which a data manager sends to devices (access control object, POCT1-A2 §B.5.1). */
  #passwords(from: Side, elements: readonly XmlElement[]): void {
    let user: string | null = null;
    let left = MAX_VALUES;
    for (const element of elements) {
      if (element.name === 'OPR.operator_id') user = textIn(element);
      if (!element.name.startsWith('ACC.password') || textIn(element) === '' || left-- <= 0) continue;
      const use = { protocol: 'poct1a', field: 'ACC.password', user, secret: textIn(element) };
      this.#report.credential({ ...use, acceptedBy: otherSide(from), outcome: 'unknown' });
    }
  }
}

/** A field of the patient object or of what stands within one, as the parts of a name do. */
function patientField(element: XmlElement): string | null {
  for (let at: XmlElement | null = element; at !== null; at = at.parent) {
    if (at.name.startsWith('PT.')) return patientFields.has(at.name) ? at.name : 'PT';
  }
  return null;
}

function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}
