import type { Certificate } from '../certificate/certificate.ts';
import { type Extension, encodeExtension } from '../certificate/extensions.ts';
import { oids } from '../der/oids.ts';
import { Reader } from '../der/read.ts';
import { type Bytes, implicit, sequence } from '../der/write.ts';
import { SUBJECT_NAMES } from '../limits.ts';
import { isWithin } from '../names/distinguished.ts';
import { encodeGeneralName, type GeneralName, generalName, printGeneralName } from '../names/general.ts';
import { PkiError } from '../pki-error.ts';

/** For which names an authority and all below it may speak (RFC 5280 §4.2.1.10). */
export interface NameConstraints {
  permitted: readonly GeneralName[];
  excluded: readonly GeneralName[];
}

/** @throws PkiError */
export function readNameConstraints({ value, at }: Extension): NameConstraints {
  const whole = new Reader(value, at);
  const within = whole.enter('name constraints');
  whole.end('name constraints');
  const permitted = subtrees(within.optional('permitted names', 0xa0));
  const excluded = subtrees(within.optional('excluded names', 0xa1));
  within.end('name constraints');
  return { permitted, excluded };
}

function subtrees(list: ReturnType<Reader['optional']>): GeneralName[] {
  const found: GeneralName[] = [];
  const within = list === null ? new Reader(new Uint8Array()) : Reader.in(list);
  while (!within.isAtEnd) {
    const subtree = within.enter('a subtree of names');
    found.push(generalName(subtree.next('the base of a subtree')));
    // Minimum and maximum are not used (§4.2.1.10): a certificate that says them is not understood.
    subtree.end('a subtree of names');
  }
  if (found.length > SUBJECT_NAMES) throw new PkiError('oversized', `${found.length} subtrees of names`);
  return found;
}

export function nameConstraints({ permitted, excluded }: NameConstraints): Bytes {
  const list = (number: number, names: readonly GeneralName[]) =>
    names.length === 0
      ? []
      : [implicit(number, Buffer.concat(names.map((name) => sequence(encodeGeneralName(name)))), true)];
  return encodeExtension(oids.nameConstraints, sequence(...list(0, permitted), ...list(1, excluded)), true);
}

/** Every name for which a certificate speaks, those of its subject among them. */
export function allNames({ subject, names }: Pick<Certificate, 'subject' | 'names'>): GeneralName[] {
  const mail = subject.parts.flat().filter(({ type }) => type === oids.emailAddress);
  return [
    ...(subject.parts.length === 0 ? [] : [{ kind: 'directory' as const, value: subject }]),
    ...mail.map(({ value }) => ({ kind: 'email' as const, value })),
    ...names,
  ];
}

/** RFC 5280 §6.1.3 (b), (c). @throws PkiError that names the name */
export function mustFit(names: readonly GeneralName[], { permitted, excluded }: NameConstraints): void {
  for (const name of names) {
    const of = (list: readonly GeneralName[]) => list.filter((base) => isSameKind(name, base));
    const allowed = of(permitted);
    if (of(excluded).some((base) => isUnder(name, base)))
      throw new PkiError('constraint', `${printGeneralName(name)} is excluded by its authority`);
    if (allowed.length > 0 && !allowed.some((base) => isUnder(name, base)))
      throw new PkiError(
        'constraint',
        `${printGeneralName(name)} lies outside of what its authority may speak for`,
      );
  }
}

const isSameKind = (name: GeneralName, base: GeneralName): boolean =>
  name.kind === base.kind && (name.kind !== 'other' || (base.kind === 'other' && name.type === base.type));

/** Kinds whose subtrees nobody defined: excluded is all of the kind, permitted is none. */
function isUnder(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === 'dns' && base.kind === 'dns') return isHostUnder(name.value, base.value);
  if (name.kind === 'uri' && base.kind === 'uri') return isUriUnder(name.value, base.value);
  if (name.kind === 'email' && base.kind === 'email') return isMailUnder(name.value, base.value);
  if (name.kind === 'ip' && base.kind === 'ip') return isAddressUnder(name.value, base.value);
  if (name.kind === 'directory' && base.kind === 'directory') return isWithin(name.value, base.value);
  return true;
}

/** A host is under a domain by whole labels. A name with a dot at its end is another name, and under none. */
function isHostUnder(host: string, base: string): boolean {
  const [name, domain] = [host.toLowerCase(), base.toLowerCase().replace(/^\./, '')];
  if (domain === '') return true;
  return name === domain || (name.endsWith(`.${domain}`) && !name.startsWith('.'));
}

/** The host of an address; with a dot in front only those below count, without it only the host itself. */
function isUriUnder(uri: string, base: string): boolean {
  const host = hostOf(uri);
  if (host === null) return false;
  const domain = base.toLowerCase();
  return domain.startsWith('.') ? host.endsWith(domain) && host.length > domain.length : host === domain;
}

/** RFC 3986 §3.2, for addresses with a host by name; anything else has none that could be held against a domain. */
function hostOf(uri: string): string | null {
  const match = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri);
  const host = match?.[1]?.replace(/^[^@]*@/, '').replace(/:\d*$/, '') ?? '';
  return /^[a-z0-9.-]+$/i.test(host) ? host.toLowerCase() : null;
}

function isMailUnder(mail: string, base: string): boolean {
  const at = mail.lastIndexOf('@');
  const host = mail.slice(at + 1).toLowerCase();
  if (at < 1 || host === '') return false;
  if (base.includes('@'))
    return (
      mail.slice(0, at) === base.slice(0, base.lastIndexOf('@')) &&
      host === base.slice(base.lastIndexOf('@') + 1).toLowerCase()
    );
  const domain = base.toLowerCase();
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain;
}

function isAddressUnder(address: Bytes, base: Bytes): boolean {
  const half = base.length / 2;
  if (address.length !== half) return false;
  return address.every((byte, i) => (byte & base[half + i]!) === (base[i]! & base[half + i]!));
}

/** Constraints as text in which equal ones are equal; empty where a certificate has none. */
export function constraintsText(of: Pick<Certificate, 'extensions'> | NameConstraints): string {
  const bytes =
    'permitted' in of
      ? bodyOfExtension(nameConstraints(of))
      : of.extensions.find(({ type }) => type === oids.nameConstraints)?.value;
  return Buffer.from(bytes ?? []).toString('hex');
}

/** What the OCTET STRING of an encoded extension holds. */
function bodyOfExtension(der: Bytes): Bytes {
  const within = new Reader(der).enter('an extension');
  within.next('its kind', 0x06);
  within.optional('whether it is critical', 0x01);
  return within.next('its value', 0x04).body;
}
