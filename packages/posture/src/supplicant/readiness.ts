import type { Facts, SupplicantGround, SupplicantReadiness, SupplicantState } from '@wardline/model';
import { cited, type Statement, stated } from '../claims/statement.ts';
import { systemKnowledge } from './systems.ts';

/** A fact as it was seen last; micros since the epoch. */
interface Seen<K extends keyof Facts> {
  facts: Facts[K];
  at: number;
}

/** What is known of one device that bears on joining by certificate. */
export interface SupplicantEvidence {
  name: string;
  criticality: string;
  os: string;
  /** As whoever asks to be let in; what switches say belongs to switches. */
  eap: readonly Seen<'eapol.party'>[];
  stations: readonly Seen<'radius.station'>[];
  /** Networks that it joined, by what their radios say. */
  networks: readonly Seen<'wifi.network'>[];
  statement: Statement | null;
  /** Of our own authorities, the one that ends last; null where none holds. */
  certificate: { zone: string; until: number; isRenewalDue: boolean } | null;
}

/** MDS2 2019: certificate-based authentication of network connections. The form of 2013 asks nothing of the kind. */
const CERTIFICATES = ['NAUT-3'];
const SUPPLICANT_METHODS_BY_CERTIFICATE = new Set(['TLS']);
const byTime = <T extends { at: number }>(items: readonly T[]): T[] => items.toSorted((a, b) => b.at - a.at);

type Judged = Pick<SupplicantReadiness, 'state' | 'managementFrames' | 'todo'> & {
  grounds: (Omit<SupplicantGround, 'at'> & { at: number | null })[];
};

/** How near a device is to joining by certificate. What was seen outweighs what is stated; without evidence it is unknown, never able. */
export function supplicantReadiness(evidence: SupplicantEvidence): Judged {
  const state = stateOf(evidence);
  return {
    state,
    managementFrames: evidence.networks.some(({ facts }) => facts.managementFrames === 'required')
      ? 'required'
      : null,
    grounds: groundsOf(evidence),
    todo: [...todo[state](evidence), ...careOf(state, evidence)],
  };
}

function stateOf(evidence: SupplicantEvidence): SupplicantState {
  const { statement, certificate, os } = evidence;
  if (seenByCertificate(evidence) !== null) return 'in-use';
  if (otherMethods(evidence).length > 0) return 'other-method';
  const system = systemKnowledge(os);
  if (system?.can === false) return 'cannot';
  if (statement !== null && stated(statement, CERTIFICATES, 'yes') !== null)
    return certificate === null ? 'enrol' : 'ready';
  if (doesEap(evidence)) return 'ask-maker';
  if (statement !== null && stated(statement, CERTIFICATES, 'no') !== null) return 'cannot';
  return system === null ? 'unknown' : 'ask-maker';
}

const seenByCertificate = ({ eap }: SupplicantEvidence) =>
  byTime(eap).find(({ facts }) => SUPPLICANT_METHODS_BY_CERTIFICATE.has(facts.method ?? '')) ?? null;

function otherMethods({ eap }: SupplicantEvidence): string[] {
  const methods = eap.flatMap(({ facts }) => facts.method ?? []);
  return [...new Set(methods)].filter((method) => !SUPPLICANT_METHODS_BY_CERTIFICATE.has(method)).toSorted();
}

/** It takes part in 802.1X, by a method that nobody saw. A key handshake is done with shared keys, too, and shows nothing. */
const doesEap = ({ eap, stations, networks }: SupplicantEvidence): boolean =>
  eap.some(({ facts }) => facts.keyHandshake !== true) ||
  stations.some(({ facts }) => facts.proof === 'eap') ||
  networks.some(({ facts }) => onlyEnterprise(facts));

const onlyEnterprise = ({ authentication }: Facts['wifi.network']): boolean =>
  authentication.length > 0 && authentication.every((way) => /802\.1x|suite-b/i.test(way));

function groundsOf(evidence: SupplicantEvidence): Judged['grounds'] {
  const { os, statement, certificate } = evidence;
  const system = systemKnowledge(os);
  return [
    ...seenGrounds(evidence),
    ...statedGrounds(statement),
    ...(system === null ? [] : [{ kind: 'system' as const, text: `${system.text} (${os})`, at: null }]),
    ...(certificate === null
      ? []
      : [
          {
            kind: 'certificate' as const,
            text: `It holds a certificate of the zone ${certificate.zone} until ${dayOf(certificate.until)}${certificate.isRenewalDue ? ', and has not renewed it' : ''}`,
            at: null,
          },
        ]),
  ];
}

