import { assetLabelsQuery } from '@wardline/model';
import { type Label, labelSheet } from '@wardline/reports';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { whereAll } from '../../http/list.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { assetsWithin, type Scope } from '../access/index.ts';
import { sendPage } from './page.ts';

/** Labels for carts and devices, whose code leads to the device's page of this very console. */
export function labelRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/labels/page',
    config: { action: 'inventory.labels', scope: 'rows' },
    schema: {
      summary: 'Labels of devices with a QR code that leads to each one’s page, as a sheet to print',
      querystring: assetLabelsQuery,
    },
    handler: async ({ query, scope, protocol, headers }, reply) => {
      const ids = [...new Set(query.assets.split(','))];
      // The name under which the browser came; others are refused before.
      const labels = await labelsOf(context, ids, `${protocol}://${headers.host ?? ''}`, scope);
      if (labels.length === 0) throw new Refusal('not-found', 'There is no such device');
      return sendPage(reply, labelSheet(context.config.hospital, labels), null);
    },
  });
}

async function labelsOf(
  { database }: Context,
  ids: readonly string[],
  console: string,
  scope: readonly Scope[] | null,
): Promise<Label[]> {
  const { rows } = await sql<Omit<Label, 'address'> & { id: string }>`
    select a.id, a.name, coalesce(nullif(a.class_label, ''), 'Not identified yet') as kind, coalesce(a.serial, '') as serial,
      coalesce((select r.tag from reconciliation r where r.asset_id = a.id and r.tag is not null order by r.key limit 1), '') as tag
    from asset a ${whereAll([sql`not a.gone`, sql`a.id = any(${[...ids]}::text[])`, ...assetsWithin(scope)])} order by a.name, a.id`.execute(
    database,
  );
  return rows.map(({ id, ...row }) => ({ ...row, address: `${console}/assets/${encodeURIComponent(id)}` }));
}
