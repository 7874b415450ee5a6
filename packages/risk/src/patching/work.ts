import type { PatchAction } from '@wardline/model';

/** What an advisory says can be done, by the categories of CSAF 2.0 (3.2.3.12.1). */
export interface VendorWord {
  kind: string;
  text: string;
}

export interface PatchWork {
  action: PatchAction;
  /** What the vendor says about it; null where it says nothing. */
  vendorSays: string | null;
}

const FIXES: ReadonlySet<string> = new Set(['vendor_fix', 'optional_patch']);
const INSTEAD: ReadonlySet<string> = new Set(['workaround', 'mitigation']);
const NEVER: ReadonlySet<string> = new Set(['no_fix_planned']);

/**
 * What is to be done about a product. An update that there is comes first; a product that gets none any more, by the vendor's word or
 * since its system lost its support, is replaced; until then, and where an update is only to come, what the vendor advises instead.
 */
export function workOf(words: readonly VendorWord[], supportEnded: string | null): PatchWork {
  const first = (kinds: ReadonlySet<string>): string | null =>
    words.find(({ kind, text }) => kinds.has(kind) && text !== '')?.text ?? null;
  const has = (kinds: ReadonlySet<string>): boolean => words.some(({ kind }) => kinds.has(kind));
  if (has(FIXES)) return { action: 'update', vendorSays: first(FIXES) };
  if (has(NEVER) || supportEnded !== null)
    return { action: 'replace', vendorSays: first(INSTEAD) ?? first(NEVER) };
  if (has(INSTEAD)) return { action: 'compensate', vendorSays: first(INSTEAD) };
  return { action: 'ask', vendorSays: words.find(({ text }) => text !== '')?.text ?? null };
}
