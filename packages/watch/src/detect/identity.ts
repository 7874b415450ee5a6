import type { Evidence, Micros } from '@wardline/model';
import { claimedName } from '../baseline/claimed-name.ts';
import { BoundedMap } from '../engine/bounded-map.ts';
import { acceptParts, anyEvidence } from '../engine/likeness.ts';
import type { Detector, Scene, Told } from '../engine/scene.ts';
import { defaultLimits, IDENTITIES_KEPT } from '../limits.ts';
import { keepEvidence } from './window.ts';

interface Known {
  value: string;
  at: Micros;
  evidence: Evidence;
}

interface Bearer {
  device: string;
  last: Micros;
  evidence: Evidence[];
}

/** What of a sighting a device keeps unless somebody changes it; the last part says what kind of change it is. */
interface Trait {
  name: string;
  value: string;
  what: 'firmware' | 'key' | 'identity';
}

/** Bearers of one name that are compared; more have it by design (a cluster, a default). */
const BEARERS = 3;
const CURRENT: Micros = 3_600_000_000;

/** Devices that become something else, and two devices that are the same. */
export class IdentityDetector implements Detector {
  readonly name = 'identity';
  readonly #traits = new BoundedMap<Known>(defaultLimits.devices, {
    value: '',
    at: 0,
    evidence: anyEvidence,
  });
  readonly #bearers = new BoundedMap<Bearer[]>(defaultLimits.window, [
    { device: '', last: 0, evidence: [anyEvidence] },
  ]);

  sighting(told: Told, scene: Scene): void {
    const port = told.sighting.service?.port ?? '';
    for (const trait of traitsOf(told).slice(0, IDENTITIES_KEPT))
      this.#trait(told, trait, `${told.subject}|${port}`, scene);
    const name = claimedName(told);
    if (name !== null) this.#bearer(told, name, scene);
  }

  #trait(told: Told, { name, value, what }: Trait, owner: string, scene: Scene): void {
    const { sighting, at, subject } = told;
    const key = `${owner}|${name}`;
    const known = this.#traits.get(key);
    this.#traits.set(key, { value, at, evidence: sighting.evidence });
    if (known === undefined || known.value === value) return;
    scene.raise({
      detection: 'identity-change',
      about: `${owner}|${name}`,
      title: what === 'firmware' ? 'Software changed' : what === 'key' ? 'Key changed' : 'Identity changed',
      severity: what === 'firmware' ? 'medium' : 'high',
      confidence: 'medium',
      basis: 'wrong-in-itself',
      actor: null,
      targets: [subject],
      service: sighting.service === null ? null : { ...sighting.service, application: null },
      summary: `{target} says something else of itself: ${name} was ${short(known.value)} and is ${short(value)} now.`,
      firstSeen: at,
      lastSeen: sighting.lastSeen,
      evidence: [known.evidence, sighting.evidence],
      facts: { trait: name, before: short(known.value), after: short(value), what },
    });
  }

  #bearer(told: Told, name: string, scene: Scene): void {
    const { sighting, subject, at } = told;
    const bearers = this.#bearers.touch(name, () => []);
    let mine = bearers.find(({ device }) => device === subject);
    const isNew = mine === undefined;
    if (mine === undefined) {
      mine = { device: subject, last: at, evidence: [] };
      if (bearers.length < BEARERS) bearers.push(mine);
    }
    mine.last = Math.max(mine.last, at);
    keepEvidence(mine.evidence, sighting.evidence);
    const other = bearers.find(({ device, last }) => device !== subject && at - last < CURRENT);
    const sole = scene.baselines?.soleBearer(name) ?? null;
    // Senders of HL7 are often named after their model: only who had a name for itself can be posed as.
    if (name.startsWith('HL7') && (sole === null || sole === subject)) return;
    if (!isNew || other === undefined || bearers.length >= BEARERS) return;
    scene.raise({
      detection: 'impersonation',
      about: name,
      title: 'Two devices under one name',
      severity: 'high',
      confidence: 'medium',
      basis: 'wrong-in-itself',
      actor: subject,
      targets: [other.device],
      service: sighting.service === null ? null : { ...sighting.service, application: null },
      summary: `{actor} speaks as ${name}, which {target} does as well: one of them poses as the other.`,
      firstSeen: at,
      lastSeen: sighting.lastSeen,
      evidence: [...other.evidence.slice(0, 2), sighting.evidence],
      facts: { name },
    });
  }

  save(): unknown {
    return { traits: this.#traits.save(), bearers: this.#bearers.save() };
  }

  accepts(state: unknown): boolean {
    return acceptParts(state, { traits: this.#traits, bearers: this.#bearers });
  }

  load(state: unknown): void {
    const { traits, bearers } = state as { traits: [string, Known][]; bearers: [string, Bearer[]][] };
    this.#traits.load(traits);
    this.#bearers.load(bearers);
  }
}

function traitsOf({ sighting }: Told): Trait[] {
  const { kind, facts } = sighting;
  const text = (name: string): string =>
    String((facts as Record<string, string | number | boolean | undefined>)[name] ?? '');
  const some = (entries: [name: string, value: string, what: Trait['what']][]): Trait[] =>
    entries.filter(([, value]) => value !== '').map(([name, value, what]) => ({ name, value, what }));
  if (kind === 'ssh.hostkey') return some([[`SSH host key (${text('algorithm')})`, text('sha256'), 'key']]);
  if (kind === 'modbus.identification')
    return some([
      [`revision of Modbus unit ${text('unit')}`, text('revision'), 'firmware'],
      [`product of Modbus unit ${text('unit')}`, text('productCode'), 'identity'],
    ]);
  if (kind === 'bacnet.identification')
    return some([
      [`firmware of BACnet device ${text('instance')}`, text('firmware'), 'firmware'],
      [`serial number of BACnet device ${text('instance')}`, text('serial'), 'identity'],
    ]);
  if (
    kind === 'dicom.equipment' &&
    text('sentByCreator') === 'true' &&
    text('deviceUid') + text('serial') !== ''
  )
    return some([[`software of ${text('model')} ${text('serial')}`, text('softwareVersions'), 'firmware']]);
  if (kind === 'snmp.system')
    return some([
      ['serial number (SNMP)', text('entitySerial'), 'identity'],
      ['system description (SNMP)', text('sysDescr'), 'firmware'],
    ]);
  if (kind === 'ssh.software' && text('role') === 'server')
    return some([['SSH software', text('banner'), 'firmware']]);
  if (kind === 'ftp.server')
    return some([['FTP greeting', text('banner').replaceAll(/\d{2}:\d{2}(:\d{2})?/g, ''), 'firmware']]);
  if (kind === 'poct.device' || kind === 'intellivue.device' || kind === 'sdc.device')
    return some([
      ['serial number', text('serial'), 'identity'],
      ['software', text('software'), 'firmware'],
    ]);
  return [];
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
