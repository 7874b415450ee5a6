import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Figures } from './figures.ts';

/** What Prometheus reads at /metrics. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    figures: new Figures(registry),
    requests: new Histogram({
      name: 'wardline_http_request_seconds',
      help: 'Time to answer a request',
      labelNames: ['method', 'action', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    }),
    batches: new Counter({
      name: 'wardline_intake_batches_total',
      help: 'Batches by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    rows: new Counter({
      name: 'wardline_intake_rows_total',
      help: 'Rows taken in',
      labelNames: ['kind'],
      registers,
    }),
    identification: new Histogram({
      name: 'wardline_identification_seconds',
      help: 'Time of one run of identification',
      buckets: [0.05, 0.2, 1, 5, 20, 60],
      registers,
    }),
    watching: new Histogram({
      name: 'wardline_watch_seconds',
      help: 'Time of one run of the watch',
      buckets: [0.05, 0.2, 1, 5, 20, 60],
      registers,
    }),
    brokerUp: new Gauge({
      name: 'wardline_broker_up',
      help: '1 while batches are taken from a broker; 0 also where none is set',
      registers,
    }),
    brokerWaiting: new Gauge({
      name: 'wardline_broker_waiting_batches',
      help: 'Batches at the brokers that no server has answered for',
      registers,
    }),
    brokerBytes: new Gauge({ name: 'wardline_broker_bytes', help: 'What the brokers store', registers }),
    databaseUp: new Gauge({ name: 'wardline_database_up', help: '1 while the database answers', registers }),
    backupAge: new Gauge({
      name: 'wardline_backup_age_seconds',
      help: 'Age of the newest full backup, and of the last changes behind it',
      labelNames: ['kind'],
      registers,
    }),
    backupRestorable: new Gauge({
      name: 'wardline_backup_restorable',
      help: '1 where the newest full backup was restored to see that it can be',
      registers,
    }),
    databaseRestarts: new Counter({
      name: 'wardline_database_restarts_total',
      help: 'Restarts after a death',
      registers,
    }),
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
