import type { Certificate } from '../certificate/certificate.ts';
import { keyUsages } from '../certificate/extensions.ts';
import { oids } from '../der/oids.ts';
import { type Attribute, nameOf } from '../names/distinguished.ts';
import type { GeneralName } from '../names/general.ts';
import { attempt, type Outcome, PkiError } from '../pki-error.ts';
import { allNames, constraintsText, mustFit, type NameConstraints } from '../validate/constraints.ts';
import { isIssuer, issuerOf, mustHold, type PathQuestion, validatePath } from '../validate/path.ts';

/** What one zone's authority may speak for, and nothing else. */
export interface ZoneScope {
  organization: string;
  zone: string;
  /** All hosts and addresses of the zone lie below it. */
  domain: string;
  /** Mailboxes that it may vouch for: people's. Null: those of its own domain, of which there are none. */
  mailDomain: string | null;
}

/** RFC 1035 §2.3.4, lower case: names of zones and domains become parts of host names. */
const domainForm = /^(?=.{1,200}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;

/** @throws PkiError where a zone's domain cannot be one */
export function zoneScope(scope: ZoneScope): ZoneScope {
  for (const domain of [scope.domain, scope.mailDomain])
    if (domain !== null && !domainForm.test(domain))
      throw new PkiError('names', `${domain} is no domain; expected one as icu.devices.hospital.example`);
  for (const name of [scope.organization, scope.zone])
    if (!/^[^\p{C}]{1,64}$/u.test(name.trim()))
      throw new PkiError('names', 'An organisation and a zone of 1 to 64 characters are needed');
  return scope;
}

/** The begin of every subject of the zone. */
export const zoneSubject = ({ organization, zone }: ZoneScope, ...more: readonly Attribute[]) =>
  nameOf([
    { type: oids.organization, value: organization },
    { type: oids.organizationalUnit, value: zone },
    ...more,
  ]);

/** Of kinds whose form OpenSSL takes as a base; it refuses every name of a kind so constrained. */
const excluded: readonly GeneralName[] = [
  { kind: 'ip', value: new Uint8Array(8) },
  { kind: 'ip', value: new Uint8Array(32) },
  { kind: 'other', type: oids.userPrincipalName, value: Uint8Array.of(0x0c, 0) },
  { kind: 'other', type: oids.smtpUtf8Mailbox, value: Uint8Array.of(0x0c, 0) },
  { kind: 'other', type: oids.hardwareModuleName, value: Uint8Array.of(0x30, 0) },
  { kind: 'registered', value: '1.3' },
];

/**
 * A kind of name that a constraint does not list is not constrained at all, so every kind is: hosts, addresses, mailboxes and directory
 * names to those of the zone, the rest excluded.
 */
export const zoneConstraints = (scope: ZoneScope): NameConstraints => ({
  permitted: [
    { kind: 'dns', value: scope.domain },
    { kind: 'uri', value: scope.domain },
    { kind: 'uri', value: `.${scope.domain}` },
    { kind: 'email', value: scope.mailDomain ?? scope.domain },
    { kind: 'directory', value: zoneSubject(scope) },
  ],
  excluded,
});

const kinds: ReadonlySet<GeneralName['kind']> = new Set(['dns', 'uri', 'email', 'directory']);

/**
 * The zone for which a certificate speaks: there is a path to a root, the key of its issuer is known as one zone's, and every name is
 * of that zone, whatever the issuer's own certificate allows.
 */
export const validateInZone = (
  question: PathQuestion,
  zones: ReadonlyMap<string, ZoneScope>,
): Outcome<{ scope: ZoneScope; issuer: string }> =>
  attempt(() => {
    const path = validatePath(question);
    if (!path.ok) throw new PkiError(path.refused.code, path.refused.message, path.refused.offset);
    const issuer = issuerOf(path.value);
    const scope = zones.get(issuer);
    if (scope === undefined) throw new PkiError('untrusted', 'Its issuer is the authority of no zone');
    mustBeOfZone(question.leaf, scope);
    return { scope, issuer };
  });

/** @throws PkiError */
export function mustBeOfZone(leaf: Pick<Certificate, 'subject' | 'names'>, scope: ZoneScope): void {
  const names = allNames(leaf);
  if (names.length === 0) throw new PkiError('names', 'It names nobody');
  const foreign = names.find(({ kind }) => !kinds.has(kind));
  if (foreign !== undefined)
    throw new PkiError('names', `A name of the kind ${foreign.kind} is none of a zone`);
  mustFit(names, zoneConstraints(scope));
}

/**
 * Whether a root made this the authority of the zone: signed, holding now, with none below it, and bound to exactly what the zone may
 * speak for.
 */
export const checkZoneAuthority = (
  authority: Certificate,
  { root, scope, at }: { root: Certificate; scope: ZoneScope; at: number },
): Outcome<null> =>
  attempt(() => {
    for (const one of [authority, root]) mustHold(one, at);
    if (!isIssuer(root, root) || root.basicConstraints?.isAuthority !== true)
      throw new PkiError('untrusted', 'The root is none: it did not sign itself, or is no authority');
    if (!isIssuer(root, authority)) throw new PkiError('untrusted', 'The root did not sign it');
    const { basicConstraints, keyUsage } = authority;
    if (basicConstraints?.isAuthority !== true || basicConstraints.pathLength !== 0)
      throw new PkiError('constraint', 'It has to be an authority with none below it (pathlen 0)');
    if (!keyUsage?.has(keyUsages.certificates) || !keyUsage.has(keyUsages.lists))
      throw new PkiError('constraint', 'Its key has to be for certificates and lists');
    if (constraintsText(authority) !== constraintsText(zoneConstraints(scope)))
      throw new PkiError('constraint', `It is not bound to exactly what ${scope.zone} may speak for`);
    return null;
  });
