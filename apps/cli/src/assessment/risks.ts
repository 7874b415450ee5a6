import type { Knowledge } from '@wardline/knowledge';
import {
  type Assessment,
  type Micros,
  type RiskAsset,
  type RiskInput,
  riskLevels,
  type WeaknessSource,
} from '@wardline/model';
import {
  explainRisk,
  exposuresOf,
  type Hospital,
  landscapeOf,
  priorityOf,
  type RiskScore,
  riskTables,
  scoreRisk,
} from '@wardline/risk';
import { indented, printable } from '../terminal/printable.ts';
import { counted } from '../terminal/units.ts';
import type { Weaknesses } from './weaknesses.ts';

/** One weakness or finding on one product, with its gravest device. */
export interface RankedRisk {
  source: string;
  title: string;
  product: string;
  assets: string[];
  worst: { asset: string; score: RiskScore; sentences: string[] };
}

/** How many risks are told in full: what a person can take on in a week. */
const TOLD = 10;

/** What can harm patients most, first: every weakness and finding of an assessment, weighed as the server weighs them. */
export function rankedRisks(
  assessment: Assessment,
  weaknesses: Weaknesses,
  knowledge: Knowledge,
  at: Micros,
): RankedRisk[] {
  const tables = riskTables();
  const assets = riskAssets(assessment, weaknesses, knowledge);
  const scored = inputsOf(assessment, weaknesses, assets, at).map((input) => ({
    input,
    score: scoreRisk(input, tables),
  }));
  const groups = Map.groupBy(
    scored,
    ({ input }) => `${aboutOf(input)}\n${productOf(assessment, input.asset.id)}`,
  );
  return [...groups.values()]
    .map((group) => ranked(assessment, group))
    .sort((a, b) => priorityOf(b.worst.score) - priorityOf(a.worst.score) || (a.source < b.source ? -1 : 1));
}

const aboutOf = ({ source }: RiskInput): string => (source.kind === 'weakness' ? source.id : source.rule);

function ranked(assessment: Assessment, group: { input: RiskInput; score: RiskScore }[]): RankedRisk {
  const [first] = group.toSorted((a, b) => priorityOf(b.score) - priorityOf(a.score));
  const { input, score } = first!;
  return {
    source: aboutOf(input),
    title: input.source.kind === 'finding' ? input.source.title : '',
    product: productOf(assessment, input.asset.id),
    assets: [...new Set(group.map((one) => one.input.asset.name))],
    worst: { asset: input.asset.name, score, sentences: explainRisk(input, score) },
  };
}

function productOf({ assets }: Assessment, id: string): string {
  const asset = assets.find((one) => one.id === id);
  return asset?.model == null ? (asset?.name ?? id) : [asset.vendor, asset.model].filter(Boolean).join(' ');
}

function inputsOf(
  assessment: Assessment,
  weaknesses: Weaknesses,
  assets: ReadonlyMap<string, RiskAsset>,
  at: Micros,
): RiskInput[] {
  const weak = weaknesses.matches.flatMap(({ asset, vulnerability, verdict }): RiskInput[] => {
    const known = assets.get(asset);
    if (known === undefined || verdict === 'not-affected') return [];
    return [
      { asset: known, source: sourceOf(weaknesses, vulnerability), presence: verdict, controls: [], at },
    ];
  });
  const found = assessment.findings.flatMap(({ id, asset, rule, title, severity, harms }): RiskInput[] => {
    const known = assets.get(asset);
    if (known === undefined) return [];
    return [
      {
        asset: known,
        source: { kind: 'finding', id, rule, title, severity, harms },
        presence: 'affected',
        controls: [],
        at,
      },
    ];
  });
  return [...weak, ...found];
}

/** What the files that were read tell of a weakness. */
function sourceOf({ told, kev, epss }: Weaknesses, id: string): WeaknessSource {
  const one = told.get(id);
  const probability = epss?.scores.get(id);
  return {
    kind: 'weakness',
    id,
    vector: one?.vector ?? null,
    kev: kev?.get(id) ?? one?.exploitedSince ?? (kev === null ? null : 'not-listed'),
    epss: probability === undefined || epss === null ? null : { probability, date: epss.date },
    ssvc: one?.ssvc ?? {},
  };
}

