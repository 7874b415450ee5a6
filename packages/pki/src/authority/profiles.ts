import { oids } from '../der/oids.ts';
import type { DistinguishedName } from '../names/distinguished.ts';
import type { GeneralName } from '../names/general.ts';
import { PkiError } from '../pki-error.ts';
import { type ZoneScope, zoneSubject } from './zone.ts';

export const profileNames = ['device', 'gateway', 'server', 'person'] as const;
export type ProfileName = (typeof profileNames)[number];

export interface Profile {
  purposes: readonly string[];
  /** Days that it holds. */
  lifeDays: number;
}

/**
 * What kinds of holders get. Lives are short, as renewal costs nobody anything: a stolen certificate of which nobody knows ends by itself,
 * and one that is renewed at two thirds has a month to be missed.
 */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  device: { purposes: [oids.clientAuth], lifeDays: 90 },
  gateway: { purposes: [oids.clientAuth, oids.serverAuth], lifeDays: 90 },
  server: { purposes: [oids.serverAuth], lifeDays: 90 },
  person: { purposes: [oids.clientAuth], lifeDays: 30 },
};

/** Whom a certificate names. */
export interface Holder {
  profile: ProfileName;
  /** As the inventory knows it: letters, digits and hyphens. */
  id: string;
  /** Hosts beside its own, of servers and gateways. */
  hosts: readonly string[];
  /** Of people. */
  mail: string | null;
}

/** The subject and the names of a holder in a zone. @throws PkiError where one could not be of the zone */
export function holderNames(
  { profile, id, hosts, mail }: Holder,
  scope: ZoneScope,
): { subject: DistinguishedName; names: GeneralName[] } {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(id))
    throw new PkiError('names', `${id} cannot be part of a host name`);
  const own = profile === 'person' ? [] : [`${id}.${scope.domain}`];
  const names: GeneralName[] = [
    ...[...new Set([...own, ...hosts])].map((value) => ({ kind: 'dns' as const, value })),
    { kind: 'uri', value: `spiffe://${scope.domain}/${profile}/${id}` },
    ...(mail === null ? [] : [{ kind: 'email' as const, value: mail }]),
  ];
  return { subject: zoneSubject(scope, { type: oids.commonName, value: id }), names };
}
