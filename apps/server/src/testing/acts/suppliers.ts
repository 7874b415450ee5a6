import type { Lifecycle, ProductFile, ProductList, Purchase, Supplier } from '@wardline/model';
import { mds2File, productDetails, purchaseDetails, supplierDetails } from '../suppliers.ts';
import { ownerOf } from './compliance.ts';
import { type Calls, reason, type Stage } from './stage.ts';

const supplier = async ({ server }: Stage) => (await server.get<{ items: Supplier[] }>('suppliers')).items[0];
const purchase = async ({ server }: Stage) => (await server.get<{ items: Purchase[] }>('purchases')).items[0];

const product = async ({ server }: Stage) => (await server.get<ProductList>('products')).items[0]!;
const until = () => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

/** The record of how data were removed comes with the last move; a device is commissioned before. */
async function move({ server, assets }: Stage): Promise<Response> {
  return server.post(`assets/${assets[1]?.id}/lifecycle`, { to: 'commissioned', reason });
}

const newestBackup = async (server: Stage['server'], asset: string) =>
  (await server.get<Lifecycle>(`assets/${asset}/lifecycle`)).backups[0]?.id;

export const supplierCalls: Calls = {
  'supplier.add': ({ server, kept }) => {
    const number = Number(kept.get('supplier') ?? '0') + 1;
    kept.set('supplier', String(number));
    return server.post('suppliers', { ...supplierDetails(`Acme ${number}`), reason });
  },
  'supplier.change': async (stage) => {
    const known = await supplier(stage);
    const body = { ...known!.details, notes: 'called', revision: known!.revision, reason };
    return stage.server.send('PUT', `suppliers/${known!.id}`, body);
  },
  'supplier.disclosure': async (stage) =>
    stage.server.post(`suppliers/${(await supplier(stage))!.id}/security-txt`, {
      text: 'Contact: mailto:psirt@acme.example\nExpires: 2030-01-01T00:00:00Z\n',
      reason,
    }),
  'disclosure.add': ({ server }) =>
    server.post('disclosures', {
      received: '2026-01-01',
      details: { title: 'A weakness', vendor: '', model: '', description: 'Told by telephone.' },
      reporter: null,
      reason,
    }),
  'disclosure.step': async ({ server }) => {
    const { items } = await server.get<{ items: { number: number }[] }>('disclosures');
    return server.post(`disclosures/${items[0]?.number}/steps/acknowledge`, { day: '2026-01-02', reason });
  },
  'mds2.add': ({ server }) => server.post('mds2', { ...mds2File, reason }),
  'purchase.add': ({ server }) => server.post('purchases', { ...purchaseDetails, reason }),
  'purchase.change': async (stage) => {
    const known = await purchase(stage);
    return stage.server.send('PUT', `purchases/${known!.id}`, {
      ...known!.details,
      revision: known!.revision,
      reason,
    });
  },
  'purchase.decide': async (stage) =>
    stage.server.post(`purchases/${(await purchase(stage))!.id}/decision`, {
      decision: 'conditional',
      conditions: [{ text: 'keys in hardware', due: null }],
      reason,
    }),
  'purchase.condition': async (stage) => {
    const known = await purchase(stage);
    return stage.server.post(`purchases/${known!.id}/conditions/${known!.conditions[0]?.id}`, {
      met: true,
      reason,
    });
  },
  'product.add': ({ server, kept }) => {
    const number = Number(kept.get('product') ?? '0') + 1;
    kept.set('product', String(number));
    return server.post('products', { ...productDetails, model: `Pump ${number}`, reason });
  },
  'product.change': async (stage) => {
    const known = await product(stage);
    const body = { ...known.details, cycleDays: 60, revision: known.revision, reason };
    return stage.server.send('PUT', `products/${known.id}`, body);
  },
  'product.vouch': async (stage) =>
    stage.server.post(`products/${(await product(stage)).id}/words`, {
      control: 'PM-plan',
      statement: 'The plan was approved by the board of safety',
      owner: await ownerOf(stage),
      document: 'Plan 12',
      sha256: 'ab'.repeat(32),
      until: until(),
      reason,
    }),
  'product.take-back': async (stage) => {
    const { id } = await product(stage);
    const { checklist } = await stage.server.get<ProductFile>(`products/${id}`);
    const word = checklist.flatMap((one) => one.word ?? [])[0]?.id;
    return stage.server.post(`products/${id}/words/${word}/withdrawal`, { reason });
  },
  'product.plan': async (stage) =>
    stage.server.post(`products/${(await product(stage)).id}/plans`, {
      weakness: 'CVE-2026-1',
      version: '9.1',
      day: until(),
      owner: await ownerOf(stage),
      reason,
    }),
  'lifecycle.move': move,
  'lifecycle.identify': ({ server, assets }) =>
    server.post(`assets/${assets[1]?.id}/udi`, { code: '(01)51022222233336(21)1234', reason }),
  'recall.import': ({ server, kept }) => {
    const number = Number(kept.get('recall') ?? '0') + 1;
    kept.set('recall', String(number));
    const notice = `id,manufacturer,product,serials\nFSN-${number},Acme,Testpump 8000,\n`;
    return server.post('recalls', { name: 'notices.csv', text: notice, reason });
  },
  'recall.decide': async ({ server, client, assets }) => {
    await client.query(`insert into recall (id, number, firm, notice, added_at, added_by, search)
      values ('N-1', 'Z-1', 'Acme', '{"product": "pump"}', 1, 'test', '') on conflict do nothing`);
    await client.query(
      `insert into recall_match (recall_id, asset_id, certainty, reasons) values ('N-1', $1, 'likely', '[]') on conflict do nothing`,
      [assets[1]!.id],
    );
    return server.post(`assets/${assets[1]?.id}/recalls/N-1`, { state: 'ours', reason });
  },
  'lifecycle.backup': ({ server, assets }) =>
    server.post(`assets/${assets[1]?.id}/backups`, { made: '2026-01-01', place: 'safe', reason }),
  'lifecycle.backup-tried': async ({ server, assets }) =>
    server.post(`assets/${assets[1]?.id}/backups/${await newestBackup(server, assets[1]!.id)}/tried`, {
      day: '2026-01-02',
      how: 'on a spare pump',
      reason,
    }),
  'lifecycle.backup-lost': async ({ server, assets }) =>
    server.post(`assets/${assets[1]?.id}/backups/${await newestBackup(server, assets[1]!.id)}/lost`, {
      reason,
    }),
  'lifecycle.import': ({ server }) =>
    server.post('lifecycle/fhir', { text: '{"resourceType":"Device"}', reason }),
};
