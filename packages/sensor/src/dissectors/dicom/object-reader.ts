import type { Facts } from '@wardline/model';
import type { Reporter, Side } from '../../dissector.ts';
import { factText, latin1 } from '../../text/wire-text.ts';
import { uid } from './association.ts';
import { type DatasetPlan, DatasetReader } from './dataset.ts';
import {
  equipmentElements,
  ORIGINAL_ATTRIBUTES,
  phiElements,
  procedureStepElements,
  RETRIEVE_AE_TITLE,
} from './elements.ts';
import { MAX_TEXT } from './limits.ts';
import type { Encoding } from './transfer-syntax.ts';

/** `object`: a composite object; `step`: a performed procedure step; `keys`: a query, its answer, or anything else. */
export type DatasetKind = 'object' | 'step' | 'keys';

export interface ReadObject {
  equipment: Omit<Facts['dicom.equipment'], 'sentByCreator'>;
  keptElsewhere: boolean;
}

const noEquipment: typeof equipmentElements = new Map();

/** Reads one dataset of a message: PHI is reported at once, equipment is collected. */
export class ObjectReader implements DatasetPlan {
  readonly lastTag = ORIGINAL_ATTRIBUTES;
  readonly reader: DatasetReader;
  readonly object: ReadObject = { equipment: {}, keptElsewhere: false };
  readonly #report: Reporter;
  readonly #from: Side;
  readonly #elements: typeof equipmentElements;

  constructor(kind: DatasetKind, encoding: Encoding, from: Side, report: Reporter) {
    this.#report = report;
    this.#from = from;
    if (kind === 'keys') this.#elements = noEquipment;
    else this.#elements = kind === 'object' ? equipmentElements : procedureStepElements;
    this.reader = new DatasetReader(encoding, this);
  }

  wants(tag: number): boolean {
    return phiElements.has(tag) || this.#elements.has(tag) || tag === RETRIEVE_AE_TITLE;
  }

  /** An Original Attributes Sequence counts by being there, whatever is in it. */
  meets(tag: number): void {
    if (tag === ORIGINAL_ATTRIBUTES) this.object.keptElsewhere = true;
  }

  take(tag: number, value: Uint8Array): void {
    const keyword = phiElements.get(tag);
    if (keyword !== undefined) this.#phi(keyword, value);
    const fact = this.#elements.get(tag);
    if (fact !== undefined) this.#equipment(fact, value);
    if (tag === RETRIEVE_AE_TITLE && trimmed(value) !== '') this.object.keptElsewhere = true;
  }

  #equipment(fact: keyof ReadObject['equipment'], value: Uint8Array): void {
    const isUid = fact === 'sopClass' || fact === 'deviceUid';
    const text = isUid ? uid(value) : factText(value, MAX_TEXT);
    if (text !== undefined) this.object.equipment[fact] = text;
  }

  /** Empty values ask a question (PS3.4 C.2.2.2.3), and so do wildcards alone. */
  #phi(keyword: string, value: Uint8Array): void {
    const text = trimmed(value);
    if (/[^*?^=\\ ]/.test(text)) this.#report.phi('dicom', keyword, this.#from, text);
  }
}

/** Padding dropped (PS3.5 §6.2), so that the same value gives the same hash in every encoding. */
function trimmed(value: Uint8Array): string {
  return latin1(value).replace(/[\0 ]+$/, '');
}
