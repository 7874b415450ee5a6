import { type BluetoothDevice, type Facts, formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { whereAll } from '../../http/list.ts';
import { assetsWithin, type Scope } from '../access/index.ts';
import { BLUETOOTH_DEVICES } from './limits.ts';

interface Stored {
  site: number;
  address: string;
  facts: Facts['ble.advert'];
  asset: string;
  assetName: string;
  first: number;
  last: number;
}

/** Devices that advertise themselves by Bluetooth Low Energy under an address that stays; those of care first. */
export async function bluetoothDevices(
  { database }: Context,
  scope: readonly Scope[] | null,
): Promise<{ items: BluetoothDevice[]; more: boolean }> {
  const { rows } = await sql<Stored>`
    select e.site, e.mac as address, s.facts, a.id as asset, a.name as "assetName", s.first_seen as first, s.last_seen as last
    from sighting s join endpoint e on e.id = s.endpoint_id join asset a on a.id = e.asset_id
    ${whereAll([sql`s.kind = 'ble.advert'`, sql`e.mac is not null`, sql`not a.gone`, ...assetsWithin(scope)])}
    order by (s.facts ? 'name') desc, s.last_seen desc, s.id limit ${BLUETOOTH_DEVICES + 1}`.execute(
    database,
  );
  const items = rows.slice(0, BLUETOOTH_DEVICES).map(({ facts, first, last, ...row }) => ({
    ...row,
    addressKind: facts.address,
    services: (facts.services ?? []).filter((service) => !/^[0-9a-f]{4}$/.test(service)),
    otherServices: (facts.services ?? []).filter((service) => /^[0-9a-f]{4}$/.test(service)),
    appearance: facts.appearance ?? null,
    company: facts.company ?? null,
    name: facts.name ?? null,
    firstSeen: formatMicros(first),
    lastSeen: formatMicros(last),
  }));
  return { items, more: rows.length > BLUETOOTH_DEVICES };
}
