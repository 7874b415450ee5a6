import { Readable } from 'node:stream';
import {
  type AuditedAct,
  type AuditSource,
  auditEventOf,
  auditMessageOf,
  ocsfEventOf,
} from '@wardline/formats';
import type { Executor } from '../../store/database.ts';
import { type ActRange, auditedActs } from './acts.ts';

interface Form {
  type: string;
  file: string;
  line: (act: AuditedAct, source: AuditSource) => string;
}

/** An act to a line, in the words of others. */
export const foreignForms = {
  fhir: {
    type: 'application/fhir+ndjson',
    file: 'wardline-ledger-fhir.ndjson',
    line: (act, source) => JSON.stringify(auditEventOf(act, source)),
  },
  ocsf: {
    type: 'application/jsonl',
    file: 'wardline-ledger-ocsf.jsonl',
    line: (act, source) => JSON.stringify(ocsfEventOf(act, source)),
  },
  atna: { type: 'text/plain; charset=utf-8', file: 'wardline-ledger-atna.txt', line: auditMessageOf },
} as const satisfies Record<string, Form>;
export type ForeignForm = keyof typeof foreignForms;

export function foreignLines(
  database: Executor,
  form: ForeignForm,
  range: ActRange,
  source: AuditSource,
): Readable {
  return Readable.from(lines(database, form, range, source));
}

async function* lines(database: Executor, form: ForeignForm, range: ActRange, source: AuditSource) {
  const { line } = foreignForms[form];
  for await (const acts of auditedActs(database, range))
    yield acts.map((act) => `${line(act, source)}\n`).join('');
}
