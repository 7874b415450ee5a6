import { type PointOrder, parseMicros, pointMadeResponse } from '@wardline/model';
import { type ServerAccess, sendJson } from '../../api/client.ts';
import { apply, confirm } from '../../enforcement/apply.ts';
import { EngineError } from '../../enforcement/engine.ts';
import { goBack } from '../../enforcement/going-back.ts';
import { type Point, PointError } from '../../enforcement/point.ts';
import { CommandError } from '../../exit-codes.ts';
import { changeOfGround, groundFor, keepRevision } from './ground.ts';

/** An order is given within ten minutes, or the server gives it up; a point that slept over it does not carry it out. */
const STALE_MICROS = 600_000_000;

export interface Outcome {
  done: boolean;
  said: string;
}

/**
 * Carries out what a person ordered on the server, as if they stood here: the same trial, watchdog, reading back and proof. What
 * the point refuses is told there, and changes nothing.
 */
export async function obey(
  access: ServerAccess,
  name: string,
  point: Point,
  order: PointOrder,
): Promise<Outcome> {
  const outcome = await carriedOut(access, name, point, order);
  const path = `api/v1/enforcement/outcomes/${encodeURIComponent(name)}/${order.id}`;
  await sendJson(access, path, outcome, pointMadeResponse);
  return outcome;
}

async function carriedOut(
  access: ServerAccess,
  name: string,
  point: Point,
  order: PointOrder,
): Promise<Outcome> {
  try {
    return { done: true, said: await act(access, name, point, order) };
  } catch (error) {
    const isExpected =
      error instanceof PointError || error instanceof EngineError || error instanceof CommandError;
    if (!isExpected) throw error;
    return { done: false, said: error.message.slice(0, 2000) };
  }
}

async function act(access: ServerAccess, name: string, point: Point, order: PointOrder): Promise<string> {
  const why = `ordered on the server by ${order.orderedBy}`;
  if (order.act === 'confirm') {
    const kept = await confirm(point, why);
    return `${kept?.policy?.name ?? 'What runs'} stays.`;
  }
  if (order.act === 'go-back') return wentBack(point, why);
  if (Date.now() * 1000 - (parseMicros(order.ordered) ?? 0) > STALE_MICROS)
    throw new PointError('the order is older than ten minutes: nothing was changed');
  return applied(access, name, point, order);
}

async function wentBack(point: Point, why: string): Promise<string> {
  const { version } = await point.alone(() => {
    const { running, before } = point.state();
    if (running === null && before === null) throw new PointError('there is nothing to go back to');
    return goBack(point, why);
  });
  return version === null
    ? 'No policy runs any more.'
    : `${version.policy?.name ?? 'What ran before'} runs again.`;
}

async function applied(
  access: ServerAccess,
  name: string,
  point: Point,
  { version, trialSeconds }: PointOrder,
): Promise<string> {
  const ground = await groundFor(access, name);
  if (ground.version !== version)
    throw new PointError(`version ${ground.version} came into force meanwhile: nothing was changed`);
  const { trial, ended, warnings } = await apply(
    point,
    changeOfGround(point.engine.kind, ground),
    trialSeconds,
  );
  keepRevision(point, ground.revision);
  const sessions = ended === null ? 'sessions go on until they end' : `${ended} sessions ended`;
  const stays = trial === null ? 'it stays' : `on trial until ${trial.until}`;
  return [`Version ${version} runs and is proved; ${stays}; ${sessions}.`, ...warnings]
    .join(' ')
    .slice(0, 2000);
}
