import type { SafeWindow, usageWindowBody } from '@wardline/model';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { addWindow } from '../risk/index.ts';
import { assetUsage } from './asset-usage.ts';
import { usageClass } from './classes.ts';
import { WEEKS } from './limits.ts';

type Body = z.infer<typeof usageWindowBody>;

/** What is proposed, and what it rests on, as the record keeps it. */
interface Proposals {
  timeZone: string;
  windows: readonly SafeWindow[];
  rests: Record<string, unknown>;
}

/**
 * A person makes a proposed window, or a part of it, a maintenance window. What it rests on is worked out anew and goes on record with
 * it.
 */
export async function adoptWindow(context: Context, actor: string, body: Body): Promise<string> {
  const { timeZone, windows, rests } = await proposalsFor(context, body);
  const found = windows.find((window) => holds(window, body));
  if (found === undefined)
    throw new Refusal(
      'conflict',
      'This span is not proposed: the use of the device has changed, or too little of it was seen. It can be added by hand as a maintenance window.',
    );
  const { atMostInUse, observedHours, times, timesInUse } = found;
  return await addWindow(
    context,
    actor,
    { ...body, timeZone },
    { action: 'usage.adopt', changes: { atMostInUse, observedHours, times, timesInUse, ...rests } },
  );
}

function holds({ day, fromHour, hours }: SafeWindow, body: Body): boolean {
  return day === body.day && fromHour <= body.fromHour && body.fromHour + body.hours <= fromHour + hours;
}

async function proposalsFor(context: Context, { on, onId }: Body): Promise<Proposals> {
  if (on === 'asset') {
    const { timeZone, windows, until } = await assetUsage(context, onId, WEEKS);
    return { timeZone, windows, rests: { until } };
  }
  const found = await usageClass(context, onId);
  if (found === null) throw new Refusal('not-found', `There is no device of the class ${onId}`);
  const { devices, knownDevices, timeZone, windows } = found;
  if (timeZone === null)
    throw new Refusal(
      'conflict',
      'The devices of this class stand in several time zones, or none was watched',
    );
  return { timeZone, windows, rests: { devices, knownDevices } };
}
