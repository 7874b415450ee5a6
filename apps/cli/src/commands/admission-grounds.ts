import { setTimeout as sleep } from 'node:timers/promises';
import { Admitting, type Policy, type PolicyAsset, resolvePolicy } from '@wardline/policy';
import { AdmissionService, type Event, type Ground } from '../admission/admission.ts';
import { Answers } from '../admission/answers.ts';
import { listen } from '../admission/listen.ts';
import type { Plan } from '../admission/plan.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { LOOK_SECONDS } from '../revocation/limits.ts';
import { Revocations } from '../revocation/revocations.ts';
import { userPath } from '../working-directory.ts';

export const PORT = 7410;
export const FOLDER = '/var/lib/wardline/admission';

export function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new CommandError(`${text}: expected a port`);
}

/** What admission rests on: who is in which zone, and what the plan says of it. */
export function groundOf(
  planFile: string,
  plan: Plan,
  policy: Policy,
  { assets, macs }: { assets: readonly PolicyAsset[]; macs: ReadonlyMap<string, readonly string[]> },
): Ground {
  const { zones } = resolvePolicy(policy, assets, Date.now() * 1000);
  const missing = plan.zones.find(({ zone }) => !zones.some(({ name }) => name === zone));
  if (missing !== undefined)
    throw new CommandError(`${planFile}: the policy has no zone ${missing.zone}`, exitCodes.failed);
  const devices = assets.map((asset) => ({
    ...asset,
    macs: macs.get(asset.id) ?? [],
    heldApart: plan.heldApart.some((text) => text === asset.id || text === asset.name),
  }));
  return { plan, admitting: new Admitting(plan, zones, devices) };
}

type Follow = (service: AdmissionService, tell: (event: Event) => void, signal: AbortSignal) => Promise<void>;

/** Answers FreeRADIUS, and follows what it rests on, until a signal. */
export async function serveFrom(
  ground: Ground,
  flags: { listen: string; state: string },
  followGround: Follow,
): Promise<void> {
  const tell = (event: Event) =>
    void process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
  const revocations = listsOf(ground.plan);
  const service = new AdmissionService(ground, new Answers(userPath(flags.state)), tell, revocations);
  const server = await listen(service, portOf(flags.listen));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  process.stdout.write(`${JSON.stringify({ event: 'listening', port: portOf(flags.listen) })}\n`);
  if (revocations !== null) void followLists(revocations, service, { tell, signal: stop.signal });
  await followGround(service, tell, stop.signal);
  server.close();
  server.closeAllConnections();
}

const listsOf = ({ revocation }: Plan): Revocations | null =>
  revocation === null
    ? null
    : new Revocations({ lists: revocation.lists, file: revocation.file }, userPath(revocation.authorities));

/** Ends what revoked certificates have within seconds of their lists; tells what could not be had once, until it is another. */
async function followLists(
  revocations: Revocations,
  service: AdmissionService,
  { tell, signal }: { tell: (event: Event) => void; signal: AbortSignal },
): Promise<void> {
  let said = '';
  while (!signal.aborted) {
    const { changed, faults } = await revocations.look();
    if (changed || faults.join() !== said)
      tell({ event: 'lists', because: faults.join('; ') || 'new lists' });
    said = faults.join();
    if (changed) await service.endRevoked();
    await sleep(LOOK_SECONDS * 1000, undefined, { signal }).catch(() => undefined);
  }
}
