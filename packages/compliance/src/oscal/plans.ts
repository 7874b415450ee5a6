import type { GapPlan } from '@wardline/model';
import { instant, line, type Oscal, prop, some, uuidOf } from './words.ts';

/** The role of whoever answers for a risk. */
const OWNER = 'risk-owner';

const partyOf = ({ id }: NonNullable<GapPlan['owner']>): string => uuidOf('party', id);

const responsible = ({ owner }: GapPlan): Oscal =>
  owner === null ? {} : { 'responsible-roles': [{ 'role-id': OWNER, 'party-uuids': [partyOf(owner)] }] };

/** Owners of plans as persons of the document, each once. */
export function withOwners(metadata: Oscal, plans: readonly GapPlan[]): Oscal {
  const owners = new Map(plans.flatMap(({ owner }) => (owner === null ? [] : [[owner.id, owner] as const])));
  if (owners.size === 0) return metadata;
  const persons = [...owners.values()].map((owner) => ({
    uuid: partyOf(owner),
    type: 'person',
    name: line(owner.name),
  }));
  return {
    ...metadata,
    roles: [{ id: OWNER, title: 'Answers for a risk' }],
    parties: [...(metadata.parties as Oscal[]), ...persons],
  };
}

/** How the register of risks has it, in its own words. */
export const riskProps = (plan: GapPlan | undefined): Oscal[] =>
  plan === undefined ? [] : [prop('risk', plan.risk), prop('state', plan.state)];

const statuses: Readonly<Record<string, string>> = {
  new: 'open',
  triaged: 'investigating',
  treating: 'remediating',
  waiting: 'deviation-requested',
  accepted: 'deviation-approved',
  // Somebody calls it treated, and the evidence does not show it yet.
  done: 'remediating',
};

/** Status and deadline of a risk; what nobody has in hand is open. */
export const handled = (plan: GapPlan | undefined): Oscal => ({
  status: statuses[plan?.state ?? 'new'] ?? 'open',
  ...(plan === undefined || plan.deadline === null ? {} : { deadline: instant(plan.deadline) }),
});

/** What somebody plans, with its milestones: each measure put in place and verified, and the end. */
export function planned(plan: GapPlan): Oscal {
  const { gap, opened, deadline, measures } = plan;
  const who = responsible(plan);
  const until = deadline ?? null;
  return {
    uuid: uuidOf('plan', plan.risk),
    lifecycle: 'planned',
    title: line(plan.title),
    description: plan.plan.trim() || 'Nobody has said yet what is done about it.',
    ...some('tasks', [
      ...measures.map(({ text, added, verified }, number) => ({
        uuid: uuidOf('measure', gap, String(number), text),
        type: 'milestone',
        title: line(text),
        description:
          verified === null
            ? 'In place; nobody else has verified it.'
            : 'In place, and verified by somebody else.',
        timing: { 'on-date': { date: instant(verified ?? added) } },
        props: [prop('done', verified === null ? 'not verified' : 'yes')],
        ...who,
      })),
      ...(until === null
        ? []
        : [
            {
              uuid: uuidOf('milestone', gap, 'end'),
              type: 'milestone',
              title: 'It is treated',
              timing: {
                'within-date-range': { start: instant(Math.min(opened, until)), end: instant(until) },
              },
              ...who,
            },
          ]),
    ]),
  };
}
