import type { EvidenceQuery } from '@wardline/knowledge';
import { formatMicros, type GapPlan } from '@wardline/model';
import { answerOf } from '../answer.ts';
import { evidenceKindOf } from '../kinds.ts';
import { handled, planned, riskProps, withOwners } from './plans.ts';
import {
  assetsOf,
  backMatter,
  idsOf,
  type Leaf,
  labelled,
  leavesOf,
  metadataOf,
  type OscalSubject,
  originOf,
  questionsOf,
  systemResource,
} from './subject.ts';
import { instant, line, type Oscal, prop, some, tokenOf, uuidOf } from './words.ts';

const DAY_MICROS = 86_400_000_000;
/** Members of a failing question that are named; the record holds a hundred. */
const NAMED = 12;

export const oscalModels = [
  'component-definition',
  'assessment-plan',
  'assessment-results',
  'plan-of-action-and-milestones',
] as const;
export type OscalModel = (typeof oscalModels)[number];

/**
 * A record as one of OSCAL's documents, for one catalogue. Null where there is nothing to plan: OSCAL knows no empty plan of action.
 */
export function oscalDocument(subject: OscalSubject, model: OscalModel): Oscal | null {
  const body = makers[model](subject);
  return body === null ? null : { [model]: { uuid: idsOf(subject).document(model), ...body } };
}

const makers: Readonly<Record<OscalModel, (subject: OscalSubject) => Oscal | null>> = {
  'component-definition': componentDefinition,
  'assessment-plan': assessmentPlan,
  'assessment-results': assessmentResults,
  'plan-of-action-and-milestones': planOfAction,
};

const reviewed = (leaves: readonly Leaf[]): Oscal => ({
  'control-selections': [
    { 'include-controls': leaves.map(({ control }) => ({ 'control-id': tokenOf(control.id) })) },
  ],
});

/** What Wardline does for each control that evidence speaks of; of others it says nothing. */
function componentDefinition(subject: OscalSubject): Oscal {
  const { controls, catalogue, recorded } = subject;
  const ids = idsOf(subject);
  const answered = new Set(recorded.state.facts.map(({ query }) => query));
  const requirements = leavesOf(subject).flatMap((leaf) => {
    const asked = controls.queriesOf(leaf.control.ref);
    if (asked.length === 0) return [];
    const kind = evidenceKindOf(controls, leaf.control.ref, answered);
    return [
      {
        uuid: uuidOf('requirement', leaf.control.ref),
        'control-id': tokenOf(leaf.control.id),
        description: `Keeps evidence for it: ${asked.map(({ query }) => query.asks).join(' ')}`,
        props: [...labelled(leaf), prop('evidence-kind', kind)],
      },
    ];
  });
  const implementation = {
    uuid: uuidOf('implementation', catalogue.id),
    source: `#${ids.catalogue}`,
    description: 'Evidence for controls; what no evidence can show takes a person’s word.',
    'implemented-requirements': requirements,
  };
  return {
    metadata: metadataOf(subject, 'What Wardline gives evidence for'),
    components: [
      {
        uuid: ids.tool,
        type: 'software',
        title: 'Wardline',
        description:
          'Protects a hospital’s medical devices, and tells of itself and of them what is the case.',
        ...some('control-implementations', requirements.length === 0 ? [] : [implementation]),
      },
    ],
    'back-matter': backMatter(subject),
  };
}

/** What is asked each day, and of which controls each question speaks. */
function assessmentPlan(subject: OscalSubject): Oscal {
  const ids = idsOf(subject);
  const questions = questionsOf(subject);
  const subjects = [{ type: 'component', 'include-all': {} }];
  return {
    metadata: metadataOf(subject, 'Plan of the daily assessment'),
    'import-ssp': { href: `#${ids.system}` },
    ...(questions.length === 0
      ? {}
      : {
          'local-definitions': {
            activities: questions.map(({ query, of }) => ({
              uuid: ids.activity(query.id),
              title: line(query.title),
              description: `${query.asks} An answer counts for ${query.days} days.`,
              props: [prop('question', query.id)],
              'related-controls': reviewed(of),
            })),
          },
        }),
    'reviewed-controls': reviewed(leavesOf(subject)),
    'assessment-subjects': subjects,
    'assessment-assets': assetsOf(subject),
    tasks: [
      {
        uuid: ids.of('task', 'daily'),
        type: 'action',
        title: 'Judge every control by the evidence, and record it under the ledger',
        timing: { 'at-frequency': { period: 1, unit: 'days' } },
        ...some(
          'associated-activities',
          questions.map(({ query }) => ({ 'activity-uuid': ids.activity(query.id), subjects })),
        ),
      },
    ],
    'back-matter': backMatter(subject, systemResource(subject)),
  };
}