const GATHERING = ['clinical-server', 'file-server', 'database-server', 'central-station', 'mail-server'];

function riskAssets(
  assessment: Assessment,
  weaknesses: Weaknesses,
  { taxonomy, hazards }: Knowledge,
): ReadonlyMap<string, RiskAsset> {
  const hospital = hospitalOf(assessment, weaknesses, (id) => taxonomy.isClinical(id));
  const exposures = exposuresOf(landscapeOf(hospital));
  const clients = Map.groupBy(hospital.conversations, ({ server }) => server);
  return new Map(
    assessment.assets.map((asset) => {
      const { id, name, class: kind, criticality, dataSensitivity } = asset;
      const hazard = hazards.of(kind);
      const known: RiskAsset = {
        id,
        name,
        classLabel: kind === null ? null : taxonomy.label(kind),
        hazards: hazard && { degraded: hazard.degraded, lost: hazard.lost, controlled: hazard.controlled },
        criticality,
        dataSensitivity,
        manyPatients: kind === null ? null : GATHERING.some((one) => taxonomy.isKindOf(kind, one)),
        dependents: new Set(clients.get(id)?.map(({ client }) => client)).size,
        exposure: exposures.get(id) ?? null,
      };
      return [id, known];
    }),
  );
}

function hospitalOf(
  { assets, conversations, findings }: Assessment,
  weaknesses: Weaknesses,
  isClinical: (id: string | null) => boolean,
): Hospital {
  return {
    assets: assets.map(({ id, name, class: kind, vendor, model, criticality, vlans, services }) => ({
      id,
      name,
      class: kind,
      clinical: isClinical(kind),
      vendor,
      model,
      criticality,
      vlans,
      services: [...new Set(services.map(({ transport, port }) => serviceOf(transport, port)))],
    })),
    conversations: conversations.flatMap(
      ({ client, server, transport, serverPort, application, packetsFromServer }) =>
        client.asset === null ||
        server.asset === null ||
        client.asset === server.asset ||
        packetsFromServer === 0
          ? []
          : [
              {
                client: client.asset,
                server: server.asset,
                service: serviceOf(transport, serverPort),
                application,
              },
            ],
    ),
    findings: findings.map(({ id, rule, title, asset, service, harms }) => ({
      id,
      rule,
      title,
      asset,
      service: service === null ? null : serviceOf(service.transport, service.port),
      harms,
    })),
    weaknesses: weaknesses.matches.flatMap(({ asset, vulnerability, verdict }) => {
      if (verdict === 'not-affected') return [];
      const source = sourceOf(weaknesses, vulnerability);
      const exploited = source.kev !== null && source.kev !== 'not-listed';
      return [{ asset, vulnerability, verdict, exploited, vector: source.vector, fix: null }];
    }),
  };
}

const serviceOf = (transport: string, port: number | null): string =>
  port === null ? transport : `${transport}/${port}`;

/** What to do first, each with how it came about. */
export function riskLines(risks: readonly RankedRisk[], width: number): string[] {
  const told = risks.slice(0, TOLD);
  const left = risks.length - told.length;
  return [
    '',
    'What can harm patients most',
    `  ${counted(risks.length, 'risk')}, weighed by what each device is for, how it can be reached and how each weakness is exploited.`,
    ...told.flatMap((risk, at) => oneRisk(risk, at, width)),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ];
}

function oneRisk({ source, title, product, assets, worst }: RankedRisk, at: number, width: number): string[] {
  const { axes } = worst.score;
  const level = (axis: keyof typeof axes): string => {
    const { from, to } = axes[axis].residual.level;
    return from === to ? riskLevels[from]! : `${riskLevels[from]} to ${riskLevels[to]}`;
  };
  const head = `${source}${title === '' ? '' : ` (${title})`} on ${product}, ${counted(assets.length, 'device')}: patients ${level('patient')}, privacy ${level('privacy')}, operations ${level('operations')}`;
  return [
    ...indented(printable(head), width, `  ${at + 1}. `),
    ...indented(printable(worst.sentences.join(' ')), width, '      '),
  ];
}
