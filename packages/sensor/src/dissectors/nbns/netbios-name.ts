/** RFC 1001 §14: fifteen characters of name padded with blanks, one byte of suffix that says what it is for. */
export interface NetbiosName {
  name: string;
  suffix: number;
}

const USER = 0x03;
const PRINTABLE = /^[\x20-\x7e\u00a1-\u00ff]+$/;

/** Decodes the first-level encoding: each half byte is a letter from A to P. Null where it isn't that. */
export function decodeName(label: string): NetbiosName | null {
  if (!/^[A-P]{32}$/.test(label)) return null;
  const bytes: number[] = [];
  for (let i = 0; i < 32; i += 2)
    bytes.push(((label.charCodeAt(i) - 65) << 4) | (label.charCodeAt(i + 1) - 65));
  return nameOf(Uint8Array.from(bytes));
}

/** A name of sixteen plain bytes. */
export function nameOf(bytes: Uint8Array): NetbiosName | null {
  if (bytes.length !== 16) return null;
  const name = String.fromCharCode(...bytes.subarray(0, 15)).replace(/[ \0]+$/, '');
  return { name, suffix: bytes[15]! };
}

/** False for user names, for the wildcard and for names with control characters (the browser's own). */
export function isReportable({ name, suffix }: NetbiosName): boolean {
  return suffix !== USER && PRINTABLE.test(name) && name !== '*';
}
