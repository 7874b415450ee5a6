import { factText } from '../../text/wire-text.ts';
import { MAX_DISTINGUISHED_NAME, MAX_NAME, MAX_SANS } from './limits.ts';

/** Attributes that hold a person, never a device. */
const personalAttributes =
  /^(emailAddress|UID|userId|GN|givenName|SN|surname|initials|pseudonym|title|name|dnQualifier|generationQualifier|role|telephoneNumber|street|postalAddress)=/i;
/** E-mail protection, and logon with a smart card (Microsoft): purposes that only people have. */
const personalPurposes = new Set(['1.3.6.1.5.5.7.3.4', '1.3.6.1.4.1.311.20.2.2']);

/** Health professionals sign in with cards whose certificates carry their names. */
export function mayBeAPerson(subject: string, purposes: readonly string[]): boolean {
  const named = rdnsOf(subject).some((rdn) => personalAttributes.test(rdn));
  return named || purposes.some((purpose) => personalPurposes.has(purpose));
}

/**
 * RFC 4514 form of the name as Node prints it (one relative name a line, in wire order, values escaped). Attributes
 * that hold people are left out, and where the certificate is a person's so are the common name and serial number.
 */
export function distinguishedName(lines: string | undefined, personal: boolean): string {
  const kept = rdnsOf(lines ?? '').filter((rdn) => {
    return !personalAttributes.test(rdn) && !(personal && /^(CN|serialNumber)=/i.test(rdn));
  });
  return factText(kept.toReversed().join(','), MAX_DISTINGUISHED_NAME) ?? '';
}

/** DNS names, addresses and the origins of URIs, as `DNS:name`; mail addresses and other names hold people. */
export function alternativeNames(text: string): string[] {
  const names = text.split(', ').map(alternativeName);
  return names.filter((name) => name !== undefined).slice(0, MAX_SANS);
}

function alternativeName(entry: string): string | undefined {
  if (/^(DNS|IP Address):[\x21-\x7e]+$/.test(entry)) return factText(entry, MAX_NAME);
  return /^URI:[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9.:-]+(?=[/?#]|$)/i.exec(entry)?.[0];
}

/** A relative name with several attributes has ` + ` between them; a plus sign in a value is escaped. */
function rdnsOf(lines: string): string[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replaceAll(' + ', '+'));
}
