import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkpointText,
  createSigner,
  entryText,
  formatNote,
  leafHash,
  signNote,
  verifierText,
} from '@wardline/ledger';
import { type ReportExport, reportExportForm } from '@wardline/model';
import { digestOfDocument } from '@wardline/reports';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wardline } from '../../testing/run.ts';

const signer = createSigner('hospital', new Uint8Array(32).fill(7));
const other = createSigner('hospital', new Uint8Array(32).fill(8));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-report-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** A ledger of one act, that the report was made. */
function made(action = 'report.make'): ReportExport {
  const document: ReportExport['document'] = {
    kind: 'incident',
    title: 'Incident 4',
    subject: 'A pump',
    at: 1_700_000_000_000_000,
    sections: [
      { title: 'Summary', newPage: false, blocks: [{ kind: 'text', tone: 'lead', text: 'It is over.' }] },
    ],
  };
  const digest = digestOfDocument(document);
  const act = { sequence: 1, at: document.at, actor: 'server', action, subject: 'report:incident' };
  const entry = entryText({ ...act, changes: { digest }, commitments: {} });
  const text = checkpointText({ origin: 'hospital', size: 1, root: leafHash(Buffer.from(entry)) });
  const checkpoint = formatNote({ text, signatures: [signNote(text, signer)] });
  return {
    form: reportExportForm,
    hospital: 'A hospital',
    number: 3,
    document,
    digest,
    ledger: { entry, sequence: 1, path: [], checkpoint },
  };
}

async function paged(report: object, by = signer) {
  const [file, out] = [join(folder, 'report.json'), join(folder, 'page.html')];
  await writeFile(file, JSON.stringify(report));
  const { code, stderr } = await wardline(['report', 'page', file, '--out', out, '--key', verifierText(by)]);
  return { code, stderr, page: await readFile(out, 'utf8') };
}

it('makes the page of a report from its file, and says that its ledger holds it', async () => {
  const { code, page } = await paged(made());
  expect(code).toBe(0);
  expect(page).toContain('It is over.');
  expect(page).toContain('the ledger was found to hold this very report');
});

it.each<[string, (report: ReportExport) => object, RegExp]>([
  [
    'a word',
    (report) => ({ ...report, document: { ...report.document, title: 'Another' } }),
    /not the one that the digest/,
  ],
  ['the digest', (report) => ({ ...report, digest: 'ab'.repeat(32) }), /digest of another report/],
  ['the act', () => made('compliance.record'), /The act is no report/],
])('does not believe a report of which %s was changed', async (_, change, why) => {
  const { code, page } = await paged(change(made()));
  expect(code).toBe(1);
  expect(page).toMatch(/NOT VERIFIED/);
  expect(page).toMatch(why);
});

it('does not believe another key, and reads nothing that is no report', async () => {
  expect((await paged(made(), other)).page).toContain('not signed by this key');
  const file = join(folder, 'other.json');
  await writeFile(file, '{"form":"else"}');
  const told = await wardline(['report', 'page', file, '--out', join(folder, 'x.html')]);
  expect([told.code, told.stderr]).toEqual([3, expect.stringContaining('is no export of a report')]);
  expect((await wardline(['report', 'page', file, '--out', 'x.doc'])).stderr).toContain('.html or .pdf');
});
