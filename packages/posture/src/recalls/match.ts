import { isWithin, type Recall } from '@wardline/formats';
import { type Knowledge, plainName } from '@wardline/knowledge';

/** What is known of a product of the house; devices of one product are held against a notice together. */
export interface RecalledProduct {
  vendor: string;
  model: string;
  /** Its device identifier, a GTIN in fourteen digits; null where nobody has entered its label. */
  device: string | null;
  /** The words of its model as {@link modelWords} has them. */
  words: string;
}

export interface RecalledUnit {
  serial: string;
  lot: string;
}

/** How sure it is that a notice is about a device; `unlikely` asks nobody to act, and is never told as "not ours". */
export const certainties = ['certain', 'likely', 'possible', 'unlikely'] as const;
export type Certainty = (typeof certainties)[number];

export type ProductFit = { by: 'identifier' | 'maker-and-model' | 'model'; reason: string; differs: boolean };
export interface RecallMatch {
  certainty: Certainty;
  /** Why, in sentences. */
  reasons: string[];
}

/** A model's name that says enough to be looked for in free text: `8000`, `Infusomat`, `M3`, not `Pro` or `2`. */
const telling = (model: string): boolean =>
  (/\d/.test(model) && model.length >= 2 && !/^\d$/.test(model)) || model.length >= 5;

/** Holds a notice, the words of whose product are `named`, against a product: null where they have nothing to do with each other. */
export function fitOfProduct(
  knowledge: Knowledge,
  recall: Recall,
  named: string,
  product: RecalledProduct,
): ProductFit | null {
  const { devices } = recall.units;
  if (product.device !== null && devices.includes(product.device))
    return {
      by: 'identifier',
      differs: false,
      reason: `Its device identifier ${product.device} is one of the notice's.`,
    };
  const model = product.words;
  if (!telling(model) || !` ${named} `.includes(` ${model} `)) return null;
  const differs = product.device !== null && devices.length > 0;
  const but = differs ? ` But its device identifier ${product.device} is none of the notice's.` : '';
  if (product.vendor !== '' && recall.firm !== '' && knowledge.vendors.agree(product.vendor, recall.firm))
    return {
      by: 'maker-and-model',
      differs,
      reason: `The notice of ${recall.firm} names the model ${product.model}.${but}`,
    };
  const isNumber = /^\d+$/.test(model);
  // A bare number means another thing at each maker.
  if (isNumber || model.length < 4) return null;
  const maker = product.vendor === '' ? 'its maker is not known' : `its maker is ${product.vendor}`;
  return {
    by: 'model',
    differs,
    reason: `The notice names the model ${product.model}, but comes from ${recall.firm || 'nobody named'}, and ${maker}.${but}`,
  };
}

/** The model's words without those of its maker. */
export function modelWords(vendor: string, model: string): string {
  const [name, maker] = [plainName(model), plainName(vendor)];
  return maker !== '' && name.startsWith(`${maker} `) ? name.slice(maker.length + 1) : name;
}

type UnitFit = 'listed' | 'all' | 'unlisted' | 'not-known' | 'untold';

const grades: Readonly<Record<ProductFit['by'], Readonly<Record<UnitFit, Certainty>>>> = {
  identifier: {
    listed: 'certain',
    all: 'certain',
    untold: 'likely',
    'not-known': 'possible',
    unlisted: 'unlikely',
  },
  'maker-and-model': {
    listed: 'certain',
    all: 'likely',
    untold: 'likely',
    'not-known': 'possible',
    unlisted: 'unlikely',
  },
  model: {
    listed: 'likely',
    all: 'possible',
    untold: 'possible',
    'not-known': 'possible',
    unlisted: 'unlikely',
  },
};

/** How sure it is that the notice is about this device of a product that fits, and why. */
export function matchOfUnit({ units }: Recall, fit: ProductFit, unit: RecalledUnit): RecallMatch {
  const { is, reason } = unitFit(units, unit);
  const graded = grades[fit.by][is];
  // A listed number speaks louder than an identifier that may be that of another package.
  const certainty = fit.differs ? (is === 'listed' ? 'likely' : 'unlikely') : graded;
  return { certainty, reasons: [fit.reason, reason] };
}

function unitFit(units: Recall['units'], { serial, lot }: RecalledUnit): { is: UnitFit; reason: string } {
  if (serial !== '' && isWithin(serial, units.serials))
    return { is: 'listed', reason: `Its serial number ${serial} is among those of the notice.` };
  if (lot !== '' && isWithin(lot, units.lots))
    return { is: 'listed', reason: `Its lot ${lot} is among those of the notice.` };
  if (units.all) return { is: 'all', reason: 'The notice is about all units.' };
  const named = [
    ...(units.serials.length > 0 ? [{ what: 'serial number', own: serial }] : []),
    ...(units.lots.length > 0 ? [{ what: 'lot', own: lot }] : []),
  ];
  if (named.length === 0)
    return { is: 'untold', reason: 'Which units it is about could not be read out of it.' };
  const missing = named.filter(({ own }) => own === '');
  if (missing.length > 0)
    return {
      is: 'not-known',
      reason: `The ${missing.map(({ what }) => what).join(' and the ')} of this device is not known.`,
    };
  const own = named.map(({ what, own: value }) => `${what} ${value}`).join(' and ');
  return { is: 'unlisted', reason: `Its ${own} is not among those that were read out of the notice.` };
}
