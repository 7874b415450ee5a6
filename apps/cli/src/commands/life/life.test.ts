import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssetRow, ComplianceExport, Lifecycle, ProductFile, SensorBatch } from '@wardline/model';
import { startServer } from '@wardline/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wardline } from '../../testing/run.ts';

// What a person does with a supplier, a purchase, a device, a report and a product, by the program alone on a real server.

let folder: string;
let server: Awaited<ReturnType<typeof startServer>>;
let where: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wardline-life-'));
  // As root the database runs as another user, who must get to its folder.
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'data');
  server = await startServer({ dataDir, port: 0, log: 'silent' });
  where = ['--server', server.url, '--data', dataDir];
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the program prints; it has to end well. */
async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await wardline([...args, ...where], { cwd: folder });
  expect([code, stderr], args.join(' ')).toEqual([0, '']);
  return stdout;
}
const act = (...args: string[]) => run(...args, '--reason', 'a test');
const idIn = (text: string): string => /: ([0-9a-f-]{36})/.exec(text)![1]!;
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

it('adds a supplier from a file, shows it as one, and keeps where it takes reports', async () => {
  const details = {
    name: 'Acme',
    handlesPatientData: 'no',
    contacts: [],
    channels: [],
    agreements: [],
    products: [],
    notes: '',
  };
  await act('supplier', 'add', file('acme.json', JSON.stringify(details)));
  const shown = JSON.parse(await run('supplier', 'show', 'acme')) as typeof details;
  expect(shown).toEqual(details);
  await act('supplier', 'change', 'Acme', file('acme.json', JSON.stringify({ ...shown, notes: 'called' })));
  expect(JSON.parse(await run('supplier', 'show', 'Acme'))).toMatchObject({ notes: 'called' });
  const text = 'Contact: mailto:psirt@acme.example\nExpires: 2035-01-01T00:00:00Z\n';
  await act('supplier', 'keep-security-txt', 'Acme', file('acme.txt', text));
  const wrong = file('wrong.json', JSON.stringify({ ...details, products: [{ model: '' }] }));
  const refused = await wardline(['supplier', 'add', wrong, '--reason', 'a test', ...where], { cwd: folder });
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('/products/0/model')]);
}, 300_000);

it('takes a report in and enters its steps', async () => {
  expect(
    await act(
      'disclosure',
      'add',
      'Open port',
      '--received',
      '2026-11-02',
      '--description',
      'Port 9100 answers.',
      '--vendor',
      'Acme',
      '--model',
      'Pump 9',
    ),
  ).toContain('Report 1');
  await act('disclosure', 'step', '1', 'assess', '--day', '2026-11-03', '--outcome', 'valid');
  expect(await run('disclosure', 'show', '1')).toMatch(/done +assess/);
}, 300_000);

it('asks for a purchase, decides on it, and commissions a device by it', async () => {
  const id = idIn(await act('purchase', 'add', 'Pump for bed 11', '--vendor', 'Acme', '--model', 'Pump 9'));
  await act('purchase', 'change', id, '--patch-days', '30', '--key-storage', 'hardware');
  await act('purchase', 'decide', id, 'conditional', '--condition', 'Patched within 30 days|2030-01-01');
  const shown = JSON.parse(await run('purchase', 'show', id, '--json')) as {
    details: object;
    conditions: { id: string }[];
  };
  expect(shown.details).toMatchObject({
    vendor: 'Acme',
    commitments: { patchDays: 30, keyStorage: 'hardware' },
  });
  await act('purchase', 'condition', id, shown.conditions[0]!.id, '--met');
  const asset = await device();
  await act('lifecycle', 'move', asset, 'commissioned', '--purchase', id);
  await act('lifecycle', 'identify', asset, '(01)51022222233336(21)1234');
  await act('lifecycle', 'backup', asset, '--made', '2026-11-02', '--place', 'safe');
  await act('lifecycle', 'backup-lost', asset, '1');
  const gone = [
    '--method',
    'purge',
    '--media',
    'flash',
    '--verification',
    'none',
    '--destination',
    'recycling',
  ];
  await act('lifecycle', 'move', asset, 'decommissioned', ...gone);
  const { state, backups, history } = JSON.parse(
    await run('lifecycle', 'show', asset, '--json'),
  ) as Lifecycle;
  expect({ state, backups, media: history[0]?.sanitisation?.media }).toEqual({
    state: 'decommissioned',
    backups: [],
    media: 'flash',
  });
}, 300_000);

