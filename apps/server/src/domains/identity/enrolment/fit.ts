import type { AssuranceLevel } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { isDecommissioned } from './in-use.ts';
import type { HeldCertificate, Proof } from './proof.ts';

/** Whom a certificate would name, and why a person has to look at it first. */
export interface Fit {
  asset: string | null;
  zone: string | null;
  profile: HeldCertificate['profile'];
  hosts: string[];
  /** One sentence each; none where it fits the inventory. */
  misfits: string[];
}

/** Holds a proof, and what is known of where the key lies, against the inventory, the order and the policy in force. */
export async function fitOf(context: Context, proof: Proof, assurance: AssuranceLevel): Promise<Fit> {
  const fit = await ofProof(context, proof);
  const loose = await looseKey(context, proof, assurance);
  const isGone = fit.asset !== null && (await isDecommissioned(context.database, fit.asset));
  const more = [...(loose === null ? [] : [loose]), ...(isGone ? [`${fit.asset} was decommissioned.`] : [])];
  return { ...fit, misfits: [...fit.misfits, ...more] };
}

const strength: Readonly<Record<AssuranceLevel, number>> = {
  software: 0,
  'hardware-claimed': 1,
  'hardware-proved': 2,
};

/** Why a key of this assurance will not do; null where it does. */
async function looseKey(
  { database }: Context,
  proof: Proof,
  assurance: AssuranceLevel,
): Promise<string | null> {
  if (proof.way === 'code') return looseForOrder(proof.code, assurance);
  if (proof.way !== 'renewal') return null;
  const { rows } = await sql<{
    assurance: AssuranceLevel;
  }>`select assurance from certificate where id = ${proof.held.id}`.execute(database);
  const before = rows[0]?.assurance ?? 'software';
  if (strength[assurance] >= strength[before]) return null;
  return before === 'hardware-proved'
    ? 'The key before was proved to lie in hardware, and this one is not.'
    : 'For the key before a secure element or TEE vouched, and for this one none does.';
}

function looseForOrder(
  { tpm, element }: Extract<Proof, { way: 'code' }>['code'],
  assurance: AssuranceLevel,
): string | null {
  if (tpm !== null && assurance !== 'hardware-proved')
    return `The order names the TPM ${tpm}, and it is not proved that the key lies in it.`;
  return element !== null && assurance === 'software'
    ? `The order names the secure element ${element.ueid}, and no token of it vouches for the key.`
    : null;
}

async function ofProof(context: Context, proof: Proof): Promise<Fit> {
  if (proof.way === 'code') return ofCode(context, proof.code);
  if (proof.way === 'manufacturer') return ofMaker(context, proof);
  return ofRenewal(context, proof.held);
}

async function ofCode(
  context: Context,
  { asset, zone, profile, hosts }: Extract<Proof, { way: 'code' }>['code'],
): Promise<Fit> {
  const isThere = await isKnown(context, asset);
  const found = zone ?? (isThere ? await zoneOf(context, asset) : null);
  const misfits = [
    ...(isThere ? [] : [`The inventory no longer has ${asset}.`]),
    ...(found === null ? [noZone(asset)] : []),
  ];
  return { asset, zone: found, profile, hosts, misfits };
}

async function ofMaker(
  context: Context,
  { vendor, serialNumber }: Extract<Proof, { way: 'manufacturer' }>,
): Promise<Fit> {
  const base = { profile: 'device' as const, hosts: [] };
  const nobody = (why: string): Fit => ({ ...base, asset: null, zone: null, misfits: [why] });
  if (serialNumber === null) return nobody(`The certificate of ${vendor} names no serial number.`);
  const { rows } = await sql<{ id: string; vendor: string }>`select id, vendor from asset
    where not gone and lower(trim(serial)) = ${serialNumber.trim().toLowerCase()}`.execute(context.database);
  const mine = rows.filter((row) => isSameVendor(row.vendor, vendor));
  if (mine.length !== 1) return nobody(countOf(mine.length, rows.length, { vendor, serialNumber }));
  const asset = mine[0]!.id;
  const zone = await zoneOf(context, asset);
  const held = await heldBy(context, asset);
  const misfits = [
    ...(zone === null ? [noZone(asset)] : []),
    ...(held === null
      ? []
      : [
          `${asset} holds the certificate ${held} under another key: the device was reset, or two use its name.`,
        ]),
  ];
  return { ...base, asset, zone, misfits };
}

function countOf(
  mine: number,
  all: number,
  { vendor, serialNumber }: { vendor: string; serialNumber: string },
): string {
  if (mine > 1)
    return `${mine} devices in the inventory have the serial number ${serialNumber} of ${vendor}.`;
  return all === 0
    ? `No device in the inventory has the serial number ${serialNumber}.`
    : `The inventory has the serial number ${serialNumber} of another maker than ${vendor}.`;
}

async function ofRenewal(context: Context, { asset, zone, profile, holder }: HeldCertificate): Promise<Fit> {
  const base = { asset, profile, hosts: [] };
  if (asset === null) return { ...base, zone, misfits: [] };
  if (!(await isKnown(context, asset)))
    return { ...base, zone, misfits: [`The inventory no longer has ${asset}.`] };
  const now = await zoneOf(context, asset);
  const isMoved = now !== null && now !== zone;
  return {
    ...base,
    zone: now ?? zone,
    misfits: isMoved ? [`${holder} was certified in ${zone} and now lies in ${now}.`] : [],
  };
}

const noZone = (asset: string): string =>
  `${asset} lies in no zone, or in several, of those that have an authority.`;

async function isKnown({ database }: Context, asset: string): Promise<boolean> {
  const { rows } = await sql`select 1 from asset where id = ${asset} and not gone`.execute(database);
  return rows.length > 0;
}

async function heldBy({ database, now }: Context, asset: string): Promise<string | null> {
  const { rows } = await sql<{ serial: string }>`select serial from certificate
    where asset = ${asset} and revoked is null and not_after > ${now()} limit 1`.execute(database);
  return rows[0]?.serial ?? null;
}

/** The one zone of the policy in force that holds the asset and has an authority. */
async function zoneOf(context: Context, asset: string): Promise<string | null> {
  const zones = (await context.authorities.all())
    .filter(({ state }) => state === 'issuing')
    .map(({ zone }) => zone);
  const rules = await context.zonesInForce.rulesOf(zones);
  const found: string[] = [];
  for (const [zone, isIn] of rules) {
    const { rows } = await sql`select 1 from asset a where a.id = ${asset} and ${isIn('a')}`.execute(
      context.database,
    );
    if (rows.length > 0) found.push(zone);
  }
  return found.length === 1 ? found[0]! : null;
}

/** Makers write themselves longer in certificates than on devices: "B. Braun" and "B. Braun Melsungen AG". */
function isSameVendor(a: string, b: string): boolean {
  const [one, other] = [a, b].map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')) as [
    string,
    string,
  ];
  if (one === other) return one !== '';
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= 4 && long.startsWith(short);
}
