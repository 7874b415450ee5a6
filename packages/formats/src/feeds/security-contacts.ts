import { SECURITY_TXT_LINES } from '../limits.ts';

/** How a maker is told of a vulnerability (RFC 9116). */
export interface SecurityContacts {
  /** In the order of preference. */
  contacts: string[];
  /** RFC 3339; null where it is missing or no time. */
  expires: string | null;
  encryption: string[];
  policy: string[];
  languages: string[];
  canonical: string[];
  /** Where advisories lie (CSAF 2.0 §7.1.8). */
  csaf: string[];
  faults: { line: number; message: string }[];
}

const lists: Readonly<Record<string, 'contacts' | 'encryption' | 'policy' | 'canonical' | 'csaf'>> = {
  contact: 'contacts',
  encryption: 'encryption',
  policy: 'policy',
  canonical: 'canonical',
  csaf: 'csaf',
};
const known = new Set([...Object.keys(lists), 'expires', 'preferred-languages', 'acknowledgments', 'hiring']);

/** Reads a `security.txt`, signed or not; the signature is not checked. What breaks a rule is a fault with its line, never an exception. */
export function readSecurityTxt(text: string): SecurityContacts {
  const read: SecurityContacts = {
    contacts: [],
    expires: null,
    encryption: [],
    policy: [],
    languages: [],
    canonical: [],
    csaf: [],
    faults: [],
  };
  const seen = new Map<string, number>();
  for (const { line, content } of signedLines(text)) readLine(read, seen, line, content);
  // RFC 9116 §2.5.3 and §2.5.5: both must be there.
  if (read.contacts.length === 0) read.faults.push({ line: 1, message: 'there is no Contact' });
  if (!seen.has('expires')) read.faults.push({ line: 1, message: 'there is no Expires' });
  return read;
}

function readLine(read: SecurityContacts, seen: Map<string, number>, line: number, content: string): void {
  if (content === '' || content.startsWith('#')) return;
  const [, name, value] = /^([A-Za-z][A-Za-z0-9-]*):\s?(.*)$/.exec(content) ?? [];
  const fault = (message: string) => void read.faults.push({ line, message });
  if (name === undefined || value === undefined) {
    fault('expected a field and its value');
    return;
  }
  const field = name.toLowerCase();
  if (!known.has(field)) return;
  seen.set(field, (seen.get(field) ?? 0) + 1);
  const list = lists[field];
  if (list !== undefined) {
    if (isUri(value)) read[list].push(value.trim());
    else fault(`${name} has to be a web address over https, a mail or a telephone address (mailto:, tel:)`);
  } else if ((seen.get(field) ?? 0) > 1 && (field === 'expires' || field === 'preferred-languages'))
    fault(`${name} stands here again`);
  else if (field === 'expires') {
    if (isInstant(value)) read.expires = value.trim();
    else fault('Expires has to be a time as 2026-12-31T00:00:00Z');
  } else if (field === 'preferred-languages')
    read.languages = value
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
}

/** §2.5.3: web addresses must be https. */
const isUri = (value: string): boolean =>
  /^(https:\/\/|mailto:|tel:|openpgp4fpr:|dns:)\S{1,2000}$/i.test(value.trim());
const isInstant = (value: string): boolean =>
  /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/.test(value.trim()) &&
  !Number.isNaN(Date.parse(value));

/** Within a signature only what is signed counts (§2.3; RFC 4880 §7): dashes are unescaped, lines keep their numbers. */
function signedLines(text: string): { line: number; content: string }[] {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/, SECURITY_TXT_LINES)
    .map((content, index) => ({ line: index + 1, content: content.trim() }));
  const start = lines.findIndex(({ content }) => content === '-----BEGIN PGP SIGNED MESSAGE-----');
  if (start < 0) return lines;
  const blank = lines.findIndex(({ content }, index) => index > start && content === '');
  const end = lines.findIndex(({ content }) => content === '-----BEGIN PGP SIGNATURE-----');
  return lines
    .slice(blank < 0 ? start + 1 : blank + 1, end < 0 ? undefined : end)
    .map(({ line, content }) => ({ line, content: content.replace(/^- /, '') }));
}
