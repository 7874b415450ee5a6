import {
  type ExchangedDevice,
  type FhirRelease,
  fhirDeviceOf,
  readFhirDevices,
  readUdi,
} from '@wardline/formats';
import type { FhirImported, Udi } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { loadDevice } from './facts.ts';
import { takeIdentifiers } from './lifecycle.ts';

/** A device as other systems read it; null is left out. */
export async function exportDevice(
  context: Context,
  id: string,
  release: FhirRelease,
): Promise<Record<string, unknown>> {
  const { name, vendor, model, serial, software, state, udi } = await loadDevice(context, id);
  const known = (text: string) => (text === '' ? null : text);
  const device: ExchangedDevice = {
    id,
    name,
    manufacturer: known(vendor),
    model: known(model),
    serial: udi?.serial ?? known(serial),
    lot: udi?.lot ?? null,
    made: udi?.made ?? null,
    expires: udi?.expires ?? null,
    software: known(software),
    status: state === 'lost' || state === 'decommissioned' ? 'inactive' : 'active',
    isLost: state === 'lost',
    udi,
  };
  return fhirDeviceOf(device, release);
}

/** Devices of another system are held against assets by serial number; identifiers of those that are one asset are taken over. */
export async function importDevices(
  context: Context,
  actor: string,
  text: string,
  reason: string,
): Promise<FhirImported> {
  const { devices, faults } = readFhirDevices(text);
  const serials = devices.flatMap(({ serial }) => (serial === null ? [] : [serial.toLowerCase()]));
  const { rows } = await sql<{ id: string; serial: string }>`
    select id, lower(serial) as serial from asset where not gone and lower(serial) = any(${serials}::text[])`.execute(
    context.database,
  );
  const year = new Date(context.now() / 1000).getUTCFullYear();
  const matched: FhirImported['matched'] = [];
  const unmatched: string[] = [];
  const taken: { asset: string; udi: Udi }[] = [];
  for (const device of devices) {
    const of = rows.filter(({ serial }) => serial === device.serial?.toLowerCase());
    if (of.length !== 1) {
      unmatched.push(device.id);
      continue;
    }
    matched.push({ device: device.id, asset: of[0]!.id });
    const udi = udiOf(device, year);
    if (udi !== null) taken.push({ asset: of[0]!.id, udi });
  }
  await takeIdentifiers(context, actor, taken, reason);
  return { matched, unmatched, faults };
}

/** The carrier where it can be read, else the device identifier with what the resource says besides. */
function udiOf({ udi, lot, serial, made, expires }: ExchangedDevice, year: number): Udi | null {
  if (udi === null) return null;
  const reading = udi.carrier === null ? null : readUdi(udi.carrier, year);
  if (reading !== null && 'udi' in reading) return reading.udi;
  if (udi.agency === null) return null;
  const { agency, device, carrier } = udi;
  return {
    agency,
    device,
    carrier: carrier ?? '',
    lot,
    serial,
    made,
    expires,
    version: null,
    donation: null,
    others: [],
  };
}
