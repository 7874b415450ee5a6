import type { SensorBatch } from '@wardline/model';
import { conversation, EPOCH, endpoint, sighting } from '@wardline/server/testing/synthetic';

/** So many conversations of devices that a hospital of `assets` (see `scaleStatements`) knows, and a sighting of each. */
export function batchOfKnown(number: number, rows: number, assets: number): SensorBatch {
  const at = EPOCH + number * 60_000_000;
  const clients = Array.from({ length: rows }, (_, index) =>
    endpoint(1 + ((number * rows + index * 7) % assets)),
  );
  return {
    sensor: 'scale',
    stream: 'scale',
    number,
    last: false,
    conversations: clients.map((client) => conversation(client, endpoint(1), at)),
    sightings: clients.map((subject) => sighting(subject, at)),
    statistics: { packets: rows * 17, bytes: rows * 9700, dropped: {}, evicted: {} },
  };
}
