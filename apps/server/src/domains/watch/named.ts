import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';

/** A device of the watch, by the name of the asset that has its address. */
export interface NamedDevice {
  device: string;
  asset: string | null;
  name: string;
}

/** Devices by the names of the assets that have their addresses; an address that several have is nobody's. */
export async function namedDevices(
  database: Executor,
  site: number,
  devices: readonly string[],
): Promise<NamedDevice[]> {
  if (devices.length === 0) return [];
  const { rows } = await sql<{ device: string; asset: string; name: string }>`
    select device, min(a.id) as asset, min(a.name) as name from unnest(${[...devices]}::text[]) device
    join asset a on a.site = ${site} and not a.gone and (device = any(a.ips) or device = any(a.macs))
    group by device having count(*) = 1`.execute(database);
  const known = new Map(rows.map((row) => [row.device, row]));
  return devices.map((device) => known.get(device) ?? { device, asset: null, name: device });
}
