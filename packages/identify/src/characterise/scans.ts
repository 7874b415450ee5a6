import type { Knowledge } from '@wardline/knowledge';
import type { Facts, ScannedSoftware, Service, ServiceScan, Sighting } from '@wardline/model';
import { groundOf } from './claim-book.ts';
import { type Subject, sightingsOf } from './subject.ts';

/** Below, a scanner's guess of a system is one among several. */
const SURE_PERCENT = 90;
const BANNER_CHARS = 200;

/** The system that a scanner names. Where anything on the wire tells it, that counts and the scanner's word is a hint. */
export function claimScannedSystem(subject: Subject): void {
  const isSeen = subject.book.claims().some(({ attribute }) => attribute === 'os');
  for (const sighting of sightingsOf(subject, 'scan.host')) {
    const { os, accuracy, scanner } = sighting.facts;
    if (os === undefined) continue;
    const isSure = (accuracy ?? 100) >= SURE_PERCENT;
    const percent = accuracy === undefined ? '' : `, ${accuracy} % sure`;
    const statement = {
      attribute: 'os',
      value: os,
      source: 'scan.host/os',
      strength: isSeen || !isSure ? 'weak' : 'medium',
      group: 'scan',
      reason: `${scanner} took its system for “${os}”${percent}.`,
    } as const;
    subject.book.add(statement, groundOf(sighting));
  }
}

/**
 * Services as they were seen on the wire, each with what a scanner says of it, and those that only a scanner found. What was
 * seen stays as it is; where the scanner recognised something else, it says so.
 */
export function withScans(
  seen: readonly Service[],
  sightings: readonly Sighting[],
  knowledge: Knowledge,
): Service[] {
  const scans = latestScans(sightings);
  const services = seen.map((service) => {
    const key = `${service.transport}/${service.port}`;
    const found = scans.get(key);
    scans.delete(key);
    return found === undefined ? service : { ...service, scan: scanOf(found, service) };
  });
  const others = [...scans.values()].map((sighting) => openService(sighting, knowledge));
  return [...services, ...others].sort(
    (a, b) => (a.port ?? 0) - (b.port ?? 0) || (a.transport < b.transport ? -1 : 1),
  );
}

type Scan = Sighting<'scan.service'>;

/** Of several scans the last one, and of that time the one that recognised what answered. */
function latestScans(sightings: readonly Sighting[]): Map<string, Scan> {
  const latest = new Map<string, Scan>();
  for (const sighting of sightings) {
    if (sighting.kind !== 'scan.service' || sighting.service === null) continue;
    const key = `${sighting.service.transport}/${sighting.service.port}`;
    const known = latest.get(key);
    if (known === undefined || isLater(sighting as Scan, known)) latest.set(key, sighting as Scan);
  }
  return latest;
}

function isLater(a: Scan, b: Scan): boolean {
  if (a.lastSeen !== b.lastSeen) return a.lastSeen > b.lastSeen;
  if (a.facts.basis !== b.facts.basis) return a.facts.basis === 'answer';
  return JSON.stringify(a.facts) > JSON.stringify(b.facts);
}

function scanOf({ facts, lastSeen, evidence }: Scan, seen: Service | null): ServiceScan {
  const { scanner, basis, name } = facts;
  const software = [facts.product, facts.version].filter(Boolean).join(' ');
  return {
    scanner,
    basis,
    name: name ?? null,
    software: software === '' ? null : software.slice(0, BANNER_CHARS),
    contradicted: seen !== null && isContradicted(facts, seen),
    lastSeen,
    evidence,
  };
}

/** TLS hides from the wire what is spoken inside; a name that goes by the port says nothing against it. */
function isContradicted(facts: Facts['scan.service'], seen: Service): boolean {
  const { application } = seen;
  if (facts.basis !== 'answer' || facts.name === undefined || application === null) return false;
  const isTls = application === 'tls' || application === 'quic';
  return isTls ? facts.encrypted !== true && facts.name !== 'tls' : application !== facts.name;
}

function openService(sighting: Scan, knowledge: Knowledge): Service {
  const { service, firstSeen, lastSeen, evidence, facts } = sighting;
  const scan = scanOf(sighting, null);
  const known = facts.basis === 'answer' ? (facts.name ?? null) : null;
  const isClear = knowledge.protocols.get(known ?? '')?.clear === true;
  return {
    transport: service!.transport,
    port: service!.port,
    application: known,
    protection: facts.encrypted === true ? 'encrypted' : isClear ? 'clear' : 'unknown',
    banner: scan.software,
    clients: 0,
    firstSeen,
    lastSeen,
    evidence,
    scan,
  };
}

/** Software that scanners found, each once with the last time. */
export function scannedSoftware(sightings: readonly Sighting[]): ScannedSoftware[] {
  const found = new Map<string, ScannedSoftware>();
  for (const { kind, facts, lastSeen, evidence } of sightings) {
    if (kind !== 'scan.software') continue;
    const { cpe, scanner } = facts as Facts['scan.software'];
    const known = found.get(cpe);
    if (known === undefined || lastSeen > known.lastSeen)
      found.set(cpe, { cpe, scanner, lastSeen, evidence });
  }
  return [...found.values()].sort((a, b) => (a.cpe < b.cpe ? -1 : 1));
}
