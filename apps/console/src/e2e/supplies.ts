import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AssetRow } from '@wardline/model';
import { repository, type Stage } from './stage.ts';
import { send } from './weakness.ts';

const reason = 'a test of the console';
const form = readFileSync(join(repository, 'fixtures/mds2/form-2019.xlsx')).toString('base64');
const unknown = {
  patchDays: 45,
  updateYears: 8,
  endOfSupportNoticeDays: null,
  supportHours: null,
  keyStorage: 'unknown',
  signedUpdates: 'unknown',
  disclosureProgramme: 'yes',
};

/** A supplier whose agreement ran out, a maker's form, and two products that could be bought. */
export async function addSupplies(stage: Stage): Promise<{ form: string; purchase: string; beside: string }> {
  await send(stage, '/suppliers', {
    name: 'Acme Medical',
    handlesPatientData: 'yes',
    contacts: [
      { name: 'Service desk', role: 'service', email: 'service@acme.example', phone: '+1 555 0100' },
    ],
    channels: [{ name: 'Pump service', kind: 'vpn', from: '192.0.2.0/24', containedBy: '' }],
    agreements: [
      {
        kind: 'baa',
        title: 'Business Associate Agreement 2023',
        responsibilities: [
          'Acme tells of a breach within five days',
          'The hospital names who may let service in',
        ],
        signed: '2023-01-01',
        expires: '2025-12-31',
        document: '',
      },
    ],
    products: [{ model: 'Pump 9', endOfSupport: '2031-01-01', source: 'offer' }],
    notes: '',
    reason,
  });
  const added = await send<{ id: string }>(stage, '/mds2', { name: 'form-2019.xlsx', content: form, reason });
  const ask = (title: string, model: string, commitments: object) =>
    send<{ id: string }>(stage, '/purchases', {
      title,
      vendor: 'Acme Medical',
      model,
      software: '',
      department: 'ICU 3',
      purpose: 'infusion at the bedside',
      commitments,
      reason,
    });
  const left = await ask('Pumps for ICU 3', 'Pump 9', { ...unknown, keyStorage: 'hardware' });
  const right = await ask('Pumps for ICU 3, second offer', 'Drip 2', unknown);
  const conditions = [{ text: 'Patches within 30 days', due: '2027-01-01' }];
  await send(stage, `/purchases/${left.id}/decision`, { decision: 'conditional', conditions, reason });
  const { items } = await stage.ask<{ items: AssetRow[] }>('/assets?limit=1&criticality=life-critical');
  await send(stage, `/assets/${items[0]!.id}/lifecycle`, { to: 'commissioned', purchase: left.id, reason });
  return { form: added.id, purchase: left.id, beside: `${left.id},${right.id}` };
}
