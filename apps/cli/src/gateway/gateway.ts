import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeDurably } from '../enforcement/durable-file.ts';
import type { Look, Revocations } from '../revocation/revocations.ts';
import { configurationText, frontendOf, type GatewayMap, mapsOf, mapText, PASS } from './configuration.ts';
import type { GatewayPlan } from './plan.ts';
import {
  addKey,
  endSession,
  GatewayError,
  type LiveSession,
  liveKeys,
  loadLists,
  peers,
  removeKey,
  sessions,
} from './runtime.ts';

/** A gateway: its plan, and the folder with its configuration and the maps as they are to be after the next start. */
export class Gateway {
  readonly #plan: GatewayPlan;
  readonly #folder: string;
  readonly maps: readonly GatewayMap[];

  constructor(plan: GatewayPlan, folder: string) {
    this.#plan = plan;
    this.#folder = folder;
    this.maps = mapsOf(plan, folder);
  }

  /**
   * Looks at the lists once, gives new ones to the running gateway, and ends the sessions of certificates that are on them. One that was followed by the
   * next of the same device is let go on: its sessions are the device's own. `isNew`: the gateway has not been told yet.
   */
  async followLists(revocations: Revocations, isNew: boolean): Promise<Look & { ended: number }> {
    const look = await revocations.look();
    if (!look.changed && !isNew) return { ...look, ended: 0 };
    await loadLists(this.#plan.socket, revocations.file, revocations.text);
    const gone = (await peers(this.#plan.socket)).filter(({ serial }) => {
      const why = revocations.whyRevoked(serial);
      return why !== null && why !== 'superseded';
    });
    const isGone = ({ address, port }: LiveSession) =>
      gone.some((place) => place.address === address && place.port === port);
    return { ...look, ended: await this.#end(isGone) };
  }

  /** Writes configuration and maps. A map that is there stays as it is: it has been changed since, by a person. */
  write(): string[] {
    mkdirSync(join(this.#folder, 'maps'), { recursive: true, mode: 0o755 });
    const path = join(this.#folder, 'haproxy.cfg');
    writeDurably(path, configurationText(this.#plan, this.#folder), 0o644);
    const fresh = this.maps.filter((map) => !existsSync(map.path));
    for (const map of fresh) this.#keep(map, map.keys);
    return [path, ...fresh.map((map) => map.path)];
  }

  #keep({ path }: GatewayMap, keys: Iterable<string>): void {
    mkdirSync(dirname(path), { recursive: true });
    writeDurably(path, mapText(keys), 0o644);
  }

  keptKeys({ path }: GatewayMap): string[] {
    return readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line) => (line.endsWith(` ${PASS}`) ? [line.slice(0, -PASS.length - 1)] : []));
  }

  /** The map of a device that a certificate's name (inwards) or the device itself (outwards) stands in. */
  #mapOf(direction: 'in' | 'out', device: string): GatewayMap {
    const found = this.maps.find((map) => map.direction === direction && map.device === device);
    if (found === undefined)
      throw new GatewayError(`the gateway has no device ${device} with a way ${direction}wards`);
    return found;
  }

  /** Lets a certificate's name through to a device: written down first, so that no restart forgets it. */
  async allow(name: string, device: string): Promise<void> {
    const map = this.#mapOf('in', device);
    this.#keep(map, new Set([...this.keptKeys(map), name]));
    await addKey(this.#plan.socket, map.path, name);
  }

  /** Takes a name out of every device's map and ends its sessions; returns how many ended. */
  async revokePeer(name: string): Promise<number> {
    await this.#withdraw(
      this.maps.filter(({ direction }) => direction === 'in'),
      name,
    );
    const places = (await peers(this.#plan.socket)).filter((peer) => peer.name === name);
    const isTheirs = ({ address, port }: LiveSession) =>
      places.some((place) => place.address === address && place.port === port);
    return this.#end(isTheirs);
  }

  /** Takes a device's way out and ends its sessions; its own certificate is not used for it any more. */
  async revokeDevice(device: string): Promise<number> {
    const map = this.#mapOf('out', device);
    for (const key of map.keys) await this.#withdraw([map], key);
    return this.#end(({ frontend }) => frontend === frontendOf(map));
  }

  /** Gives a device its way out again. */
  async restoreDevice(device: string): Promise<void> {
    const map = this.#mapOf('out', device);
    this.#keep(map, map.keys);
    for (const key of map.keys) await addKey(this.#plan.socket, map.path, key);
  }

  async #withdraw(maps: readonly GatewayMap[], key: string): Promise<void> {
    for (const map of maps) {
      const kept = this.keptKeys(map);
      if (kept.includes(key))
        this.#keep(
          map,
          kept.filter((other) => other !== key),
        );
      await removeKey(this.#plan.socket, map.path, key);
    }
  }

  async #end(isTheirs: (session: LiveSession) => boolean): Promise<number> {
    const theirs = (await sessions(this.#plan.socket)).filter(isTheirs);
    for (const session of theirs) await endSession(this.#plan.socket, session);
    return theirs.length;
  }

  /** Each map as it is kept and as it runs, with the sessions through it. */
  async status(): Promise<MapStatus[]> {
    const live = await sessions(this.#plan.socket);
    return Promise.all(
      this.maps.map(async (map) => {
        const kept = this.keptKeys(map).toSorted();
        const running = (await liveKeys(this.#plan.socket, map.path)).toSorted();
        const { direction, device } = map;
        const count = live.filter(({ frontend }) => frontend === frontendOf(map)).length;
        return {
          direction,
          device,
          kept,
          running,
          sessions: count,
          same: kept.join(' ') === running.join(' '),
        };
      }),
    );
  }
}

export interface MapStatus {
  direction: 'in' | 'out';
  device: string;
  kept: string[];
  running: string[];
  sessions: number;
  same: boolean;
}
