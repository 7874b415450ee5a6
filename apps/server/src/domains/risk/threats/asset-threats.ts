import {
  type AssetThreats,
  type FlowThreats,
  formatMicros,
  harmSeverities,
  type WeighedThreatTold,
} from '@wardline/model';
import {
  deviceThreats,
  flowThreats,
  gravestFirst,
  type ThreatFlow,
  type WeighedThreat,
} from '@wardline/risk';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { Exposures } from '../register/facts.ts';
import { answersFor, readAnswers, type StoredAnswer, toldAnswer, weighable } from './answers.ts';
import { type AssetFlow, readAssetFlows } from './flows.ts';
import { FLOWS_PER_ASSET } from './limits.ts';
import { readSubjects, type Threatened } from './subjects.ts';

/** The threat model of one asset and of its data flows. @throws Refusal where there is no such asset */
export async function assetThreats(
  context: Context,
  exposures: Exposures,
  id: string,
): Promise<AssetThreats> {
  const now = context.now();
  const answers = await readAnswers(context.database);
  const [subject] = await readSubjects(context, exposures, answers, [sql`a.id = ${id}`]);
  if (subject === undefined) throw new Refusal('not-found', `There is no asset ${id}`);
  const { threats, ruledOut } = deviceThreats(subject, context.knowledge, now);
  const flows = await readAssetFlows(context.database, id);
  const told = flows.slice(0, FLOWS_PER_ASSET);
  const peers = await readPeers(context, exposures, answers, told);
  return {
    asOf: formatMicros(now),
    name: subject.name,
    deviceClass: subject.deviceClass,
    classLabel: subject.classLabel,
    dataSensitivity: subject.dataSensitivity,
    threats: threats.toSorted(gravestFirst).map((threat) => toldThreat(threat, answers)),
    ruledOut: ruledOut.map(({ threat, because }) => ({ id: threat.id, title: threat.title, because })),
    flows: told
      .map((flow) => toldFlow(context, flow, { subject, peer: peers.get(flow.peer), answers, now }))
      .filter((flow) => flow.threats.length > 0)
      .toSorted((a, b) => openOf(b) - openOf(a)),
    moreFlows: flows.length > FLOWS_PER_ASSET,
  };
}

const openOf = ({ threats }: FlowThreats): number =>
  threats.filter(({ standing }) => standing === 'open').length;

/** What was seen of the servers that the asset uses. */
async function readPeers(
  context: Context,
  exposures: Exposures,
  answers: readonly StoredAnswer[],
  flows: readonly AssetFlow[],
): Promise<ReadonlyMap<string, Threatened>> {
  const ids = [...new Set(flows.map(({ peer }) => peer))];
  const peers = await readSubjects(context, exposures, answers, [sql`a.id = any(${ids}::text[])`]);
  return new Map(peers.map((peer) => [peer.id, peer]));
}

interface Beside {
  subject: Threatened;
  peer: Threatened | undefined;
  answers: readonly StoredAnswer[];
  now: number;
}

function toldFlow(
  { knowledge }: Context,
  flow: AssetFlow,
  { subject, peer, answers, now }: Beside,
): FlowThreats {
  const server = flow.role === 'server' ? subject : peer;
  const one = weighableFlow(flow, server, answers, [subject.hazards, peer?.hazards ?? null]);
  const { threats } = flowThreats(one, knowledge, now);
  const { role, service, application, protections } = flow;
  return {
    role,
    peer: { id: flow.peer, name: flow.peerName },
    service,
    application,
    label: knowledge.protocols.get(application ?? '')?.label ?? application ?? 'not recognised',
    protections,
    threats: threats
      .toSorted(gravestFirst)
      .map(({ threat, standing, isOnlyPossible, because, severity }) => ({
        id: threat.id,
        kind: threat.kind,
        title: threat.title,
        standing,
        onlyPossible: isOnlyPossible,
        because,
        severity,
      })),
  };
}

/** Messages harm at the side that acts on them; which that is, only the protocol could tell, so the graver counts. */
function weighableFlow(
  { application, protections, service }: AssetFlow,
  server: Threatened | undefined,
  answers: readonly StoredAnswer[],
  [a, b]: [ThreatFlow['hazards'], ThreatFlow['hazards']],
): ThreatFlow {
  return {
    application,
    protections,
    exposure: server?.exposure ?? null,
    grounds: server?.grounds.filter((ground) => ground.service === service) ?? [],
    answers: server === undefined ? [] : answersFor(answers, server.id, server.deviceClass).map(weighable),
    hazards: graver(a, b),
  };
}

function graver(a: ThreatFlow['hazards'], b: ThreatFlow['hazards']): ThreatFlow['hazards'] {
  if (a === null || b === null) return a ?? b;
  return harmSeverities.indexOf(a.controlled.severity) >= harmSeverities.indexOf(b.controlled.severity)
    ? a
    : b;
}

/** A threat in the words of the API. */
function toldThreat(weighed: WeighedThreat, answers: readonly StoredAnswer[]): WeighedThreatTold {
  const { threat, standing, isOnlyPossible, because, severity, harm, grounds } = weighed;
  const own = new Set(weighed.answers.map(({ id }) => id));
  return {
    ...faceOf(threat),
    standing,
    onlyPossible: isOnlyPossible,
    because,
    severity,
    harm,
    risks: [...new Set(grounds.flatMap(({ risk }) => (risk === null ? [] : [risk])))],
    answers: answers.filter(({ id }) => own.has(id)).map(toldAnswer),
  };
}

export const faceOf = ({
  id,
  kind,
  title,
  how,
  harms,
  controls,
  emb3d,
  attack,
}: WeighedThreat['threat']) => ({
  id,
  kind,
  title,
  how,
  harms,
  controls,
  emb3d,
  attack,
});
