import type { Criticality, Drift } from '@wardline/model';
import {
  type CounterExample,
  describePacket,
  type Effect,
  formatAddress,
  type ListingKind,
  type PolicyAsset,
  parseAddress,
  prove,
  type Recorded,
  type Resolved,
  readListing,
  simulate,
  withoutPolicy,
} from '@wardline/policy';
import { DRIFT_ASSETS, DRIFT_EVIDENCE } from '../../limits.ts';
import { effectRow } from './effects.ts';

/** What a point says that it runs, and since when. */
export interface DriftQuestion {
  ask: 'drift';
  kind: ListingKind;
  /** The text in force. */
  text: string;
  /** Null where it runs nothing: then everything passes a kernel, and nothing a gateway. */
  listing: string | null;
  /** Microseconds since the epoch; null where it is not known since when the point runs the text in force. */
  applied: number | null;
}

/** Who is concerned: devices by their addresses. */
interface Known {
  assets: readonly PolicyAsset[];
  criticality: ReadonlyMap<string, Criticality>;
}

/** Policy against enforcement point, packet by packet of all that there are; and enforcement point against traffic. */
export function driftOf(
  resolved: Resolved,
  { kind, listing, applied }: DriftQuestion,
  since: readonly Recorded[],
  known: Known,
): Drift[] {
  return [
    ...differs(resolved, kind, listing, known),
    ...(applied === null ? [] : bypassed(resolved, since, applied)),
  ];
}

function differs(resolved: Resolved, kind: ListingKind, listing: string | null, known: Known): Drift[] {
  const read = listing === null ? { rulesets: [withoutPolicy(kind)] } : readListing(kind, listing);
  if ('fault' in read)
    return [differing(`What it runs cannot be read, line ${read.fault.line}: ${read.fault.message}.`)];
  const [ruleset, ...more] = read.rulesets;
  if (ruleset === undefined || more.length > 0)
    return [differing('It does not run exactly one list for what it forwards.')];
  const { equal, families } = prove(resolved, ruleset, [4, 6]);
  if (equal) return [];
  const examples = families.flatMap(({ counterExamples }) => counterExamples);
  const cut = examples.filter((one) => one.kind === 'cut').length;
  const what = cut > 0 ? 'drops packets that are declared' : 'lets packets through that nothing declares';
  const message = `It ${what}: not what the policy in force says of the assets as they are now. Apply the policy again.`;
  return [differing(message, examples, concernedBy(examples, known))];
}

const differing = (
  message: string,
  examples: readonly CounterExample[] = [],
  assets: Drift['assets'] = [],
): Drift => ({
  kind: 'differs',
  message,
  evidence: examples.slice(0, DRIFT_EVIDENCE).map((one) => one.message),
  packets: examples.slice(0, DRIFT_EVIDENCE).map(packetRow),
  conversations: [],
  assets,
});

/** Devices that have an address of the packets, life-critical ones first. */
function concernedBy(examples: readonly CounterExample[], { assets, criticality }: Known): Drift['assets'] {
  const addresses = new Set(
    examples.flatMap(({ packet: { family, source, destination } }) =>
      [source, destination].map((value) => formatAddress(family, value)),
    ),
  );
  const canonical = (ip: string) => {
    const parsed = parseAddress(ip);
    return parsed === null ? '' : formatAddress(parsed.family, parsed.value);
  };
  return lifeCriticalFirst(
    assets
      .filter(({ ips }) => ips.some((ip) => addresses.has(canonical(ip))))
      .map(({ id, name }) => ({ id, name, criticality: criticality.get(id) ?? 'unknown' })),
  );
}

function lifeCriticalFirst(found: Drift['assets']): Drift['assets'] {
  const isCritical = ({ criticality }: Drift['assets'][number]) => Number(criticality === 'life-critical');
  return [...new Map(found.map((asset) => [asset.id, asset])).values()]
    .toSorted((a, b) => isCritical(b) - isCritical(a))
    .slice(0, DRIFT_ASSETS);
}

const packetRow = ({
  packet,
  kind,
  line,
  clauses,
  breaksMust,
}: CounterExample): Drift['packets'][number] => ({
  packet: describePacket(packet),
  kind,
  line: line?.line ?? null,
  text: line?.text.trim() ?? '',
  declarations: [...clauses],
  breaksMust,
});

/** Answered traffic that began after the policy was in place, and that it has to stop: there is a way past the point. */
function bypassed(resolved: Resolved, since: readonly Recorded[], applied: number): Drift[] {
  const later = since.filter(({ answered, firstSeen }) => answered && firstSeen >= applied);
  const { cut } = simulate(resolved, later);
  if (cut.length === 0) return [];
  const plural = cut.length === 1 ? 'conversation was' : 'conversations were';
  return [
    {
      kind: 'bypassed',
      message: `${cut.length} ${plural} answered since, that the policy stops: there is a way past the enforcement point.`,
      evidence: cut.slice(0, DRIFT_EVIDENCE).map(evidenceOf),
      packets: [],
      conversations: cut.slice(0, DRIFT_EVIDENCE).map(effectRow),
      assets: lifeCriticalFirst(
        cut.flatMap(({ conversation: { client, server } }) =>
          [client, server].flatMap(({ asset, name, criticality }) =>
            asset === null ? [] : [{ id: asset, name, criticality }],
          ),
        ),
      ),
    },
  ];
}

function evidenceOf({ conversation }: Effect): string {
  const { client, server, transport, serverPort, evidence } = conversation;
  const port = serverPort === null ? '' : ` ${serverPort}`;
  return `${client.name} → ${server.name}: ${transport}${port}${evidence === null ? '' : ` (${evidence})`}`;
}
