import type { InterfaceKind, Knowledge } from '@wardline/knowledge';
import type { ThreatTrait } from '@wardline/model';
import type { OfferedService, ThreatFlow, ThreatSubject } from './words.ts';

/** Whether something has a trait, with what shows it. What nobody looked at is unknown. */
export interface TraitAnswer {
  has: 'yes' | 'no' | 'unknown';
  because: string;
}

type Tables = Pick<Knowledge, 'baselines' | 'protocols'>;

const interfacesOf: Partial<Record<ThreatTrait, readonly InterfaceKind[]>> = {
  'clear-login': ['clear-login'],
  'file-sharing': ['file-sharing', 'legacy'],
  'remote-screen': ['remote-screen'],
  database: ['database'],
  management: ['management'],
  debug: ['debug'],
};

const factsOf: Partial<Record<ThreatTrait, RegExp>> = {
  wireless: /^(wifi|ble)\./,
  drives: /^scan\.media$/,
  updates: /^firmware\./,
};

/** Building automation and telecontrol, whose messages are commands. */
const CONTROL: ReadonlySet<string> = new Set(['modbus', 'bacnet', 'dnp3', 'coap']);
const WEB: ReadonlySet<string> = new Set(['http', 'quic', 'fhir', 'dicomweb']);

const placeOf = ({ transport, port }: OfferedService): string =>
  port === null ? transport : `${transport}/${port}`;

/** A trait of a device, by what it offers, by facts that were seen, and by whether a scan looked. */
export function deviceTrait(subject: ThreatSubject, trait: ThreatTrait, tables: Tables): TraitAnswer {
  const pattern = factsOf[trait];
  if (pattern !== undefined)
    return [...subject.facts].some((fact) => pattern.test(fact))
      ? { has: 'yes', because: factWords[trait] ?? '' }
      : unseen;
  if (trait === 'internet')
    return subject.grounds.some(({ source }) => source === 'internet-exposure')
      ? { has: 'yes', because: 'It talks with the internet.' }
      : unseen;
  const services = subject.services.filter((service) => isOf(service, trait, tables));
  if (services.length > 0) return { has: 'yes', because: `It offers ${listOf(services, tables)}.` };
  return subject.facts.has('scan.host')
    ? { has: 'no', because: 'A scan looked and found no such service, and none was seen on the wire.' }
    : unseen;
}

const unseen: TraitAnswer = {
  has: 'unknown',
  because: 'Nothing of the kind was seen, and nothing shows that it is not there.',
};
const factWords: Partial<Record<ThreatTrait, string>> = {
  wireless: 'It was seen on a wireless network.',
  drives: 'Drives were plugged in.',
  updates: 'It was seen to fetch software.',
};

const SHOWN = 4;

function listOf(services: readonly OfferedService[], { protocols }: Tables): string {
  const named = services.map((service) => {
    const label = protocols.get(service.application ?? '')?.label;
    return label === undefined ? placeOf(service) : `${label} at ${placeOf(service)}`;
  });
  const more = named.length - SHOWN;
  return `${named.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function isOf(service: OfferedService, trait: ThreatTrait, { baselines, protocols }: Tables): boolean {
  if (trait === 'listens') return true;
  const name = service.application ?? '';
  if (trait === 'web') return WEB.has(name);
  if (trait === 'control-messages') return CONTROL.has(name);
  if (trait === 'clinical-messages') return protocols.get(name)?.clinical === true;
  if (trait === 'patient-data') return protocols.get(name)?.phi === true;
  const kinds = interfacesOf[trait] ?? [];
  return baselines.interfaces.some(
    ({ kind, names, ports }) =>
      kinds.includes(kind) && (name === '' ? ports.includes(placeOf(service)) : names.includes(name)),
  );
}

/** Encryption that holds today. */
const STRONG: ReadonlySet<string> = new Set(['tls1.2', 'tls1.3', 'dtls', 'ssh2', 'ipsec', 'encrypted']);

/** How a flow was protected wherever it was seen: `weak` where it once passed in clear or by what is broken. */
export function protectionOf({
  protections,
}: Pick<ThreatFlow, 'protections'>): 'strong' | 'weak' | 'unknown' {
  const told = protections.filter((one) => one !== 'unknown');
  if (told.some((one) => !STRONG.has(one))) return 'weak';
  return told.length > 0 && told.length === protections.length ? 'strong' : 'unknown';
}

/** A trait of a flow; it is known by the protocol, or not at all. */
export function flowTrait(flow: ThreatFlow, trait: ThreatTrait, tables: Tables): TraitAnswer {
  if (trait === 'protected')
    return protectionOf(flow) === 'strong'
      ? { has: 'yes', because: 'It is encrypted.' }
      : { has: 'no', because: 'It is not encrypted.' };
  if (flow.application === null) return unseen;
  const service = { transport: 'tcp', port: null, application: flow.application };
  const label = tables.protocols.get(flow.application)?.label ?? flow.application;
  if (isOf(service, trait, tables)) return { has: 'yes', because: `It speaks ${label}.` };
  // Within TLS nobody sees what is spoken.
  return flow.application === 'tls' || flow.application === 'quic'
    ? unseen
    : { has: 'no', because: `${label} carries none.` };
}
