import type { Facts } from '@wardline/model';
import type { Cursor } from '../../bytes/cursor.ts';
import { present } from '../../text/wire-text.ts';
import { MAX_TAGS } from './limits.ts';
import { applicationTag, objectOf, readTag, type Tag, textOf, unsignedOf } from './tags.ts';

type Device = Facts['bacnet.device'];
type Identification = Facts['bacnet.identification'];

const DEVICE = 8;
const SEGMENTATION = ['both', 'transmit', 'receive', 'none'];

/** I-Am (ASHRAE 135-2020 §16.10): device, longest APDU, segmentation, vendor. */
export function readIAm(cursor: Cursor): Device | null {
  const [id, longest, segmentation, vendor] = [0, 1, 2, 3].map(() => readTag(cursor));
  const device = id ? objectOf(id.content) : undefined;
  const vendorId = vendor ? unsignedOf(vendor.content) : undefined;
  if (device?.type !== DEVICE || id?.number !== applicationTag.objectId || vendorId === undefined)
    return null;
  return present<Device>({
    instance: device.instance,
    vendorId,
    maxApdu: longest ? unsignedOf(longest.content) : undefined,
    segmentation: segmentation ? SEGMENTATION[unsignedOf(segmentation.content) ?? -1] : undefined,
  } as { [K in keyof Device]: Device[K] });
}

type Named = Exclude<keyof Identification, 'instance' | 'vendorId' | 'behind'>;

/** Properties of the device object that say what it is (§12.11, BACnetPropertyIdentifier). */
const TEXTS: Readonly<Record<number, Named>> = {
  12: 'software',
  28: 'description',
  44: 'firmware',
  58: 'location',
  70: 'model',
  77: 'name',
  121: 'vendor',
  372: 'serial',
};
const VENDOR_ID = 120;

/** Context tags that name the property and surround its value, in each of the two answers (§15.5, §15.7). */
const LAYOUTS = { single: { property: 1, value: 3 }, multiple: { property: 2, value: 4 } } as const;

/** What ReadProperty or ReadPropertyMultiple answered of the device object; null where nothing of it. */
export function readProperties(cursor: Cursor, layout: keyof typeof LAYOUTS): Identification | null {
  const answer = new PropertyReader(LAYOUTS[layout]);
  for (let i = 0; i < MAX_TAGS; i++) {
    const tag = readTag(cursor);
    if (tag === null) break;
    answer.take(tag);
  }
  return answer.found();
}

class PropertyReader {
  readonly #layout: { property: number; value: number };
  #object: { type: number; instance: number } | undefined;
  #instance: number | null = null;
  #property = -1;
  /** Depth inside a value; 0 outside. */
  #depth = 0;
  #facts: Partial<Identification> = {};

  constructor(layout: { property: number; value: number }) {
    this.#layout = layout;
  }

  take(tag: Tag): void {
    if (this.#depth > 0) this.#inside(tag);
    else if (tag.form === 'open' && tag.number === this.#layout.value) this.#depth = 1;
    else if (tag.form === 'value' && tag.context) this.#outside(tag);
  }

  found(): Identification | null {
    if (this.#instance === null || Object.keys(this.#facts).length === 0) return null;
    return { instance: this.#instance, ...this.#facts };
  }

  #outside({ number, content }: Tag): void {
    if (number === 0 && content.length === 4) this.#object = objectOf(content);
    else if (number === this.#layout.property) this.#property = unsignedOf(content) ?? -1;
  }

  #inside({ form, context, number, content }: Tag): void {
    if (form === 'open') this.#depth += 1;
    else if (form === 'close') this.#depth -= 1;
    else if (!context && this.#depth === 1) this.#value(number, content);
  }

  #value(kind: number, content: Uint8Array): void {
    if (this.#object?.type !== DEVICE) return;
    this.#instance ??= this.#object.instance;
    if (this.#instance !== this.#object.instance) return;
    const name = TEXTS[this.#property];
    const text = name && kind === applicationTag.text ? textOf(content) : undefined;
    if (name !== undefined && text !== undefined) this.#facts[name] = text;
    const id = kind === applicationTag.unsigned ? unsignedOf(content) : undefined;
    if (this.#property === VENDOR_ID && id !== undefined) this.#facts.vendorId = id;
  }
}
