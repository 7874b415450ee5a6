import type { Facts } from '@wardline/model';
import { factText, present } from '../../text/wire-text.ts';
import { MAX_DEVICES, MAX_REPETITIONS, MAX_TEXT } from './limits.ts';
import type { Segment } from './separators.ts';

export type Device = Facts['hl7.device'];

/** MDC_ID_* observations (ISO/IEEE 11073-10101): what a device says of itself in OBX-5. */
const observed: Readonly<Record<string, 'manufacturer' | 'model' | 'serial'>> = {
  '531969': 'model',
  MDC_ID_MODEL_NUMBER: 'model',
  '531970': 'manufacturer',
  MDC_ID_MODEL_MANUFACTURER: 'manufacturer',
  '531972': 'serial',
  MDC_ID_PROD_SPEC_SERIAL: 'serial',
};

/** Device identifiers that a segment carries by itself: OBX-18, PRT-10, and PRT-16 with PRT-20. */
export function devicesOf(segment: Segment): Device[] {
  if (segment.name === 'OBX') return instances(segment, 18, 'OBX-18');
  if (segment.name !== 'PRT') return [];
  const participants = instances(segment, 10, 'PRT-10');
  const unique = participation(segment);
  return unique === null ? participants : [...participants, unique];
}

/** EI (§2.A.28): entity identifier, namespace, universal id and its type; only what stands in them is stated. */
function instances(segment: Segment, number: number, field: string): Device[] {
  if (segment.field(number) === '') return [];
  return segment.repetitions(number, MAX_REPETITIONS).flatMap((value) => {
    const [identifier = '', namespace = '', universalId = '', universalIdType = ''] = segment.split(value);
    const device = present<Device>({
      field,
      identifier: text(identifier),
      namespace: text(namespace),
      universalId: text(universalId),
      universalIdType: text(universalIdType),
    });
    return Object.keys(device).length > 1 ? [device] : [];
  });
}

/** PRT-16 UDI and PRT-20 serial number of the participating device (v2.8.2 §7.4.4). */
function participation(segment: Segment): Device | null {
  const udi = text(segment.components(16)[0] ?? '');
  const serial = text(segment.field(20));
  return udi === undefined ? null : present<Device>({ field: 'PRT-16', udi, serial });
}

/**
 * Collects MDC_ID_* observations of one message by device: OBX-4 names the place in the containment tree, whose first
 * number is the device (IHE PCD TF-2 appendix B.8).
 */
export class ObservedDevices {
  readonly #devices = new Map<string, Device>();

  take(segment: Segment): void {
    if (segment.name !== 'OBX' || !mayBeAttribute(segment.field(3))) return;
    const [code = '', name = ''] = segment.components(3);
    const attribute = lookup(code) ?? lookup(name);
    const value = attribute && text(segment.components(5).find((part) => part !== '') ?? '');
    if (attribute === undefined || value === undefined) return;
    const device = this.#device(/^\d+/.exec(segment.field(4))?.[0] ?? '');
    if (device) device[attribute] ??= value;
  }

  /** What was collected since the last call. */
  drain(): Device[] {
    const devices = [...this.#devices.values()];
    this.#devices.clear();
    return devices;
  }

  #device(key: string): Device | undefined {
    if (!this.#devices.has(key) && this.#devices.size < MAX_DEVICES)
      this.#devices.set(key, { field: 'OBX-5' });
    return this.#devices.get(key);
  }
}

/** Told without taking the field apart, since nearly every observation is of the patient and not of the device. */
function mayBeAttribute(observation: string): boolean {
  return observation.includes('5319') || observation.includes('MDC_ID_');
}

function lookup(code: string): 'manufacturer' | 'model' | 'serial' | undefined {
  return Object.hasOwn(observed, code) ? observed[code] : undefined;
}

function text(value: string): string | undefined {
  return factText(value, MAX_TEXT);
}
