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

export interface Supplies {
  form: string;
  purchase: string;
  beside: string;
  recall: string;
  product: string;
}

/** A supplier whose agreement ran out, a maker's form, and two products that could be bought. */
export async function addSupplies(stage: Stage): Promise<Supplies> {
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
  await send(stage, '/disclosures', {
    received: '2026-01-07',
    details: {
      title: 'Anybody on the ward’s network can change the rate',
      vendor: 'Acme Medical',
      model: 'Pump 9',
      description: 'Port 9100 takes orders without a login. Seen while repairing the pump of bed 4.',
    },
    reporter: { name: 'A technician', contact: 'extension 4711', mayBeNamed: false },
    reason,
  });
  await send(stage, '/disclosures/1/steps/acknowledge', { day: '2026-01-08', note: 'By telephone', reason });
  const recall = await addRecall(stage);
  const product = await addProduct(stage);
  return { product, form: added.id, purchase: left.id, beside: `${left.id},${right.id}`, recall };
}

/** The file of a product of which a weakness was told, and whose maker gives itself no days. */
async function addProduct(stage: Stage): Promise<string> {
  const { id } = await send<{ id: string }>(stage, '/products', {
    vendor: 'Acme Medical',
    model: 'Pump 9',
    deviceClass: 'infusion-pump',
    purpose: 'Infusion at the bedside, by nurses',
    cycleDays: 90,
    criticalDays: null,
    rationale: 'Hospitals take updates of pumps once a quarter.',
    endOfSupport: '2034-12-31',
    reason,
  });
  return id;
}

/** A notice that may be about a device, which nobody has looked at. */
async function addRecall(stage: Stage): Promise<string> {
  const { items: assets } = await stage.ask<{ items: AssetRow[] }>('/assets?limit=200');
  const { vendor: firm, model: product } = assets.find(
    ({ vendor, model }) => vendor !== null && model !== null,
  )!;
  const records = [
    {
      recall_number: 'Z-0417-2026',
      classification: 'Class I',
      status: 'Ongoing',
      recalling_firm: firm,
      product_description: `${firm} ${product}, all configurations`,
      code_info: 'Lots L1000 through L1999',
      reason_for_recall: 'The alarm may stay silent when the battery runs low.',
      recall_initiation_date: '20260107',
    },
    {
      product_res_number: 'Z-0420-2026',
      recall_status: 'Open, Classified',
      recalling_firm: 'Somebody Else, Inc.',
      product_description: 'Contrast injector CX 200',
      code_info: 'All lots',
      reason_for_recall: 'Air may be let through.',
      action: 'A letter was sent on 2026-02-01.',
      event_date_initiated: '2026-02-01',
    },
  ];
  const text = JSON.stringify({ results: records });
  await send(stage, '/recalls', { name: 'device-enforcement.json', text, reason });
  const { items } = await stage.ask<{ items: { id: string }[] }>('/recalls?sort=devices&order=desc');
  return items[0]!.id;
}
