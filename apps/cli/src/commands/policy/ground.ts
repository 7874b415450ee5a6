import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PointGround, pointGroundResponse } from '@wardline/model';
import { type ListingKind, parsePolicy } from '@wardline/policy';
import { z } from 'zod';
import { askFor, type ServerAccess } from '../../api/client.ts';
import type { Change } from '../../enforcement/apply.ts';
import { writeDurably } from '../../enforcement/durable-file.ts';
import type { Point } from '../../enforcement/point.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { changeFrom } from './change.ts';

/** The version in force and the devices as they count under it. */
export const groundFor = (access: ServerAccess, name: string): Promise<PointGround> =>
  askFor(access, `api/v1/enforcement/ground/${encodeURIComponent(name)}`, pointGroundResponse);

export function changeOfGround(kind: ListingKind, { text, form, assets }: PointGround): Change {
  const { policy } = parsePolicy(text);
  if (policy === null) throw new CommandError('the policy cannot be read by this version', exitCodes.failed);
  return changeFrom(kind, { policy, text }, { assets, text: `${JSON.stringify({ form, assets })}\n` });
}

const fileOf = (point: Point): string => join(point.folder, 'devices.json');
const keptSchema = z.object({ revision: z.string().nullable() });

/** Which state of the devices this point took last. */
export function revisionOf(point: Point): string | null {
  if (!existsSync(fileOf(point))) return null;
  return keptSchema.catch({ revision: null }).parse(JSON.parse(readFileSync(fileOf(point), 'utf8'))).revision;
}

export function keepRevision(point: Point, revision: string | null): void {
  writeDurably(fileOf(point), `${JSON.stringify({ revision })}\n`);
}