function seenGrounds(evidence: SupplicantEvidence): Judged['grounds'] {
  const { stations, networks } = evidence;
  const tls = seenByCertificate(evidence);
  const others = byTime(evidence.eap).filter(
    ({ facts }) => facts.method !== undefined && facts !== tls?.facts,
  );
  const told = new Map<string, number>();
  const say = (text: string, at: number) => told.set(text, Math.max(at, told.get(text) ?? 0));
  if (tls !== null) say('It was seen to sign in by certificate (EAP-TLS)', tls.at);
  for (const { facts, at } of others)
    if (facts.method !== 'TLS') say(`It was seen to sign in by EAP-${facts.method}`, at);
  for (const { facts, at } of stations) say(stationText(facts), at);
  for (const { facts, at } of networks) say(networkText(facts), at);
  return [...told].map(([text, at]) => ({ kind: 'seen' as const, text, at }));
}

const proofWords: Readonly<Record<string, string>> = {
  eap: 'by EAP',
  'mac-address': 'by its hardware address alone',
  password: 'by a password',
  chap: 'by a password (CHAP)',
};

function stationText({ proof, result, portType }: Facts['radius.station']): string {
  const where = portType === 'wireless' ? ' on Wi-Fi' : portType === 'ethernet' ? ' at a cable' : '';
  const how = proofWords[proof ?? ''] ?? 'in a way that is not known';
  const end = result === 'accepted' ? ' and was let in' : result === 'refused' ? ' and was refused' : '';
  return `It asked${where} ${how}${end}`;
}

function networkText({ ssid, security, authentication, managementFrames }: Facts['wifi.network']): string {
  const name = ssid === undefined ? 'a network without a name' : `the network “${ssid}”`;
  const how = onlyEnterprise({ authentication } as Facts['wifi.network'])
    ? 'which takes 802.1X alone'
    : authentication.length === 0
      ? 'which asks for no key'
      : `which takes ${authentication.join(' and ')}`;
  return `It joined ${name} (${security.toUpperCase()}), ${how}, management frames ${managementFrames}`;
}

function statedGrounds(statement: Statement | null): Judged['grounds'] {
  if (statement === null) return [];
  const [yes, no] = (['yes', 'no'] as const).map((value) => stated(statement, CERTIFICATES, value));
  const say = (text: string) => [{ kind: 'stated' as const, text, at: null }];
  if (yes) return say(`The maker states that it proves itself by certificates: ${cited(yes, statement)}`);
  if (no)
    return say(`The maker states that it does not prove itself by certificates: ${cited(no, statement)}`);
  return [];
}

const dayOf = (micros: number): string => new Date(micros / 1000).toISOString().slice(0, 10);

const ENROL = 'Enrol it by a one-time code, then install a profile of its network.';

const todo: Readonly<Record<SupplicantState, (evidence: SupplicantEvidence) => string[]>> = {
  'in-use': ({ certificate }) => {
    if (certificate === null)
      return ['Its certificate is none of these authorities: find out whose it is, and enrol it here.'];
    return certificate.isRenewalDue
      ? ['Find out why it does not renew its certificate: when that ends, it joins no more.']
      : [];
  },
  ready: () => [
    'Install a profile of its network and see it sign in; then let it in by its address no more.',
  ],
  enrol: () => [ENROL],
  'other-method': (evidence) => {
    const { statement } = evidence;
    const methods = otherMethods(evidence).join(', ');
    return statement !== null && stated(statement, CERTIFICATES, 'yes') !== null
      ? [`${ENROL} It signs in by EAP-${methods} today; certificates take the place of its password.`]
      : [`Ask the maker whether it takes EAP-TLS in place of EAP-${methods}: the supplicant is there.`];
  },
  'ask-maker': () => ['Ask the maker whether its supplicant may be set up by certificate (MDS2, NAUT-3).'],
  cannot: () => [
    'Let it in by its address, into a VLAN of its own with its conduits alone; or put a bridge or gateway before it that signs in for it.',
    'Name it at the next purchase: its successor has to join by certificate.',
  ],
  unknown: () => ['Ask the maker for its MDS2 form, and let a sensor hear its port or the air around it.'],
};

/** Whoever changes how a device joins may cut it off. */
function careOf(state: SupplicantState, { criticality, name }: SupplicantEvidence): string[] {
  const changes = state === 'ready' || state === 'enrol' || state === 'other-method';
  return changes && criticality === 'life-critical'
    ? [`Change ${name} only while no patient depends on it, with somebody beside it and the way back tried.`]
    : [];
}
