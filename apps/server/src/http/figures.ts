import { sql } from 'kysely';
import { Gauge, type Registry } from 'prom-client';
import type { Context } from '../context.ts';
import { poolOf } from '../store/database.ts';

/** What is asked of the database for the figures at `/metrics`: a row for each set of labels, with its value. */
interface Figure {
  name: string;
  help: string;
  labels: readonly string[];
  rows: (context: Context) => Promise<Record<string, string | number>[]>;
}

const query =
  (text: (now: number) => ReturnType<typeof sql<Record<string, string | number>>>) =>
  async ({ database, now }: Context) =>
    (await text(now()).execute(database)).rows;

/** Each is one statement over an index or a small table; none is asked more often than Prometheus does. */
const figures: readonly Figure[] = [
  {
    name: 'wardline_site_last_batch_age_seconds',
    help: 'Time since a site last handed something in; none where it never did',
    labels: ['site'],
    rows: query(
      (
        now,
      ) => sql`select s.id::text as site, ${now}::float8 / 1e6 - extract(epoch from max(b.at))::float8 as value
        from site s join lateral (select at from batch where site = s.id order by at desc limit 1) b on true group by s.id`,
    ),
  },
  {
    name: 'wardline_refused_broker_batches',
    help: 'Batches from brokers that were not taken, by reason',
    labels: ['reason'],
    rows: query(() => sql`select reason, sum(count) as value from intake_refused group by reason`),
  },
  {
    name: 'wardline_watch_waiting_batches',
    help: 'Batches that the watch has not looked at yet, by site',
    labels: ['site'],
    rows: query(
      () =>
        sql`select s.id::text as site, (select count(*) from watch_inbox w where w.site = s.id) as value from site s`,
    ),
  },
  {
    name: 'wardline_identification_waiting_endpoints',
    help: 'Endpoints that identification has not seen in their newest state',
    labels: [],
    rows: query(() => sql`select count(*) as value from endpoint where revision <> seen_revision`),
  },
  {
    name: 'wardline_imports',
    help: 'Captures that wait or are being read',
    labels: ['state'],
    rows: query(
      () =>
        sql`select state, count(*) as value from import where state in ('queued', 'running') group by state`,
    ),
  },
  {
    name: 'wardline_stories',
    help: 'Stories of alerts that are not resolved',
    labels: ['severity', 'state'],
    rows: query(
      () =>
        sql`select severity, state, count(*) as value from watch_story where state <> 'resolved' group by severity, state`,
    ),
  },
  {
    name: 'wardline_alert_receiver_behind',
    help: 'Numbered alerts that a receiver does not have yet for sure',
    labels: ['receiver'],
    rows: query(
      () => sql`select r.name as receiver, (select last from watch_counter) - s.sure as value
        from alert_receiver r join alert_receiver_state s on s.receiver = r.id where r.removed is null`,
    ),
  },
  {
    name: 'wardline_database_connections',
    help: 'Connections of this server to its database; waiting: requests that none is free for',
    labels: ['state'],
    rows: async ({ database }) => {
      const { total, idle, waiting } = poolOf(database);
      return [
        { state: 'busy', value: total - idle },
        { state: 'idle', value: idle },
        { state: 'waiting', value: waiting },
      ];
    },
  },
];

/** Gauges that are measured when somebody asks. A database that is away leaves them without values, and says so by its own gauge. */
export class Figures {
  readonly #gauges: readonly { figure: Figure; gauge: Gauge }[];

  constructor(registry: Registry) {
    this.#gauges = figures.map((figure) => {
      const { name, help, labels } = figure;
      return { figure, gauge: new Gauge({ name, help, labelNames: [...labels], registers: [registry] }) };
    });
  }

  async measure(context: Context): Promise<void> {
    for (const { figure, gauge } of this.#gauges) {
      const rows = await figure.rows(context).catch(() => []);
      gauge.reset();
      for (const { value, ...labels } of rows) gauge.set(labels as never, Number(value));
    }
  }
}
