import { Readable } from 'node:stream';
import { writeCsv } from '@wardline/formats';
import type { FastifyReply } from 'fastify';
import type { Executor } from '../store/database.ts';
import { type ListPlan, listRows } from './list.ts';

const PAGE = 500;
type Cell = string | number | null;

/** Streams a whole filtered list as CSV, a page at a time; no spreadsheet runs a cell of it. */
export function sendCsv<R>(
  reply: FastifyReply,
  name: string,
  source: { database: Executor; plan: ListPlan<R>; sort?: string | undefined; order: 'asc' | 'desc' },
  headings: string[],
  cells: (item: never) => Cell[],
): FastifyReply {
  async function* rows() {
    yield writeCsv([headings]);
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await listRows(source.database, source.plan, {
        cursor,
        limit: PAGE,
        sort: source.sort,
        order: source.order,
      });
      if (page.items.length > 0) yield writeCsv(page.items.map((item) => cells(item as never)));
      cursor = page.nextCursor ?? undefined;
      more = cursor !== undefined;
    }
  }
  void reply.header('content-disposition', `attachment; filename="${name}"`).type('text/csv; charset=utf-8');
  return reply.serializer((payload: unknown) => payload as string).send(Readable.from(rows()));
}
