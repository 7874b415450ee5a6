import type { Drift } from '@wardline/model';
import {
  type CounterExample,
  describePacket,
  type Effect,
  prove,
  type Recorded,
  type Resolved,
  readNftables,
  simulate,
} from '@wardline/policy';
import { DRIFT_EVIDENCE } from '../../limits.ts';
import { effectRow } from './effects.ts';

/** What a point says that it runs, and since when. */
export interface DriftQuestion {
  ask: 'drift';
  /** The text in force. */
  text: string;
  listing: string;
  /** Microseconds since the epoch; null where it is not known since when the point runs the text in force. */
  applied: number | null;
}

/** Policy against enforcement point, packet by packet of all that there are; and enforcement point against traffic. */
export function driftOf(
  resolved: Resolved,
  { listing, applied }: DriftQuestion,
  since: readonly Recorded[],
): Drift[] {
  return [...differs(resolved, listing), ...(applied === null ? [] : bypassed(resolved, since, applied))];
}

function differs(resolved: Resolved, listing: string): Drift[] {
  const read = readNftables(listing);
  if ('fault' in read)
    return [differing(`What it runs cannot be read, line ${read.fault.line}: ${read.fault.message}.`, [])];
  const [ruleset, ...more] = read.rulesets;
  if (ruleset === undefined || more.length > 0)
    return [differing('It does not run exactly one list for what it forwards.', [])];
  const { equal, families } = prove(resolved, ruleset, [4, 6]);
  if (equal) return [];
  const examples = families.flatMap(({ counterExamples }) => counterExamples);
  const cut = examples.filter(({ kind }) => kind === 'cut').length;
  const what = cut > 0 ? 'drops packets that are declared' : 'lets packets through that nothing declares';
  return [
    differing(
      `It ${what}: not what the policy in force says of the assets as they are now. Apply the policy again.`,
      examples,
    ),
  ];
}

const differing = (message: string, examples: readonly CounterExample[]): Drift => ({
  kind: 'differs',
  message,
  evidence: examples.slice(0, DRIFT_EVIDENCE).map((one) => one.message),
  packets: examples.slice(0, DRIFT_EVIDENCE).map(packetRow),
  conversations: [],
});

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
    },
  ];
}

function evidenceOf({ conversation }: Effect): string {
  const { client, server, transport, serverPort, evidence } = conversation;
  const port = serverPort === null ? '' : ` ${serverPort}`;
  return `${client.name} → ${server.name}: ${transport}${port}${evidence === null ? '' : ` (${evidence})`}`;
}
