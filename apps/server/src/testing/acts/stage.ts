import { join } from 'node:path';
import type { AssetRow } from '@wardline/model';
import pg from 'pg';
import type { StartOptions } from '../../config/config.ts';
import { runServer, type TestServer, until } from '../running-server.ts';
import { batch } from '../synthetic.ts';

/** A server with seven assets, on which every act is tried. */
export interface Stage {
  server: TestServer;
  client: pg.Client;
  assets: AssetRow[];
  /** What a call leaves for a later one, by name. */
  kept: Map<string, string>;
}

/** One call per action; a call is made several times and has to carry out its act each time that nothing stops it. */
export type Calls = Readonly<Record<string, (stage: Stage) => Promise<Response>>>;

export const reason = 'a test of the record';

export async function openStage(options: StartOptions = {}): Promise<Stage> {
  const server = await runServer(options);
  const client = await connect(server);
  await server.post('intake/batches', batch(1, 6));
  const page = await until(
    () => server.get<{ items: AssetRow[] }>('assets?sort=name'),
    ({ items }) => items.length === 7,
  );
  return { server, client, assets: page.items, kept: new Map() };
}

export async function connect(server: TestServer): Promise<pg.Client> {
  const host = join(server.dataDir, 'socket');
  const connection = new pg.Client({ host, user: 'wardline', database: 'wardline' });
  await connection.connect();
  return connection;
}
