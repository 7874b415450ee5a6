import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOfState, digestsOfKnowledge, judge } from '@wardline/compliance';
import { loadKnowledge } from '@wardline/knowledge';
import {
  checkpointText,
  createSigner,
  entryText,
  formatNote,
  leafHash,
  parseVerifier,
  signNote,
  verifierText,
} from '@wardline/ledger';
import { type ComplianceExport, type ComplianceState, complianceExportForm } from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wardline } from '../../testing/run.ts';
import { checked } from './verify.ts';

const { controls } = loadKnowledge();
const signer = createSigner('hospital', new Uint8Array(32).fill(7));
const other = createSigner('hospital', new Uint8Array(32).fill(8));
const state: ComplianceState = { at: 1_700_000_000_000_000, facts: [], attestations: [], decisions: [] };
const key = parseVerifier(verifierText(signer))!;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-verify-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** A ledger of one act, that the evidence was recorded. */
function recorded(): ComplianceExport {
  const digest = digestOfState(state);
  const act = {
    sequence: 1,
    at: state.at,
    actor: 'server',
    action: 'compliance.record',
    subject: 'compliance',
  };
  const entry = entryText({ ...act, changes: { digest }, commitments: {} });
  const text = checkpointText({ origin: 'hospital', size: 1, root: leafHash(Buffer.from(entry)) });
  return {
    form: complianceExportForm,
    hospital: 'A hospital',
    run: 3,
    digest,
    state,
    statuses: Object.fromEntries([...judge(controls, state)].map(([ref, { status }]) => [ref, status])),
    knowledge: digestsOfKnowledge(controls),
    ledger: {
      entry,
      sequence: 1,
      path: [],
      checkpoint: formatNote({ text, signatures: [signNote(text, signer)] }),
    },
  };
}

async function verify(of: object) {
  const file = join(folder, 'record.json');
  await writeFile(file, JSON.stringify(of));
  return await wardline(['compliance', 'verify', file, '--key', verifierText(signer)]);
}

it('works a recorded judgement out again, and says so', async () => {
  const { code, stdout } = await verify(recorded());
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^Verified: record 3 of A hospital, 2023-11-14/)]);
});

it.each<[string, (record: ComplianceExport) => void, RegExp]>([
  [
    'a status',
    (record) => Object.assign(record.statuses, { 'hhs-cpg:E1': 'met' }),
    /E1 was recorded as met and comes out as unknown/,
  ],
  [
    'the evidence',
    (record) => Object.assign(record, { state: { ...state, at: 1 } }),
    /not the one that the digest was made of/,
  ],
  ['the digest with it', (record) => Object.assign(record, { digest: 'ff' }), /digest of other evidence/],
  [
    'the act',
    (record) => Object.assign(record.ledger, { entry: record.ledger.entry.replace('server', 'nobody') }),
    /does not stand in the ledger/,
  ],
  ['the signature', (record) => Object.assign(record.ledger, { checkpoint: 'no note' }), /cannot be read/],
])('finds out where %s was altered', (_, alter, told) => {
  const record = recorded();
  alter(record);
  expect(checked(record, key, controls).faults.join(' ')).toMatch(told);
});

it('believes no other key, and reads no other file', async () => {
  expect(checked(recorded(), parseVerifier(verifierText(other))!, controls).faults).toEqual([
    'The head of the ledger is not signed by this key.',
  ]);
  expect((await verify({ form: 'other' })).stderr).toContain('no export of a record');
});

it('writes documents of OSCAL of a record, and none of one that is not as it says', async () => {
  const file = join(folder, 'oscal.json');
  const run = async (of: object, out: string) => {
    await writeFile(file, JSON.stringify(of));
    const args = ['compliance', 'oscal', file, '--catalogue', 'hhs-cpg', '--key', verifierText(signer)];
    return await wardline([...args, '--out', join(folder, out)]);
  };
  const { code, stdout } = await run(recorded(), 'right');
  expect([code, stdout.match(/is written/g)]).toEqual([0, expect.objectContaining({ length: 4 })]);
  const text = await readFile(join(folder, 'right', 'hhs-cpg.assessment-results.json'), 'utf8');
  expect(JSON.parse(text)).toHaveProperty(['assessment-results', 'metadata', 'version'], 'record 3');
  expect((await run(recorded(), 'right')).code).toBe(1);
  const changed = await run({ ...recorded(), digest: 'ab'.repeat(32) }, 'wrong');
  expect([changed.code, changed.stderr]).toEqual([
    1,
    expect.stringContaining('does not come out as it says'),
  ]);
  expect(existsSync(join(folder, 'wrong'))).toBe(false);
});
