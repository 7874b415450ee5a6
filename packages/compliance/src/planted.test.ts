import { loadKnowledge } from '@wardline/knowledge';
import type { ComplianceExport, ComplianceState, EvidenceFact } from '@wardline/model';
import { complianceExportForm } from '@wardline/model';
import { describe, expect, it } from 'vitest';
import { digestOfState, digestsOfKnowledge } from './digest.ts';
import { judge } from './judge.ts';
import { replay } from './replay.ts';

const { controls } = loadKnowledge();
const AT = Date.UTC(2026, 10, 26) * 1000;
const member = { kind: 'asset', id: 'a-1', name: 'Pump 1', answer: 'fails', note: 'planted' } as const;

/** A hospital in which everything is as it should be, but for what is planted. */
function state(...planted: string[]): ComplianceState {
  const facts = [...controls.queries.keys()].map((query): EvidenceFact => {
    const fails = planted.includes(query);
    return {
      query,
      asOf: AT - 1,
      population: 9,
      failing: fails ? 1 : 0,
      undetermined: 0,
      holdsOfNone: false,
      hindrance: null,
      members: fails ? [member] : [],
    };
  });
  return { at: AT, facts, attestations: [], decisions: [] };
}

const red = (...planted: string[]): string[] =>
  [...judge(controls, state(...planted)).values()]
    .filter(
      ({ status, ref, basis }) =>
        status === 'not-met' && basis !== 'standard' && ref.startsWith('hipaa-security:'),
    )
    .map(({ ref }) => ref.slice('hipaa-security:164.'.length))
    .sort();

describe('a planted violation turns exactly the controls red that it speaks of, and its remedy turns them green', () => {
  it.each([
    ['patient data in clear', 'traffic.phi-protected', ['312(c)(2)', '312(e)(2)(i)', '312(e)(2)(ii)']],
    ['a shared account', 'devices.shared-accounts', ['312(a)(2)(i)']],
    ['an agreement that ran out', 'suppliers.agreements', ['308(b)(3)', '314(a)(2)(i)', '314(a)(2)(iii)']],
    ['a missing backup', 'backups.fresh', ['308(a)(7)(ii)(A)', '310(d)(2)(iv)']],
    ['a device without a backup', 'devices.backed-up', ['308(a)(7)(ii)(A)', '310(d)(2)(iv)']],
    ['a device that is not patched', 'vulnerabilities.patched', ['308(a)(1)(ii)(B)', '308(a)(5)(ii)(B)']],
  ])('%s', (_, query, expected) => {
    expect(red(query)).toEqual(expected);
    expect(red()).toEqual([]);
    const after = judge(controls, state());
    for (const ref of expected.map((id) => `hipaa-security:164.${id}`))
      if (controls.queriesOf(ref).some(({ covers }) => covers === 'whole'))
        expect(after.get(ref)?.status).toBe('met');
  });
});

describe('what was recorded', () => {
  const recorded = (): ComplianceExport => {
    const evidence = state('backups.fresh');
    return {
      form: complianceExportForm,
      hospital: 'A hospital',
      run: 1,
      digest: digestOfState(evidence),
      state: evidence,
      statuses: Object.fromEntries([...judge(controls, evidence)].map(([ref, { status }]) => [ref, status])),
      knowledge: digestsOfKnowledge(controls),
      ledger: { entry: '{}', sequence: 1, path: [], checkpoint: '' },
    };
  };

  it('comes out the same again', () => {
    const read = JSON.parse(JSON.stringify(recorded())) as ComplianceExport;
    expect(replay(read, controls)).toMatchObject({
      differences: [],
      isSameEvidence: true,
      otherKnowledge: [],
    });
  });

  it('does not where a status, the evidence or a catalogue was altered', () => {
    const forged = recorded();
    forged.statuses['hipaa-security:164.308(a)(7)(ii)(A)'] = 'met';
    expect(replay(forged, controls).differences).toEqual([
      { control: 'hipaa-security:164.308(a)(7)(ii)(A)', recorded: 'met', recomputed: 'not-met' },
    ]);
    const mended = recorded();
    mended.state.facts.find(({ query }) => query === 'backups.fresh')!.failing = 0;
    expect(replay(mended, controls).isSameEvidence).toBe(false);
    const other = recorded();
    other.knowledge.evidence = 'other';
    expect(replay(other, controls).otherKnowledge).toEqual(['evidence']);
  });
});
