import { serialFrom, signCertificate } from '../certificate/build.ts';
import type { Certificate } from '../certificate/certificate.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  keyUsage,
  keyUsages,
  listPlace,
  noCheck,
  purposes,
  revocationPlaces,
  subjectKeyIdentifier,
  subjectNames,
} from '../certificate/extensions.ts';
import { oids } from '../der/oids.ts';
import type { Bytes } from '../der/write.ts';
import { keyIdentifier, type PublicKey } from '../keys/public-key.ts';
import type { Signer } from '../keys/signer.ts';
import { nameOf } from '../names/distinguished.ts';
import { PkiError } from '../pki-error.ts';
import { nameConstraints } from '../validate/constraints.ts';
import { type Holder, holderNames, profiles } from './profiles.ts';
import { mustBeOfZone, type ZoneScope, zoneConstraints, zoneScope, zoneSubject } from './zone.ts';

const DAY_MICROS = 86_400_000_000;
/** Clocks of devices go wrong by minutes; what is issued holds an hour before. */
const BEFORE_MICROS = 3_600_000_000;

/** Time and chance, from whoever has them. */
export interface Moment {
  /** Microseconds since the epoch. */
  at: number;
  /** At least 16 bytes. */
  random: Bytes;
}

/** An authority that can sign. */
export interface Authority {
  certificate: Certificate;
  signer: Signer;
}

/** Where relying parties ask whether a certificate still holds. */
export interface Places {
  ocsp: string;
  crl: string;
  issuer: string;
}

const authorityUsage = keyUsage(keyUsages.certificates, keyUsages.lists);

/** The root of a hospital: it signs zones' authorities, their lists, and nothing else. */
export async function issueRoot(
  signer: Signer,
  organization: string,
  years: number,
  { at, random }: Moment,
): Promise<Bytes> {
  const subject = nameOf([
    { type: oids.organization, value: organization },
    { type: oids.commonName, value: `${organization} root ${new Date(at / 1000).getUTCFullYear()}` },
  ]).der;
  return signCertificate(
    {
      serial: serialFrom(random),
      issuer: subject,
      subject,
      notBefore: at - BEFORE_MICROS,
      notAfter: at + years * 365 * DAY_MICROS,
      spki: signer.publicKey.spki,
      extensions: [
        basicConstraints({ isAuthority: true, pathLength: 1 }),
        authorityUsage,
        subjectKeyIdentifier(keyIdentifier(signer.publicKey)),
      ],
    },
    signer,
  );
}

/** The authority of one zone, bound to what the zone may speak for. `list`: where the root's own list is told. */
export async function issueZone(
  root: Authority,
  { key, scope, days, list }: { key: PublicKey; scope: ZoneScope; days: number; list: string | null },
  { at, random }: Moment,
): Promise<Bytes> {
  const { organization, zone } = zoneScope(scope);
  const label = `${organization} ${zone} ${new Date(at / 1000).toISOString().slice(0, 10)}`;
  return signCertificate(
    {
      ...below(root, { at, random }, days),
      subject: zoneSubject(scope, { type: oids.commonName, value: label.slice(0, 64) }).der,
      spki: key.spki,
      extensions: [
        basicConstraints({ isAuthority: true, pathLength: 0 }),
        authorityUsage,
        nameConstraints(zoneConstraints(scope)),
        ...identifiers(root, key),
        ...(list === null ? [] : [listPlace(list)]),
      ],
    },
    root.signer,
  );
}

export interface LeafOrder {
  holder: Holder;
  key: PublicKey;
  /** Days; absent: as its profile says. */
  days?: number;
  places: Places | null;
}

/** A certificate for a holder within the zone. @throws PkiError where it would name somebody outside */
export async function issueLeaf(
  authority: Authority,
  scope: ZoneScope,
  { holder, key, days, places }: LeafOrder,
  moment: Moment,
): Promise<Bytes> {
  const { subject, names } = holderNames(holder, scope);
  mustBeOfZone({ subject, names }, scope);
  const { purposes: of, lifeDays } = profiles[holder.profile];
  return signCertificate(
    {
      ...below(authority, moment, days ?? lifeDays),
      subject: subject.der,
      spki: key.spki,
      extensions: [
        basicConstraints({ isAuthority: false, pathLength: null }),
        keyUsage(keyUsages.digitalSignature),
        purposes(...of),
        subjectNames(names),
        ...identifiers(authority, key),
        ...(places === null ? [] : revocationPlaces(places)),
      ],
    },
    authority.signer,
  );
}

/** Whoever answers for an authority whether its certificates hold (RFC 6960 §4.2.2.2). */
export async function issueResponder(
  authority: Authority,
  scope: ZoneScope,
  { key, days }: { key: PublicKey; days: number },
  moment: Moment,
): Promise<Bytes> {
  return signCertificate(
    {
      ...below(authority, moment, days),
      subject: zoneSubject(scope, { type: oids.commonName, value: 'revocation answers' }).der,
      spki: key.spki,
      extensions: [
        basicConstraints({ isAuthority: false, pathLength: null }),
        keyUsage(keyUsages.digitalSignature),
        purposes(oids.ocspSigning),
        noCheck(),
        ...identifiers(authority, key),
      ],
    },
    authority.signer,
  );
}

const identifiers = ({ certificate }: Authority, key: PublicKey): Bytes[] => [
  subjectKeyIdentifier(keyIdentifier(key)),
  authorityKeyIdentifier(certificate.subjectKeyIdentifier ?? keyIdentifier(certificate.publicKey)),
];

/** Nothing outlives whoever signed it. */
function below({ certificate }: Authority, { at, random }: Moment, days: number) {
  const notAfter = Math.min(at + days * DAY_MICROS, certificate.notAfter);
  if (notAfter <= at) throw new PkiError('expired', 'The authority has expired');
  return {
    serial: serialFrom(random),
    issuer: certificate.subject.der,
    notBefore: Math.max(at - BEFORE_MICROS, certificate.notBefore),
    notAfter,
  };
}

/** When a certificate is due for renewal: at two thirds of its life. Microseconds since the epoch. */
export const renewalAt = ({ notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>): number =>
  Math.floor(notBefore + ((notAfter - notBefore) * 2) / 3);
