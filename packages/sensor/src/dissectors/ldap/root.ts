import type { Facts } from '@wardline/model';
import { BerReader } from '../../bytes/ber.ts';
import { factText, latin1, present } from '../../text/wire-text.ts';
import { MAX_ATTRIBUTES, MAX_TEXT, MAX_VALUES } from './limits.ts';

export const START_TLS = '1.3.6.1.4.1.1466.20037';

interface Entry {
  name: Uint8Array;
  attributes: ReadonlyMap<string, Uint8Array[]>;
}

/** An entry of a search's result (RFC 4511 §4.5.2): distinguished name, and the values of each attribute. */
export function readEntry(content: Uint8Array): Entry | null {
  const reader = new BerReader(content);
  const name = reader.take(4);
  const list = reader.take(0x30);
  if (name === null || list === null) return null;
  const attributes = new Map<string, Uint8Array[]>();
  const partial = new BerReader(list);
  for (let count = 0; partial.left > 0 && count < MAX_ATTRIBUTES; count++) {
    const attribute = new BerReader(partial.take(0x30) ?? new Uint8Array(0));
    const type = attribute.take(4);
    const values = attribute.take(0x31);
    if (type !== null && values !== null) attributes.set(latin1(type).toLowerCase(), valuesOf(values));
  }
  return { name, attributes };
}

function valuesOf(set: Uint8Array): Uint8Array[] {
  const reader = new BerReader(set);
  const values: Uint8Array[] = [];
  while (reader.left > 0 && values.length < MAX_VALUES) {
    const value = reader.take(4);
    if (value !== null) values.push(value);
  }
  return values;
}

/** What a directory says of itself in its root (RFC 4512 §5.1, RFC 3045, [MS-ADTS] §3.1.1.3.2). */
export function rootFacts({ attributes }: Entry): Facts['ldap.server'] {
  const text = (name: string) => factText(attributes.get(name)?.[0] ?? '', MAX_TEXT);
  const list = (name: string) =>
    (attributes.get(name) ?? [])
      .map((value) => factText(value, MAX_TEXT))
      .filter((value) => value !== undefined);
  const mechanisms = list('supportedsaslmechanisms');
  const level = text('domaincontrollerfunctionality');
  return present<Facts['ldap.server']>({
    vendor: text('vendorname'),
    version: text('vendorversion'),
    hostname: text('dnshostname'),
    domain: domainOf(text('defaultnamingcontext') ?? text('rootdomainnamingcontext')),
    functionalLevel: level !== undefined && /^\d{1,2}$/.test(level) ? Number(level) : undefined,
    mechanisms: mechanisms.length > 0 ? mechanisms : undefined,
    startTls: attributes.has('supportedextension')
      ? list('supportedextension').includes(START_TLS)
      : undefined,
  });
}

/** "DC=ward,DC=example" → "ward.example" (RFC 2247 §2). */
function domainOf(name: string | undefined): string | undefined {
  const parts = (name ?? '').split(',').map((part) => /^\s*dc=([a-z0-9_-]+)\s*$/i.exec(part)?.[1]);
  return parts.every((part) => part !== undefined) ? parts.join('.') : undefined;
}
