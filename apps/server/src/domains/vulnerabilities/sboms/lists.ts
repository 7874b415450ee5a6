import {
  type ComponentRow,
  type componentListQuery,
  formatMicros,
  type SbomFinding,
  type SbomPart,
  type SbomRow,
  type sbomListQuery,
  type sbomPartsQuery,
} from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import { type ListPlan, type SortColumn, valuesOf, wordsOf } from '../../../http/list.ts';

export type StoredSbom = Omit<SbomRow, 'created' | 'addedAt' | 'replacedAt'> & {
  created: number | null;
  addedAt: number;
  replacedAt: number | null;
};

const column = (name: string, kind: SortColumn['kind'] = 'text'): SortColumn => ({
  expression: sql.raw(name),
  kind,
});

export const sbomColumns =
  sql.raw(`s.id, s.vendor, s.model, s.software, s.format, s.spec_version as "specVersion",
  s.document_id as document, s.title, s.author, s.created, s.components, jsonb_array_length(s.statements) as statements,
  s.added_at as "addedAt", s.added_by as "addedBy", s.replaced_at as "replacedAt"`);

const moment = (at: number | null): string | null => (at === null ? null : formatMicros(at));

export const sbomRow = ({ created, addedAt, replacedAt, ...row }: StoredSbom): SbomRow => ({
  ...row,
  created: moment(created),
  addedAt: formatMicros(addedAt),
  replacedAt: moment(replacedAt),
});

const sbomSorts = {
  vendor: column('s.vendor'),
  model: column('s.model'),
  software: column('s.software'),
  components: column('s.components', 'number'),
  addedAt: column('s.added_at', 'number'),
};

type Filter<Query extends z.ZodType> = Omit<z.infer<Query>, 'cursor' | 'limit' | 'sort' | 'order'>;

export const sbomPlan = ({
  q,
  vendor,
  model,
  current,
}: Filter<typeof sbomListQuery>): ListPlan<StoredSbom> => ({
  from: sql`sbom s`,
  columns: sbomColumns,
  where: [
    ...wordsOf(q).map(
      (word) => sql`lower(s.vendor || ' ' || s.model || ' ' || s.software || ' ' || s.title) like ${word}`,
    ),
    ...(vendor === undefined ? [] : [sql`s.vendor = any(${valuesOf(vendor)}::text[])`]),
    ...(model === undefined ? [] : [sql`s.model = any(${valuesOf(model)}::text[])`]),
    ...(current === 'yes' ? [sql`s.replaced_at is null`] : []),
  ],
  id: column('s.id'),
  sorts: sbomSorts,
  defaultSort: 'model',
  row: sbomRow,
});

/** Where a component is: bills of materials that name it and count. */
export const productsPlan = (component: number): ListPlan<StoredSbom> => ({
  from: sql`sbom s`,
  columns: sbomColumns,
  where: [
    sql`s.replaced_at is null and s.id in (select p.sbom from sbom_part p where p.component = ${component})`,
  ],
  id: column('s.id'),
  sorts: sbomSorts,
  defaultSort: 'model',
  row: sbomRow,
});

const componentColumns = 'c.type, c.supplier, c."group", c.name, c.version, c.purl, c.cpes';

/** Counted for the rows of one page only: a word may be in most components. */
const where = `from sbom_part p join sbom s on s.id = p.sbom where p.component = c.id and s.replaced_at is null`;

export const componentPlan = ({ q, type }: Filter<typeof componentListQuery>): ListPlan<ComponentRow> => ({
  from: sql`component c`,
  columns:
    sql.raw(`c.id, ${componentColumns}, (select count(distinct (lower(s.vendor), lower(s.model)))::int ${where}) as models,
    (select count(distinct p.sbom)::int ${where}) as sboms`),
  where: [
    ...wordsOf(q).map((word) => sql`c.search like ${word}`),
    ...(type === undefined ? [] : [sql`c.type = any(${valuesOf(type)}::text[])`]),
  ],
  id: column('c.id', 'number'),
  sorts: { name: column('c.name'), type: column('c.type'), version: column(`coalesce(c.version, '')`) },
  defaultSort: 'name',
  row: (row) => row,
});

export const partsPlan = (sbom: string, { q }: Filter<typeof sbomPartsQuery>): ListPlan<SbomPart> => ({
  from: sql`sbom_part p join component c on c.id = p.component`,
  columns: sql.raw(`p.number, c.id as component, p.ref, p.parent, ${componentColumns}, p.licenses`),
  where: [sql`p.sbom = ${sbom}`, ...wordsOf(q).map((word) => sql`c.search like ${word}`)],
  id: column('p.number', 'number'),
  sorts: { number: column('p.number', 'number'), name: column('c.name'), type: column('c.type') },
  defaultSort: 'number',
  row: (row) => row,
});

export const findingsPlan = (sbom: string): ListPlan<SbomFinding> => ({
  from: sql`sbom_finding f join vulnerability v on v.id = f.vulnerability`,
  columns:
    sql.raw(`f.vulnerability, v.title, nullif(v.score, -1) as score, f.finding ->> 'verdict' as verdict,
    (f.finding ->> 'confidence')::float8 as confidence, f.finding ->> 'part' as component, (f.finding ->> 'further')::int as further,
    f.finding ->> 'reason' as reason, f.finding ->> 'advisory' as advisory, f.finding ->> 'issuer' as issuer`),
  where: [sql`f.sbom = ${sbom}`],
  id: column('f.vulnerability'),
  sorts: {
    verdict: column(
      "case f.finding ->> 'verdict' when 'affected' then 0 when 'unknown' then 1 else 2 end",
      'number',
    ),
    score: column('v.score', 'real'),
  },
  defaultSort: 'verdict',
  row: (row) => row,
});
