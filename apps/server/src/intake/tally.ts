import {
  addConversations,
  type Conversation,
  type Endpoint,
  endpointKey,
  type SensorBatch,
} from '@wardline/model';
import { type BatchEndpoint, endpointsOfBatch } from './merge.ts';

/** A conversation whose sides are places in the list of the batch's endpoints. */
export interface TalliedConversation {
  client: number;
  server: number;
  row: Conversation;
}

/** One time slice of the conversation at the place `total` of the totals. */
export interface TalliedSlice {
  total: number;
  row: Conversation;
}

export interface Tally {
  /** In the order of keys, so that two intakes lock rows in one order. */
  endpoints: BatchEndpoint[];
  placeOf: (endpoint: Endpoint) => number;
  /** One row per client, server and service; sorted by these. */
  totals: TalliedConversation[];
  /** One row per total and slice; in the order of totals. */
  slices: TalliedSlice[];
}

/** Adds a batch up before the database sees it: every address is written as a key once. */
export function tally(batch: Pick<SensorBatch, 'conversations' | 'sightings'>): Tally {
  const endpoints = endpointsOfBatch(batch);
  const places = new Map(endpoints.map((endpoint, place) => [endpoint.key, place]));
  const placeOf = (endpoint: Endpoint) => places.get(endpointKey(endpoint))!;
  const totals = new Map<string, TalliedConversation & { slices: Map<number, Conversation> }>();
  for (const row of batch.conversations) {
    const [client, server] = [placeOf(row.client), placeOf(row.server)];
    const key = `${client} ${server} ${row.transport} ${row.serverPort ?? -1}`;
    const known = totals.get(key);
    if (known === undefined) {
      totals.set(key, { client, server, row, slices: new Map([[row.slice, row]]) });
      continue;
    }
    known.row = addConversations(known.row, row);
    const slice = known.slices.get(row.slice);
    known.slices.set(row.slice, slice === undefined ? row : addConversations(slice, row));
  }
  const sorted = [...totals.values()].sort(byKey);
  const slices = sorted.flatMap(({ slices: rows }, total) =>
    [...rows.values()].map((row) => ({ total, row })),
  );
  return { endpoints, placeOf, totals: sorted, slices };
}

function byKey(a: TalliedConversation, b: TalliedConversation): number {
  return (
    a.client - b.client ||
    a.server - b.server ||
    (a.row.transport < b.row.transport ? -1 : a.row.transport > b.row.transport ? 1 : 0) ||
    (a.row.serverPort ?? -1) - (b.row.serverPort ?? -1)
  );
}
