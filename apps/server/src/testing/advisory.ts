import type { AssetRow, MatchRow } from '@wardline/model';
import { type TestServer, until } from './running-server.ts';

/** A CSAF 2.0 advisory on one product of one maker, made up. */
export function csafAdvisory(range: string, version = 1): string {
  const at = `2026-01-0${version}T00:00:00.000Z`;
  const id = 'CSAFPID-0001';
  return JSON.stringify({
    document: {
      category: 'csaf_security_advisory',
      csaf_version: '2.0',
      title: 'Made-up weakness of the Testpump 8000',
      publisher: { category: 'vendor', name: 'Acme', namespace: 'https://acme.example' },
      notes: [{ category: 'summary', text: 'Made up for a test.' }],
      references: [{ category: 'self', summary: 'itself', url: 'https://acme.example/a.json' }],
      tracking: {
        id: 'ACME-2026-0001',
        status: 'final',
        version: String(version),
        initial_release_date: '2026-01-01T00:00:00.000Z',
        current_release_date: at,
        revision_history: Array.from({ length: version }, (_, index) => ({
          number: String(index + 1),
          date: `2026-01-0${index + 1}T00:00:00.000Z`,
          summary: 'issued',
        })),
      },
    },
    product_tree: {
      branches: [
        {
          category: 'vendor',
          name: 'Acme',
          branches: [
            {
              category: 'product_name',
              name: 'Testpump 8000',
              branches: [
                {
                  category: 'product_version_range',
                  name: range,
                  product: { name: `Acme Testpump 8000 ${range}`, product_id: id },
                },
              ],
            },
          ],
        },
      ],
    },
    vulnerabilities: [
      {
        cve: 'CVE-2026-0001',
        notes: [{ category: 'summary', text: 'Anyone on the network can change the rate.' }],
        product_status: { known_affected: [id] },
        remediations: [{ category: 'vendor_fix', details: 'Update.', product_ids: [id] }],
      },
    ],
  });
}

/** Says of an asset what it is, so that the advisory can name it. */
export async function becomeTestpump(server: TestServer, asset: AssetRow, software: string): Promise<void> {
  const values = { vendor: 'Acme', model: 'Testpump 8000', software };
  for (const [attribute, value] of Object.entries(values))
    await server.post(`assets/${asset.id}/approvals`, { attribute, value, reason: 'read from its label' });
}

export const matchOf = (server: TestServer, verdict: string): Promise<MatchRow> =>
  until(
    async () => (await server.get<{ items: MatchRow[] }>('matches?vulnerability=CVE-2026-0001')).items,
    (items) => items[0]?.verdict === verdict,
  ).then((items) => items[0]!);
