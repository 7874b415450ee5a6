import type { CertificateRow } from '@wardline/model';
import { assuranceWords } from './words.ts';

/** Software is all that is known of most keys, and is not the same as a proof that there is no hardware. */
export function Assurance({ value }: { value: CertificateRow['assurance'] }) {
  return value === 'hardware-proved' ? (
    <strong>{assuranceWords[value]}</strong>
  ) : (
    <span className="mark mark-unknown">{assuranceWords[value]}</span>
  );
}