/** What came back, and what follows for each control. Unknown is not satisfied; what was decided not to apply has no finding. */
function assessmentResults(subject: OscalSubject): Oscal {
  const { recorded } = subject;
  const ids = idsOf(subject);
  const { at } = recorded.state;
  const leaves = leavesOf(subject);
  const left = leaves.filter(({ judged }) => judged.status === 'not-applicable');
  const said = attestations(subject, leaves);
  return {
    metadata: metadataOf(subject, 'Results of the assessment'),
    'import-ap': { href: `#${ids.plan}` },
    results: [
      {
        uuid: ids.of('result'),
        title: `As recorded on ${formatMicros(at).slice(0, 10)}`,
        description:
          'The status of every control of the catalogue, by its evidence and by what persons vouch for.',
        start: instant(at),
        end: instant(at),
        props: [prop('evidence-sha256', recorded.digest), prop('ledger-act', recorded.ledger.sequence)],
        'local-definitions': { 'assessment-assets': assetsOf(subject) },
        'reviewed-controls': reviewed(leaves),
        ...some('attestations', said.length === 0 ? [] : [{ parts: said }]),
        ...some('observations', observations(subject)),
        ...some(
          'findings',
          leaves.filter((leaf) => !left.includes(leaf)).map((leaf) => finding(subject, leaf)),
        ),
        ...(left.length === 0
          ? {}
          : { remarks: `Decided not to apply: ${left.map(({ control }) => control.id).join(', ')}.` }),
      },
    ],
    'back-matter': backMatter(subject, {
      uuid: ids.plan,
      title: 'Plan of the daily assessment',
      description: 'The assessment plan that is exported with these results.',
      props: [prop('document-uuid', ids.document('assessment-plan'))],
    }),
  };
}

function attestations({ recorded }: OscalSubject, leaves: readonly Leaf[]): Oscal[] {
  const ids = new Map(leaves.map(({ control }) => [control.ref, control.id]));
  const { attestations: words, decisions } = recorded.state;
  return [
    ...words.flatMap(({ id, control, statement, owner, document, until }) => {
      const number = ids.get(control);
      if (number === undefined) return [];
      const text = `${statement} Vouched for by ${owner} with “${document.name}” (SHA-256 ${document.sha256}), until ${instant(until)}.`;
      return [{ uuid: uuidOf('attestation', id), name: 'attestation', title: line(number), prose: text }];
    }),
    ...decisions.flatMap(({ id, control, decision, rationale, alternative, by, until }) => {
      const number = ids.get(control);
      if (number === undefined) return [];
      const instead = alternative === null ? '' : ` Instead: ${alternative}`;
      const text = `${by} decided “${decision}”: ${rationale}${instead} Until ${instant(until)}.`;
      return [{ uuid: uuidOf('decision', id), name: 'decision', title: line(number), prose: text }];
    }),
  ];
}

/** One for each question: what came back, when it was seen, and until when it counts. */
function observations(subject: OscalSubject): Oscal[] {
  const ids = idsOf(subject);
  const { at } = subject.recorded.state;
  return questionsOf(subject).map(({ query, fact }) => {
    const { outcome, reason, asOf } = answerOf(query, fact, at);
    const named = (fact?.members ?? []).slice(0, NAMED).map(({ name, note }) => `${name}: ${note}`);
    return {
      uuid: ids.observation(query.id),
      title: line(query.title),
      description: `${query.asks} ${reason}`,
      props: [
        prop('question', query.id),
        prop('outcome', outcome),
        prop('looked-at', fact?.population ?? 0),
        prop('failing', fact?.failing ?? 0),
        prop('undetermined', fact?.undetermined ?? 0),
      ],
      methods: ['TEST'],
      types: ['control-objective'],
      origins: [originOf(subject)],
      'relevant-evidence': [{ href: `#${ids.record}`, description: 'The fact as it is kept in the record.' }],
      collected: instant(asOf ?? at),
      ...(asOf === null ? {} : { expires: instant(asOf + query.days * DAY_MICROS) }),
      ...(asOf === null
        ? { remarks: 'Nothing was ever observed that would answer it; the time is that of the question.' }
        : named.length === 0
          ? {}
          : { remarks: named.join('\n') }),
    };
  });
}

