import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordOf, riskTables } from '@wardline/risk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wardline } from '../../testing/run.ts';

const record = recordOf(
  {
    asset: {
      id: 'a-1',
      name: 'Pump 7',
      classLabel: null,
      hazards: null,
      criticality: 'life-critical',
      dataSensitivity: 'phi',
      manyPatients: null,
      dependents: 0,
      exposure: null,
    },
    source: { kind: 'weakness', id: 'CVE-2026-0001', vector: null, kev: null, epss: null, ssvc: {} },
    presence: 'unknown',
    controls: [],
    at: 0,
  },
  riskTables(),
);
let folder: string;
const run = async (value: unknown) => {
  const file = join(folder, 'score.json');
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value));
  return await wardline(['risk', 'recompute', file]);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-risk-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('works a score out again from its record, and tells where the record was changed', async () => {
  const same = await run(record);
  expect(same).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('It comes out as the record says.'),
  });
  const changed = structuredClone(record);
  changed.score.patient.level.to = 'low';
  const other = await run(changed);
  expect(other.code).toBe(1);
  expect(other.stdout).toContain('score.patient.level.to: the record says "low", it comes to');
});

it('refuses what is no record, with the place', async () => {
  const refused = await run({ ...record, input: { ...record.input, presence: 'perhaps' } });
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('/input/presence') });
  expect(await run('nonsense')).toMatchObject({ code: 3, stderr: expect.stringContaining('is no JSON') });
  const cell = structuredClone(record);
  cell.tables[0]!.cells.pop();
  expect(await run(cell)).toMatchObject({ code: 3, stderr: expect.stringContaining('decides 47 of 48') });
});

it('scores CVSS vectors, and shows where one is wrong', async () => {
  const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
  expect((await wardline(['risk', 'cvss', `${vector}/E:U`])).stdout).toBe(
    '9.0 critical (CVSS 3.1, temporal); its base score is 9.8\n',
  );
  expect(await wardline(['risk', 'cvss', `${vector}/E:Z`])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('at character 46, expected E as one of'),
  });
});
