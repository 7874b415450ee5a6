import { hex } from './hex.ts';

/** What differs between versions in the protection of Initial packets. */
export interface QuicVersion {
  name: string;
  salt: Uint8Array;
  /** Before `key`, `iv` and `hp` in the labels of keys. */
  label: string;
  /** The two bits that say Initial. */
  initial: number;
}

const one = hex('38762cf7f55934b34d179ae6a4c80cadccbb7f0a');
const draft29 = hex('afbfec289993d24c9e9786f19c6111e04390a899');

/** RFC 9001 §5.2 */
const version1: QuicVersion = { name: '1', salt: one, label: 'quic ', initial: 0 };
/** RFC 9369 §3 */
const version2: QuicVersion = {
  name: '2',
  salt: hex('0dede3def700a6db819381be6e269dcbf9bd2ed9'),
  label: 'quicv2 ',
  initial: 1,
};

/** Null for versions whose packets cannot be read: older drafts, and those of one company. */
export function quicVersion(number: number): QuicVersion | null {
  if (number === 0x00000001) return version1;
  if (number === 0x6b3343cf) return version2;
  const draft = number - 0xff000000;
  if (draft >= 29 && draft <= 32) return { ...version1, name: `draft-${draft}`, salt: draft29 };
  if (draft === 33 || draft === 34) return { ...version1, name: `draft-${draft}` };
  return null;
}