function finding(subject: OscalSubject, leaf: Leaf): Oscal {
  const { control, judged } = leaf;
  const ids = idsOf(subject);
  const status = {
    met: { state: 'satisfied', reason: 'pass' },
    'not-met': { state: 'not-satisfied', reason: 'fail' },
    // Nobody knows: never counted as satisfied.
    unknown: { state: 'not-satisfied', reason: 'other', remarks: 'Unknown.' },
    'not-applicable': { state: 'not-satisfied', reason: 'other' },
  }[judged.status];
  return {
    uuid: ids.finding(control.ref),
    title: line(`${control.id} ${control.title}`),
    description: judged.reason,
    props: [
      ...labelled(leaf),
      prop('status', judged.status),
      prop('basis', judged.basis),
      ...(judged.contradicted ? [prop('contradicted', 'yes')] : []),
    ],
    origins: [originOf(subject)],
    target: { type: 'objective-id', 'target-id': tokenOf(control.id), status },
    ...some(
      'related-observations',
      judged.answers.map(({ query }) => ({ 'observation-uuid': ids.observation(query) })),
    ),
  };
}

/** One item for each control that is not met or not known; one risk for each question that fails, and for each gap that people plan for. */
function planOfAction(subject: OscalSubject): Oscal | null {
  const ids = idsOf(subject);
  const open = leavesOf(subject).filter(
    ({ judged }) => judged.status === 'not-met' || judged.status === 'unknown',
  );
  if (open.length === 0) return null;
  const failing = questionsOf(subject).filter(({ query, fact }) =>
    isFailing(subject, query.id, fact !== undefined),
  );
  const plans = new Map((subject.recorded.plans ?? []).map((plan) => [plan.gap, plan]));
  const ofControls = open.flatMap(({ control }) => plans.get(control.ref) ?? []);
  const risks = [
    ...failing.map(({ query }) => questionRisk(subject, query, plans.get(query.id))),
    ...ofControls.map((plan) => controlRisk(subject, plan)),
  ];
  const known = new Set([...failing.map(({ query }) => query.id), ...ofControls.map(({ gap }) => gap)]);
  const owners = failing.flatMap(({ query }) => plans.get(query.id) ?? []).concat(ofControls);
  return {
    metadata: withOwners(metadataOf(subject, 'Plan of action and milestones'), owners),
    'import-ssp': { href: `#${ids.system}` },
    ...some('observations', observations(subject)),
    ...some('risks', risks),
    'poam-items': open.map((leaf) => item(subject, leaf, known)),
    'back-matter': backMatter(subject, systemResource(subject)),
  };
}

function questionRisk(subject: OscalSubject, query: EvidenceQuery, plan: GapPlan | undefined): Oscal {
  const ids = idsOf(subject);
  const recommended = {
    uuid: uuidOf('remedy', query.id),
    lifecycle: 'recommendation',
    title: line(query.title),
    description: query.remedy,
  };
  return {
    uuid: ids.risk(query.id),
    title: line(`Not so: ${query.title}`),
    description: query.asks,
    statement: `It can harm: ${query.harms.join(', ')}.`,
    props: [prop('question', query.id), ...riskProps(plan)],
    ...handled(plan),
    remediations: [recommended, ...(plan === undefined ? [] : [planned(plan)])],
    'related-observations': [{ 'observation-uuid': ids.observation(query.id) }],
  };
}

const controlRisk = (subject: OscalSubject, plan: GapPlan): Oscal => ({
  uuid: idsOf(subject).risk(plan.gap),
  title: line(plan.title),
  description: 'Nothing shows that the control is met.',
  statement: 'What the control protects from can happen unseen.',
  props: riskProps(plan),
  ...handled(plan),
  remediations: [planned(plan)],
});

function item(subject: OscalSubject, leaf: Leaf, failing: ReadonlySet<string>): Oscal {
  const { control, judged } = leaf;
  const ids = idsOf(subject);
  const queries = judged.answers.map(({ query }) => query);
  return {
    uuid: ids.of('poam', control.ref),
    title: line(`${control.id} ${control.title}`),
    description: judged.reason,
    props: [...labelled(leaf), prop('control-id', tokenOf(control.id)), prop('status', judged.status)],
    ...some(
      'related-observations',
      queries.map((query) => ({ 'observation-uuid': ids.observation(query) })),
    ),
    ...some(
      'related-risks',
      [control.ref, ...queries]
        .filter((gap) => failing.has(gap))
        .map((gap) => ({ 'risk-uuid': ids.risk(gap) })),
    ),
  };
}

function isFailing(
  { controls, recorded: { state } }: OscalSubject,
  query: string,
  isKnown: boolean,
): boolean {
  const fact = isKnown ? state.facts.find((one) => one.query === query) : undefined;
  return answerOf(controls.queries.get(query)!, fact, state.at).outcome === 'fails';
}
