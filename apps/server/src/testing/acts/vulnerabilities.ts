import { becomeTestpump, csafAdvisory, matchOf } from '../advisory.ts';
import { type Calls, reason, type Stage } from './stage.ts';

async function importOne({ server, kept }: Stage): Promise<Response> {
  const version = Number(kept.get('advisory') ?? '0') + 1;
  const answer = await server.post('advisories', {
    name: 'acme.json',
    text: csafAdvisory('< 2.0', version),
    reason,
  });
  if (answer.ok) kept.set('advisory', String(version));
  return answer;
}

async function decide({ server, assets }: Stage): Promise<Response> {
  if (!(await server.get<{ items: unknown[] }>('matches')).items.length) {
    await becomeTestpump(server, assets[0]!, '1.0');
    await matchOf(server, 'affected');
  }
  return server.post('matches/decision', {
    asset: assets[0]!.id,
    vulnerability: 'CVE-2026-0001',
    verdict: 'not-affected',
    justification: 'inline_mitigations_already_exist',
    reason,
  });
}

export const vulnerabilityCalls: Calls = { 'advisory.import': importOne, 'vulnerability.decide': decide };
