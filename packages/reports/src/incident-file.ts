import type { IncidentBreach, IncidentDetail, ReportDocument } from '@wardline/model';
import { counted, lead, list, pairs, plain, section, table, warning } from './blocks.ts';
import { controlSection, evidenceAppendix, type Shown } from './evidence.ts';

export interface IncidentFacts extends Shown {
  at: number;
  incident: IncidentDetail;
}

const minute = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

/** What happened, who did what when, whether it is a breach, and who was told: for the record of six years (164.316(b)(2)(i), 164.414(b)). */
export function incidentFile(facts: IncidentFacts): ReportDocument {
  const { at, incident } = facts;
  return {
    kind: 'incident',
    title: `Incident ${incident.number}: ${incident.title}`,
    subject: `${incident.drill ? 'Drill. ' : ''}Playbook “${incident.playbookTitle}”`,
    at,
    sections: [
      summary(incident),
      breach(incident.breach, incident.state),
      steps(incident),
      section(
        'Timeline',
        table(
          ['When (UTC)', 'Who', 'What', 'Text'],
          incident.timeline.map((one) => [
            minute(one.at),
            one.by,
            one.kind,
            one.evidence === null
              ? one.text
              : `${one.text} Evidence: ${one.evidence.name}, ${one.evidence.bytes} bytes, SHA-256 ${one.evidence.sha256}.`,
          ]),
          { none: 'Nothing is written down.' },
        ),
      ),
      controlSection('Controls that ask for it', facts),
      evidenceAppendix(facts),
    ],
  };
}

function summary(incident: IncidentDetail): ReportDocument['sections'][number] {
  const critical = incident.assets.filter(({ criticality }) => criticality === 'life-critical').length;
  return section(
    'Summary',
    lead(
      `It began ${minute(incident.began)}, was opened ${minute(incident.opened)} by ${incident.openedBy}, and is ${incident.state}. It touches ${counted(incident.assets.length, 'device')}, ${critical} of them life-critical. ${incident.stepsDone} of ${incident.steps.length} steps are settled.`,
    ),
    list(incident.assets.map(({ name, criticality }) => `${name} (${criticality})`)),
    pairs(incident.duties.map(({ role, person }) => [role, person] as const)),
  );
}

const verdictWords: Readonly<Record<IncidentBreach['verdict'], string>> = {
  secured: 'The data were secured, so that it is no breach of unsecured information.',
  excepted: 'An exception of 45 CFR 164.402 holds.',
  'low-probability': 'There is a low probability that the information was compromised.',
  presumed: 'A breach is presumed, until a low probability is shown.',
  breach: 'It is a breach.',
};

function breach(
  of: IncidentBreach | null,
  state: IncidentDetail['state'],
): ReportDocument['sections'][number] {
  if (of === null)
    return section(
      'Breach assessment',
      state === 'closed'
        ? warning('The incident is closed, and nobody wrote down whether data of patients were concerned.')
        : plain('Nobody has assessed yet whether data of patients were concerned.'),
    );
  const { facts, verdict, because, clocks } = of;
  const factors = Object.entries(facts.factors).map(([name, { weight, reason }]) => [name, weight, reason]);
  return section(
    'Breach assessment (45 CFR 164.402)',
    lead(verdictWords[verdict]),
    list(because),
    pairs([
      ['Known on', facts.known],
      ['Persons concerned', facts.individuals === null ? 'not counted yet' : String(facts.individuals)],
      ['Role', facts.role],
    ]),
    table(['Factor', 'Weight', 'Reason'], factors, { none: '' }),
    table(
      ['Notice', 'Rule', 'Last day', 'Given', 'Reckoned'],
      clocks.map((one) => [
        one.notice,
        one.clause,
        one.due,
        one.given ?? (one.isOver ? 'OVERDUE' : 'not yet'),
        one.because,
      ]),
      { none: 'No notice is due.' },
    ),
  );
}

const steps = ({ steps: all }: IncidentDetail): ReportDocument['sections'][number] =>
  section(
    'Steps of the playbook',
    table(
      ['Step', 'Role', 'State', 'When', 'By', 'At the bedside', 'Note'],
      all.map((one) => [
        one.title,
        one.role,
        one.state,
        one.at === null ? '' : minute(one.at),
        one.by ?? '',
        one.atBedside,
        one.note,
      ]),
      { none: 'The playbook has no steps.' },
    ),
  );
