import type { Catalogue, Controls, EvidenceQuery, PlacedControl } from '@wardline/knowledge';
import type { ComplianceExport, EvidenceFact, JudgedControl } from '@wardline/model';
import { instant, label, line, OSCAL_VERSION, type Oscal, prop, uuidOf } from './words.ts';

/** What documents are made of: a record, judged again here, and one catalogue. */
export interface OscalSubject {
  recorded: ComplianceExport;
  controls: Controls;
  judged: ReadonlyMap<string, JudgedControl>;
  catalogue: Catalogue;
}

export interface Leaf {
  control: PlacedControl;
  judged: JudgedControl;
}

/** Controls of the catalogue that are no standard of others, in its order. */
export function leavesOf({ controls, judged, catalogue }: OscalSubject): Leaf[] {
  return [...controls.controls.values()].flatMap((control) => {
    const one = judged.get(control.ref);
    return control.catalogue !== catalogue.id || control.children.length > 0 || one === undefined
      ? []
      : [{ control, judged: one }];
  });
}

/** Questions that speak of the catalogue, each with its fact. */
export function questionsOf(
  subject: OscalSubject,
): { query: EvidenceQuery; fact: EvidenceFact | undefined; of: Leaf[] }[] {
  const leaves = leavesOf(subject);
  const facts = new Map(subject.recorded.state.facts.map((fact) => [fact.query, fact]));
  return [...subject.controls.queries.values()].flatMap((query) => {
    const of = leaves.filter(({ judged }) => judged.answers.some((one) => one.query === query.id));
    return of.length === 0 ? [] : [{ query, fact: facts.get(query.id), of }];
  });
}

/** Of the same thing in all documents of a record. */
export const idsOf = ({ recorded, catalogue }: OscalSubject) => {
  const scope = [recorded.hospital, String(recorded.run), recorded.digest, catalogue.id];
  return {
    document: (model: string) => uuidOf(...scope, 'document', model),
    catalogue: uuidOf('catalogue', catalogue.id, catalogue.edition),
    hospital: uuidOf('hospital', recorded.hospital),
    tool: uuidOf('component', 'wardline'),
    platform: uuidOf(recorded.hospital, 'platform'),
    plan: uuidOf(...scope, 'resource', 'plan'),
    system: uuidOf(recorded.hospital, 'resource', 'system'),
    record: uuidOf(...scope, 'resource', 'record'),
    activity: (query: string) => uuidOf('activity', query),
    observation: (query: string) => uuidOf(...scope, 'observation', query),
    risk: (query: string) => uuidOf(recorded.hospital, 'risk', query),
    finding: (ref: string) => uuidOf(...scope, 'finding', ref),
    of: (...name: readonly string[]) => uuidOf(...scope, ...name),
  };
};

export function metadataOf(subject: OscalSubject, title: string): Oscal {
  const { recorded, catalogue } = subject;
  return {
    title: line(`${title}: ${catalogue.title}`),
    'last-modified': instant(recorded.state.at),
    version: `record ${recorded.run}`,
    'oscal-version': OSCAL_VERSION,
    parties: [{ uuid: idsOf(subject).hospital, type: 'organization', name: line(recorded.hospital) }],
    remarks:
      'Made by Wardline from a recorded judgement. Everything in it can be worked out again from the record, whose SHA-256 the hospital’s ledger holds.',
  };
}

/** The tool that looked, as the assessment's asset. */
export const toolOf = (subject: OscalSubject): Oscal => ({
  uuid: idsOf(subject).tool,
  type: 'software',
  title: 'Wardline',
  description:
    'Observes the network of medical devices passively, and keeps the evidence by which controls are judged.',
  status: { state: 'operational' },
});

export const assetsOf = (subject: OscalSubject): Oscal => {
  const { platform, tool } = idsOf(subject);
  return {
    components: [toolOf(subject)],
    'assessment-platforms': [
      { uuid: platform, title: 'Wardline', 'uses-components': [{ 'component-uuid': tool }] },
    ],
  };
};

export const originOf = (subject: OscalSubject): Oscal => ({
  actors: [{ type: 'tool', 'actor-uuid': idsOf(subject).tool }],
});

/** The catalogue, the record and what else is pointed at. */
export function backMatter(subject: OscalSubject, ...more: readonly Oscal[]): Oscal {
  const { recorded, catalogue } = subject;
  const ids = idsOf(subject);
  return {
    resources: [
      {
        uuid: ids.catalogue,
        title: line(catalogue.title),
        description: `${catalogue.edition}. ${catalogue.publisher}. Standing: ${catalogue.standing}.`,
        props: [prop('catalogue', catalogue.id), prop('licence', catalogue.licence)],
      },
      {
        uuid: ids.record,
        title: `Record ${recorded.run}`,
        description:
          'The evidence of which all of this was worked out, and its place in the ledger: the file of wardline compliance export.',
        props: [
          prop('record', recorded.run),
          prop('evidence-sha256', recorded.digest),
          prop('ledger-act', recorded.ledger.sequence),
        ],
      },
      ...more,
    ],
  };
}

/** The system whose plan is not kept in OSCAL: Wardline knows its devices, not a written plan. */
export const systemResource = (subject: OscalSubject): Oscal => ({
  uuid: idsOf(subject).system,
  title: line(`Medical devices of ${subject.recorded.hospital}`),
  description: 'No system security plan is kept in OSCAL; the system is the hospital’s inventory of devices.',
});

export const labelled = ({ control }: Leaf): Oscal[] => [label(control.id)];
