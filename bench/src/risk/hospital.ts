import type { Knowledge } from '@wardline/knowledge';
import type { RiskAsset, RiskSource } from '@wardline/model';
import type { Hospital, HospitalAsset, HospitalConversation, HospitalWeakness } from '@wardline/risk';
import { Chance } from '../chance.ts';

/** Of a hundred devices so many are of each class. */
const mix: readonly [kind: string, share: number][] = [
  ['infusion-pump', 22],
  ['patient-monitor', 14],
  ['ventilator', 4],
  ['ct', 2],
  ['ultrasound', 4],
  ['lab-analyser', 4],
  ['glucometer', 6],
  ['pacs', 1],
  ['clinical-server', 3],
  ['workstation', 26],
  ['printer', 6],
  ['camera', 4],
  ['mobile', 2],
  ['switch', 2],
];
const DEVICES_PER_VLAN = 200;
const MODELS_PER_CLASS = 40;
const vectors = [
  'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N',
  'CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:N/I:L/A:H',
  'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:N/VI:L/VA:H/SC:N/SI:N/SA:N',
  'AV:N/AC:M/Au:N/C:P/I:P/A:P',
  null,
];

export interface MadeUp {
  assets: RiskAsset[];
  sources: RiskSource[];
  /** Of match `i`: which asset, which weakness. */
  assetOf: Uint32Array;
  sourceOf: Uint32Array;
  unknown: Uint8Array;
  /** Without its weaknesses. */
  network: Omit<Hospital, 'weaknesses'>;
}

/** A hospital of so many assets, each with so many matches; the same numbers give the same hospital. */
export function madeUpHospital(
  knowledge: Knowledge,
  { assets: count, weaknesses, matchesEach }: { assets: number; weaknesses: number; matchesEach: number },
): MadeUp {
  const chance = new Chance(7);
  const classes = mix.flatMap(([kind, share]) => Array.from({ length: share }, () => kind));
  const own = Array.from({ length: count }, (_, at) => deviceOf(knowledge, chance, classes, at));
  const conversations = own.flatMap(({ known }, at) => conversationsOf(chance, own, known, at));
  const matches = matchesOf(chance, { count, weaknesses, matchesEach });
  return {
    assets: own.map(({ scored }) => scored),
    sources: Array.from({ length: weaknesses }, (_, at) => sourceOf(chance, at)),
    ...matches,
    network: { assets: own.map(({ known }) => known), conversations, findings: [] },
  };
}

interface Device {
  known: HospitalAsset;
  scored: RiskAsset;
}

function deviceOf(
  { taxonomy, hazards }: Knowledge,
  chance: Chance,
  classes: readonly string[],
  at: number,
): Device {
  const kind = classes[chance.below(classes.length)]!;
  const entry = taxonomy.classes.get(kind);
  const hazard = hazards.of(kind);
  const criticality = entry?.criticality ?? 'unknown';
  const id = `a-${at}`;
  const serves = ['pacs', 'clinical-server', 'patient-monitor', 'infusion-pump', 'printer'].includes(kind);
  return {
    known: {
      id,
      name: `${kind} ${at}`,
      class: kind,
      clinical: taxonomy.isClinical(kind),
      vendor: 'Acme',
      model: `${kind} ${chance.below(MODELS_PER_CLASS)}`,
      criticality,
      vlans: [10 + Math.floor(at / DEVICES_PER_VLAN)],
      services: serves ? ['tcp/443', 'tcp/104'] : ['tcp/443'],
    },
    scored: {
      id,
      name: `${kind} ${at}`,
      classLabel: entry?.label ?? null,
      hazards: hazard && { degraded: hazard.degraded, lost: hazard.lost, controlled: hazard.controlled },
      criticality,
      dataSensitivity: entry?.dataSensitivity ?? 'unknown',
      manyPatients: kind === 'pacs' || kind === 'clinical-server',
      dependents: chance.below(12),
      exposure: null,
    },
  };
}

/** Each device uses one in its own segment; one in five something in another. */
function conversationsOf(
  chance: Chance,
  own: readonly Device[],
  known: HospitalAsset,
  at: number,
): HospitalConversation[] {
  const first = Math.floor(at / DEVICES_PER_VLAN) * DEVICES_PER_VLAN;
  const near = own[Math.min(own.length - 1, first + chance.below(DEVICES_PER_VLAN))]!.known;
  const far = chance.oneIn(5) ? [own[chance.below(own.length)]!.known] : [];
  return [near, ...far]
    .filter(({ id }) => id !== known.id)
    .map((server) => ({
      client: known.id,
      server: server.id,
      service: server.services[0]!,
      application: null,
    }));
}

function matchesOf(
  chance: Chance,
  { count, weaknesses, matchesEach }: { count: number; weaknesses: number; matchesEach: number },
): Pick<MadeUp, 'assetOf' | 'sourceOf' | 'unknown'> {
  const total = count * matchesEach;
  const assetOf = new Uint32Array(total);
  const sourceOfMatch = new Uint32Array(total);
  const unknown = new Uint8Array(total);
  for (let at = 0; at < total; at += 1) {
    assetOf[at] = Math.floor(at / matchesEach);
    sourceOfMatch[at] = chance.below(weaknesses);
    unknown[at] = chance.oneIn(4) ? 1 : 0;
  }
  return { assetOf, sourceOf: sourceOfMatch, unknown };
}

function sourceOf(chance: Chance, at: number): RiskSource {
  return {
    kind: 'weakness',
    id: `CVE-2026-${at}`,
    vector: vectors[chance.below(vectors.length)]!,
    kev: chance.oneIn(100) ? '2026-01-01' : 'not-listed',
    epss: chance.oneIn(3) ? null : { probability: chance.below(1000) / 5000, date: '2026-11-20' },
    ssvc: chance.oneIn(2) ? { Exploitation: 'none' } : {},
  };
}

/** The matches as ways of attack take them. */
export function weaknessesOf({
  assets,
  sources,
  assetOf,
  sourceOf: of,
  unknown,
}: MadeUp): HospitalWeakness[] {
  const shapes = sources.map((source) => ({
    vulnerability: source.id,
    exploited: source.kind === 'weakness' && source.kev !== 'not-listed',
    vector: source.kind === 'weakness' ? source.vector : null,
    fix: source.id.endsWith('7') ? null : 'Update.',
  }));
  return Array.from(assetOf, (asset, at) => ({
    ...shapes[of[at]!]!,
    asset: assets[asset]!.id,
    verdict: unknown[at] === 1 ? ('unknown' as const) : ('affected' as const),
  }));
}
