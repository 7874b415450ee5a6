import type { ControlList } from '@wardline/model';
import { type Calls, reason, type Stage } from './stage.ts';

const control = 'hipaa-security:164.312(a)(2)(iii)';
const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

export async function ownerOf({ server, kept }: Stage): Promise<string> {
  if (!kept.has('compliance-owner')) {
    const { id } = (await (await server.post('people', { name: 'Security official', reason })).json()) as {
      id: string;
    };
    kept.set('compliance-owner', `person:${id}`);
  }
  return kept.get('compliance-owner')!;
}

async function attest(stage: Stage): Promise<Response> {
  return stage.server.post('compliance/attestations', {
    control,
    statement: 'Every device on the wards locks itself after five minutes',
    owner: await ownerOf(stage),
    document: 'Policy 12, automatic logoff',
    sha256: 'ab'.repeat(32),
    until,
    reason,
  });
}

const decide = ({ server }: Stage): Promise<Response> =>
  server.post('compliance/decisions', {
    control,
    decision: 'alternative',
    rationale: 'Monitors that lock themselves would hide an alarm',
    alternative: 'The rooms are locked, and someone is always there',
    until,
    reason,
  });

/** The last that was said, or a new one where it was taken back already. */
async function takeBack(stage: Stage, kind: 'attestations' | 'decisions'): Promise<Response> {
  const { server } = stage;
  const said = async () => {
    const found = await server.get<Record<typeof kind, { id: string; ended: string | null }[]>>(
      `compliance/controls/${encodeURIComponent(control)}`,
    );
    return found[kind].find(({ ended }) => ended === null);
  };
  if ((await said()) === undefined) await (kind === 'decisions' ? decide(stage) : attest(stage));
  return server.post(`compliance/${kind}/${(await said())!.id}/withdrawal`, { reason });
}

/** Of a control whose risk was not opened yet. */
async function openGap({ server, kept }: Stage): Promise<Response> {
  const { items } = await server.get<ControlList>('compliance/controls?catalogue=iso-27001&status=unknown');
  const free = items.filter(({ isStandard, basis }) => !isStandard && basis === 'none');
  const next = Number(kept.get('compliance-gap') ?? 0);
  kept.set('compliance-gap', String(next + 1));
  return server.post(`compliance/controls/${encodeURIComponent(free[next]!.ref)}/risks`, {
    level: 'moderate',
    reason,
  });
}

export const complianceCalls: Calls = {
  'compliance.attest': attest,
  'compliance.decide': decide,
  'compliance.attest-end': (stage) => takeBack(stage, 'attestations'),
  'compliance.decide-end': (stage) => takeBack(stage, 'decisions'),
  'compliance.gap-open': openGap,
  'report.make': ({ server }) => server.post('reports', { kind: 'risk-analysis', reason }),
  'compliance.record': ({ server }) => server.post('compliance/records', { reason }),
};
