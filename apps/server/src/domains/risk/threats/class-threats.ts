import {
  type ClassThreats,
  formatMicros,
  type HarmSeverity,
  harmSeverities,
  type ThreatModels,
  threatStandings,
} from '@wardline/model';
import { deviceThreats, flowThreats, type ThreatModel } from '@wardline/risk';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { assetIdWithin, assetsWithin, type Scope } from '../../access/index.ts';
import type { Exposures } from '../register/facts.ts';
import { answersFor, readAnswers, type StoredAnswer, toldAnswer, weighable } from './answers.ts';
import { faceOf } from './asset-threats.ts';
import { type FlowKind, readFlowKinds } from './flows.ts';
import { ASSETS_PER_THREAT, FLOW_KINDS } from './limits.ts';
import { readSubjects, type Threatened } from './subjects.ts';

type Scoped = readonly Scope[] | null;

/** Threat models of the hospital: each class of which there are devices, and each kind of data flow. */
export async function threatModels(
  context: Context,
  exposures: Exposures,
  scope: Scoped,
): Promise<ThreatModels> {
  const { database, knowledge } = context;
  const now = context.now();
  const answers = await readAnswers(database);
  const subjects = await readSubjects(context, exposures, answers, assetsWithin(scope));
  const byClass = Map.groupBy(subjects, ({ deviceClass }) => deviceClass);
  const kinds = await readFlowKinds(database, assetIdWithin(scope, 'a.id', 'b.id'));
  return {
    asOf: formatMicros(now),
    classes: [...byClass]
      .map(([id, some]) => ({
        deviceClass: classNamed(context, id),
        group: knowledge.taxonomy.groupOf(id)?.label ?? null,
        assets: some.length,
        ...summaryOf(some.map((one) => deviceThreats(one, knowledge, now))),
      }))
      .toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity) || b.assetsOpen - a.assetsOpen),
    flows: kinds
      .slice(0, FLOW_KINDS)
      .map((kind) => flowKind(context, kind, answers, now))
      .filter(({ threats }) => threats.open + threats.unknown + threats.mitigated > 0)
      .toSorted((a, b) => b.threats.open - a.threats.open || b.pairs - a.pairs),
    moreFlows: kinds.length > FLOW_KINDS,
  };
}

const classNamed = ({ knowledge }: Context, id: string | null) => ({
  id,
  label: knowledge.taxonomy.label(id),
});
const severityRank = (severity: HarmSeverity | null): number =>
  severity === null ? -1 : harmSeverities.indexOf(severity);

/** Each threat by its gravest standing on any of the assets. */
function summaryOf(models: readonly ThreatModel[]) {
  const gravest = new Map<string, number>();
  let severity: HarmSeverity | null = null;
  let assetsOpen = 0;
  for (const { threats } of models) {
    if (threats.some(({ standing }) => standing === 'open')) assetsOpen += 1;
    for (const { threat, standing, severity: harm } of threats) {
      const rank = threatStandings.indexOf(standing);
      gravest.set(threat.id, Math.min(rank, gravest.get(threat.id) ?? rank));
      if (standing === 'open' && severityRank(harm) > severityRank(severity)) severity = harm;
    }
  }
  return { threats: countsOf([...gravest.values()]), assetsOpen, severity };
}

function countsOf(ranks: readonly number[]) {
  const of = (rank: number) => ranks.filter((one) => one === rank).length;
  return { open: of(0), unknown: of(1), mitigated: of(2) };
}

/** Of a kind of flow only the protocol and its protection are weighed; what was seen at one server is told with that server. */
function flowKind(
  context: Context,
  { client, server, application, pairs, protections }: FlowKind,
  answers: readonly StoredAnswer[],
  now: number,
): ThreatModels['flows'][number] {
  const { knowledge } = context;
  const { threats } = flowThreats(
    {
      application,
      protections,
      exposure: null,
      grounds: [],
      answers: answersFor(answers, null, server).map(weighable),
      hazards: knowledge.hazards.of(server),
    },
    knowledge,
    now,
  );
  return {
    client: classNamed(context, client),
    server: classNamed(context, server),
    application,
    label: knowledge.protocols.get(application ?? '')?.label ?? application ?? 'not recognised',
    pairs,
    protections,
    threats: countsOf(threats.map(({ standing }) => threatStandings.indexOf(standing))),
    open: threats.filter(({ standing }) => standing === 'open').map(({ threat }) => threat.title),
  };
}

/** The threat model of one class, with where each threat stands on its devices. @throws Refusal where there is no such class */
export async function classThreats(
  context: Context,
  exposures: Exposures,
  deviceClass: string,
  scope: Scoped,
): Promise<ClassThreats> {
  const { database, knowledge } = context;
  const id = deviceClass === 'unknown' ? null : deviceClass;
  if (id !== null && !knowledge.taxonomy.classes.has(id))
    throw new Refusal('not-found', `There is no class ${deviceClass}`);
  const now = context.now();
  const answers = await readAnswers(database);
  const subjects = await readSubjects(context, exposures, answers, [
    sql`a.class = ${id ?? ''}`,
    ...assetsWithin(scope),
  ]);
  const models = subjects.map((subject) => ({ subject, model: deviceThreats(subject, knowledge, now) }));
  return {
    asOf: formatMicros(now),
    deviceClass: classNamed(context, id),
    assets: subjects.length,
    threats: knowledge.threats
      .ofDevice(id)
      .map((threat) => ({
        ...faceOf(threat),
        ...standingsOf(threat.id, models),
        answers: answersFor(answers, null, id)
          .filter((answer) => answer.threat === threat.id)
          .map(toldAnswer),
      }))
      .toSorted(
        (a, b) => b.assets.open - a.assets.open || severityRank(b.severity) - severityRank(a.severity),
      ),
  };
}

function standingsOf(id: string, models: readonly { subject: Threatened; model: ThreatModel }[]) {
  const met = models.flatMap(({ subject, model }) =>
    model.threats
      .filter(({ threat }) => threat.id === id)
      .map((weighed) => ({ id: subject.id, name: subject.name, ...weighed })),
  );
  const worst = met.toSorted(
    (a, b) => threatStandings.indexOf(a.standing) - threatStandings.indexOf(b.standing),
  );
  return {
    severity: met[0]?.severity ?? null,
    harm: met[0]?.harm ?? null,
    assets: {
      ...countsOf(met.map(({ standing }) => threatStandings.indexOf(standing))),
      ruledOut: models.length - met.length,
    },
    worst: worst
      .slice(0, ASSETS_PER_THREAT)
      .map(({ id: asset, name, standing }) => ({ id: asset, name, standing })),
  };
}