it('keeps the security file of a product, plans a fix and vouches for a line', async () => {
  const made = await act(
    'product',
    'add',
    'Acme',
    'Pump 9',
    '--class',
    'infusion-pump',
    '--cycle-days',
    '90',
  );
  const id = idIn(made);
  await act('product', 'change', id, '--critical-days', '30');
  const owner = `person:${((await asked('people', { name: 'Ana Ng', reason: 'a test' })) as { id: string }).id}`;
  await act('product', 'plan', id, 'report 1', '--release', '9.1', '--day', '2030-01-01', '--owner', owner);
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const said = [
    '--statement',
    'Approved by the board',
    '--document',
    file('plan.pdf', 'a plan'),
    '--owner',
    owner,
  ];
  await act('product', 'vouch', id, 'PM-plan', ...said, '--until', until);
  const shown = JSON.parse(await run('product', 'show', id, '--json')) as ProductFile;
  expect(shown.details).toMatchObject({ cycleDays: 90, criticalDays: 30 });
  expect(shown.weaknesses).toMatchObject([{ id: 'report 1', plan: { version: '9.1' } }]);
  const line = shown.checklist.find(({ control }) => control === 'PM-plan')!;
  expect(line).toMatchObject({ status: 'met', basis: 'attested', word: { document: 'plan.pdf' } });
  await act('product', 'take-back', id, line.word!.id);
  expect(await run('product', 'show', id)).toMatch(/unknown +PM-plan/);
  expect(await run('product', 'list')).toContain('Acme Pump 9');
}, 300_000);

it('has what was true on a day come out the same on another machine, with nothing but two files', async () => {
  await act('compliance', 'record');
  await run('compliance', 'export', '1', 'day.json');
  const key = file('log.key', await run('ledger', 'key'));
  const recorded = JSON.parse(readFileSync(join(folder, 'day.json'), 'utf8')) as ComplianceExport;
  // Another machine: a folder of its own without the server's, a process of its own, and no address of a server.
  const elsewhere = mkdtempSync(join(tmpdir(), 'wardline-elsewhere-'));
  for (const name of ['day.json', key]) copyFileSync(join(folder, name), join(elsewhere, name));
  const verify = () =>
    wardline(['compliance', 'verify', 'day.json', '--key', key, '--json'], { cwd: elsewhere });
  const { code, stdout } = await verify();
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    expect.objectContaining({ verified: true, record: 1, controls: Object.keys(recorded.statuses).length }),
  ]);
  const [ref] = Object.entries(recorded.statuses).find(([, status]) => status === 'not-met')!;
  recorded.statuses[ref] = 'met';
  writeFileSync(join(elsewhere, 'day.json'), JSON.stringify(recorded));
  const forged = await verify();
  expect([forged.code, forged.stdout]).toEqual([1, expect.stringContaining(ref)]);
  rmSync(elsewhere, { recursive: true });
}, 300_000);

/** What no verb of these does. */
async function asked(path: string, body?: object): Promise<unknown> {
  const token = readFileSync(join(folder, 'data/cli-token'), 'utf8').trim();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return await (await fetch(`${server.url}/api/v1/${path}`, { headers, ...init })).json();
}

/** A device that a sensor saw. */
async function device(): Promise<string> {
  const at = Date.UTC(2026, 10, 2, 8) * 1000;
  const batch: SensorBatch = {
    sensor: 'test',
    stream: 'made-up',
    number: 1,
    last: false,
    conversations: [],
    sightings: [
      {
        kind: 'address.seen',
        subject: { mac: '00:1b:d3:00:00:01', ip: '10.0.0.1', vlan: 10 },
        service: null,
        peer: null,
        facts: { ttl: 64 },
        marks: [],
        firstSeen: at,
        lastSeen: at,
        count: 1,
        evidence: { capture: 'made-up.pcap', packet: 1 },
      },
    ],
    statistics: { packets: 1, bytes: 60, dropped: {}, evicted: {} },
  };
  await asked('intake/batches', batch);
  for (;;) {
    const { items } = (await asked('assets')) as { items: AssetRow[] };
    if (items[0] !== undefined) return items[0].id;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
