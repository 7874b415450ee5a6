import {
  type ReportDocument,
  type RiskIndicators,
  type RiskRow,
  riskLevels,
  type Step,
} from '@wardline/model';
import { bars, counted, day, lead, list, pairs, plain, section, soft, table } from './blocks.ts';
import { controlSection, evidenceAppendix, type Shown } from './evidence.ts';

export interface RiskFacts extends Shown {
  at: number;
  hospital: string;
  scope: {
    assets: number;
    identified: number;
    lifeCritical: number;
    /** Devices that hold or pass on patients' data, and those of which that is not known. */
    withPatientData: number;
    dataUnknown: number;
    sensors: number;
    /** When the network was last heard; null where it never was. */
    heard: string | null;
  };
  /** What belongs to it, in the hospital's own words; null where nobody said it. */
  stated: string | null;
  steps: readonly Step[];
  indicators: RiskIndicators;
  /** The gravest first; `open` counts all. */
  risks: readonly RiskRow[];
  /** What can befall, by kind: how many open risks come of it. */
  sources: readonly { title: string; kind: RiskRow['kind']; risks: number; assets: number }[];
}

/**
 * The risk analysis that 45 CFR 164.308(a)(1)(ii)(A) asks for: accurate and thorough as far as devices and this platform are
 * seen, with what is not seen said first.
 */
export function riskAnalysis(facts: RiskFacts): ReportDocument {
  const { at, hospital, scope, indicators, risks } = facts;
  const { open } = indicators;
  return {
    kind: 'risk-analysis',
    title: 'Risk analysis of connected devices',
    subject: `45 CFR 164.308(a)(1)(ii)(A): risks to the confidentiality, integrity and availability of electronic protected health information, on the devices of ${hospital}`,
    at,
    sections: [
      section(
        'Summary',
        lead(
          `Open risks: ${open}, on ${counted(scope.assets, 'device')}. ${indicators.lifeCriticalAtRisk} of ${scope.lifeCritical} life-critical devices bear a risk to patients that is high or may be; ${indicators.untriaged} risks wait for somebody to look, ${indicators.overdue} are overdue.`,
        ),
        bars(
          'Open risks by their most possible harm to patients',
          riskLevels.toReversed().map((level) => ({ label: level, count: indicators.byLevel[level] ?? 0 })),
        ),
      ),
      scopeSection(facts),
      section(
        'How far it got',
        table(
          ['Step', 'State', 'What is left'],
          facts.steps.map(({ title, state, checks }) => [
            title,
            state === 'open' ? 'OPEN' : state,
            checks
              .filter((check) => check.state !== 'done')
              .map((check) => `${check.title}: ${check.reason}`)
              .join(' '),
          ]),
          { none: '' },
        ),
      ),
      section(
        'What it does not reach',
        plain(
          'What is not seen is not analysed, and does not count as safe. These are outside, and have to be analysed by other means:',
        ),
        list(limitsOf(facts)),
      ),
      section(
        'Threats and weaknesses',
        plain(
          'What was found on devices, what is known of their products, and what is missing of what is asked for.',
        ),
        table(
          ['What', 'Kind', '#Risks', '#Devices'],
          facts.sources.map((one) => [one.title, kindWords[one.kind], String(one.risks), String(one.assets)]),
          { none: 'None is known. That is what was found, not that there is none.' },
        ),
      ),
      controlSection('Measures in force', facts),
      section(
        'How likely, how grave',
        plain(
          'Harm is weighed on three axes: patients, privacy and operations. Each level follows from what a device is for, how a weakness is exploited, how the device is reached and which measures somebody else has verified. Where something is not known, the level is a span from the least to the most that is possible. It orders; it is no probability.',
        ),
      ),
      registerSection(risks, open),
      section(
        'What is decided',
        table(
          ['Risk', 'Treatment', 'State', 'Owner', 'Until'],
          risks
            .filter(({ treatment }) => treatment !== null)
            .map((risk) => [
              nameOf(risk),
              risk.treatment ?? '',
              risk.state,
              risk.ownerName ?? '',
              day(risk.acceptedUntil ?? risk.deadline),
            ]),
          { none: 'Nothing is decided about any open risk yet.' },
        ),
        soft(
          'Who accepts a risk is never its owner alone: a second person approves, for a year at the most (164.308(a)(1)(ii)(B)).',
        ),
      ),
      section(
        'Review',
        plain(
          'Risks are worked out again whenever what they rest on changes. This analysis says how they stood at its moment; it is to be made again at least yearly, and when devices or duties change (164.316(b)(2)(iii)).',
        ),
      ),
      evidenceAppendix(facts),
    ],
  };
}

const kindWords: Readonly<Record<RiskRow['kind'], string>> = {
  weakness: 'known weakness',
  finding: 'seen on the network',
  control: 'missing measure',
};

function scopeSection({ scope, stated }: RiskFacts): ReportDocument['sections'][number] {
  return section(
    'Scope, and what it rests on',
    plain(stated ?? 'Nobody stated in words what belongs to it: it is about every device that was seen.'),
    pairs([
      ['Devices', `${scope.assets}, of which ${scope.identified} are identified`],
      ['Life-critical', String(scope.lifeCritical)],
      ['With data of patients', `${scope.withPatientData}; of ${scope.dataUnknown} more it is not known`],
      ['Sensors', String(scope.sensors)],
      ['Last heard', scope.heard === null ? 'never' : `${scope.heard.slice(0, 16).replace('T', ' ')} UTC`],
    ]),
    soft(
      'Seen passively on the network, from the hospital’s register, makers’ statements, bills of materials and advisories. Nothing was sent to any device.',
    ),
  );
}

function limitsOf({ scope, evidence }: RiskFacts): string[] {
  const open = evidence.filter(({ outcome }) => outcome === 'unknown').length;
  return [
    `${scope.assets - scope.identified} devices that are seen and not identified, and whatever no sensor hears.`,
    'Records systems, paper, buildings and staff: Wardline sees the network of devices and itself.',
    ...(open > 0
      ? [`${open} questions of the evidence that cannot be answered now (see the appendix).`]
      : []),
  ];
}

const nameOf = ({ kind, source, title, product }: RiskRow): string =>
  `${kind === 'weakness' ? `${source} ${title}` : title} · ${product}`;
const span = ({ from, to }: RiskRow['patient']): string => (from === to ? to : `${from} to ${to}`);

const registerSection = (risks: readonly RiskRow[], open: number): ReportDocument['sections'][number] =>
  section(
    'Register of risks',
    table(
      ['Risk', '#Devices', '#Life-critical', 'Patients', 'Privacy', 'Operations', 'State', 'Open since'],
      risks.map((risk) => [
        nameOf(risk),
        String(risk.assets),
        String(risk.lifeCritical),
        span(risk.patient),
        span(risk.privacy),
        span(risk.operations),
        risk.overdue ? `${risk.state}, overdue` : risk.state,
        day(risk.opened),
      ]),
      { total: open, none: 'No risk is open.' },
    ),
  );
