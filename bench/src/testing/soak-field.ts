import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Overview } from '@wardline/model';
import { DatabasePair } from '@wardline/server/testing/database-pair';
import { BatchForger, freePort, NatsAuthority, NatsServer } from '@wardline/server/testing/nats';
import { ServerProcess } from '@wardline/server/testing/server-process';
import { batchOfKnown } from './scale-batch.ts';

const [BROKERS, SERVERS] = [3, 2];
const ROWS = 20;
/** Packets of one batch. */
const PACKETS = ROWS * 17;
const RETRY_MS = 200;
const DAY_MS = 86_400_000;

/** A sensor that hands over one batch after the other, each until the brokers have it. */
interface Source {
  name: string;
  acknowledged: number;
}

/** Three brokers, two servers, a pair of databases and so many sensors, all real, on this machine. */
export class SoakField {
  readonly #folder = mkdtempSync(join(tmpdir(), 'wardline-soak-'));
  readonly #pair: DatabasePair;
  readonly #authority: NatsAuthority;
  readonly #brokers: NatsServer[] = [];
  readonly #servers: (ServerProcess | null)[] = [];
  readonly #ending = new AbortController();
  readonly sources: Source[];
  #publishing: Promise<unknown> = Promise.resolve();

  constructor(sensors: number) {
    // The database's own user has to come through it.
    chmodSync(this.#folder, 0o711);
    mkdirSync(join(this.#folder, 'pair'), { mode: 0o711 });
    this.#pair = new DatabasePair(join(this.#folder, 'pair'));
    this.sources = Array.from({ length: sensors }, (_, index) => ({
      name: `soak-${index}`,
      acknowledged: 0,
    }));
    const names = ['broker', 'wardline', ...this.sources.map(({ name }) => name)];
    this.#authority = new NatsAuthority(join(this.#folder, 'tls'), names);
  }

  async start(): Promise<void> {
    await this.#startBrokers();
    await this.#pair.start();
    for (let index = 0; index < SERVERS; index++) await this.startServer(index);
    for (const source of this.sources) await this.#register(source);
    this.#publishing = Promise.all(this.sources.map((source) => this.#publish(source)));
  }

  async startServer(index: number): Promise<void> {
    const { ca, certificate, key, room } = this.#authority.settings(this.#urls);
    this.#servers[index] = await ServerProcess.start(join(this.#folder, `server-${index}`), {
      DATABASE_URL: this.#pair.url,
      WARDLINE_MASTER_KEY: 'a passphrase that both of them know',
      NATS_URL: this.#urls,
      WARDLINE_NATS_REPLICAS: String(BROKERS),
      WARDLINE_NATS_CA: ca,
      WARDLINE_NATS_CERT: certificate,
      WARDLINE_NATS_KEY: key,
      WARDLINE_NATS_ROOM: room,
    });
  }

  async killServer(index: number): Promise<void> {
    await this.#servers[index]?.end('SIGKILL');
    this.#servers[index] = null;
  }

  killBroker = (index: number): Promise<void> => this.#brokers[index]!.kill('SIGKILL');
  startBroker = (index: number): Promise<void> => this.#brokers[index]!.start();
  killPrimary = (): Promise<void> => this.#pair.killPrimary();
  promoteStandby = (): Promise<void> => this.#pair.promoteStandby();

  /** No more batches are made; each sensor's last one is handed over. */
  async stopSources(): Promise<void> {
    this.#ending.abort();
    await this.#publishing;
  }

  /** Packets that the brokers acknowledged. */
  get acknowledged(): number {
    return this.sources.reduce((sum, source) => sum + source.acknowledged * PACKETS, 0);
  }

  /** What the first server that answers has counted, and what it says was lost; null where none answers. */
  async counted(): Promise<{ packets: number; losses: Record<string, number> } | null> {
    for (const server of this.#servers) {
      const overview = await server?.ask<Overview>('overview').catch(() => null);
      if (overview) return { packets: overview.observed.packets, losses: overview.losses };
    }
    return null;
  }

  /** The number of acts in the ledger, as each server signs its head; equal where there is one ledger. */
  async ledgerSizes(): Promise<number[]> {
    const sizes: number[] = [];
    for (const server of this.#servers)
      sizes.push((await server!.ask<{ size: number }>('ledger/checkpoint')).size);
    return sizes;
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await ServerProcess.endAll();
    await Promise.all(this.#brokers.map((broker) => broker.kill()));
    await this.#pair.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #urls(): string {
    return this.#brokers.map(({ url }) => url).join(',');
  }

  async #startBrokers(): Promise<void> {
    const routes = await Promise.all(Array.from({ length: BROKERS }, () => freePort()));
    const list = routes.map((port) => `"nats-route://127.0.0.1:${port}"`).join(', ');
    for (const [index, route] of routes.entries()) {
      const cluster = `server_name: n${index}\ncluster { name: soak, listen: "127.0.0.1:${route}", routes: [${list}] }\n`;
      this.#brokers.push(
        new NatsServer(this.#authority, join(this.#folder, `broker-${index}`), { more: cluster }),
      );
    }
    await Promise.all(this.#brokers.map((broker) => broker.start()));
  }

  async #register({ name }: Source): Promise<void> {
    const expires = new Date(Date.now() + DAY_MS).toISOString();
    const certificate = this.#authority.read(`${name}.pem`);
    const body = JSON.stringify({ name, sensor: name, certificate, expires, reason: 'a soak' });
    const headers = { 'content-type': 'application/json' };
    await this.#servers[0]!.ask('tokens', { method: 'POST', headers, body });
  }

  async #publish(source: Source): Promise<void> {
    const forger = await BatchForger.open(this.#authority, this.#urls, source.name);
    for (let number = 1; !this.#ending.signal.aborted; number++) {
      const batch = { ...batchOfKnown(number, ROWS, 5000), sensor: source.name, stream: 'soak' };
      while (
        !(await forger.publish(batch, { by: source.name }).then(
          () => true,
          () => false,
        ))
      )
        await pause(RETRY_MS);
      source.acknowledged = number;
      await pause(RETRY_MS, undefined, { signal: this.#ending.signal }).catch(() => {});
    }
    await forger.connection.close();
  }
}
