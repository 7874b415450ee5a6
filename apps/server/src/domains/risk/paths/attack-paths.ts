import { type AttackPathsAnswer, attackDifficulties, type Criticality, formatMicros } from '@wardline/model';
import {
  type AttackPaths,
  analysePaths,
  type Difficulty,
  type Foothold,
  landscapeOf,
  type Route,
  type TargetReach,
} from '@wardline/risk';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import type { Executor } from '../../../store/database.ts';
import { readHospital } from './hospital.ts';

type Told = Omit<AttackPathsAnswer, 'asOf' | 'targets'>;

/** An analysis, and the state of the tables that it was made from. */
interface Kept {
  state: string;
  told: Told;
  targets: AttackPathsAnswer['targets'];
}

/** Analyses by level, made anew only when something that they rest on has changed. */
export class AttackPathsKeeper {
  readonly #context: Context;
  readonly #kept = new Map<Difficulty, Kept>();

  constructor(context: Context) {
    this.#context = context;
  }

  async answer(level: Difficulty, limit: number): Promise<AttackPathsAnswer> {
    const { database, now } = this.#context;
    const state = await stateOf(database);
    let kept = this.#kept.get(level);
    if (kept?.state !== state) {
      kept = { state, ...(await this.#analyse(level)) };
      this.#kept.set(level, kept);
    }
    return { asOf: formatMicros(now()), ...kept.told, targets: kept.targets.slice(0, limit) };
  }

  async #analyse(level: Difficulty): Promise<Omit<Kept, 'state'>> {
    const { database, knowledge } = this.#context;
    return await database
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (snapshot) => {
        const landscape = landscapeOf(await readHospital(snapshot, knowledge));
        const paths = analysePaths(landscape, level);
        const people = await facesOf(snapshot, paths);
        return toldOf(
          paths,
          landscape.footholds,
          new Map(landscape.remedies.map(({ id, text }) => [id, text])),
          people,
        );
      });
  }
}

/** Changes whenever assets, conversations, findings or answers about weaknesses do. */
export async function stateOf(database: Executor): Promise<string> {
  const { rows } = await sql<{ state: string }>`
    select concat_ws('|',
      (select concat_ws(',', count(*), max(last_seen), sum(hashtext(name || class || criticality || vlans::text)::bigint)) from asset where not gone),
      (select concat_ws(',', count(*), max(last_seen)) from conversation),
      (select concat_ws(',', count(*), max(opened_at), max(closed_at)) from finding),
      (select max(id) from match_change), (select concat_ws(',', count(*), count(exploited_since), sum(score)) from vulnerability)
    ) as state`.execute(database);
  return rows[0]?.state ?? '';
}

interface Face {
  id: string;
  name: string;
  classLabel: string | null;
  criticality: Criticality;
  location: string;
}

async function facesOf(database: Executor, { targets }: AttackPaths): Promise<ReadonlyMap<string, Face>> {
  const { rows } = await sql<Face>`
    select id, name, nullif(class_label, '') as "classLabel", criticality, location from asset
    where id = any(${targets.map(({ asset }) => asset)}::text[])`.execute(database);
  return new Map(rows.map((row) => [row.id, row]));
}

function toldOf(
  paths: AttackPaths,
  footholds: readonly Foothold[],
  remedies: ReadonlyMap<string, string>,
  faces: ReadonlyMap<string, Face>,
): Omit<Kept, 'state'> {
  const named = (id: string) => ({ id, name: faces.get(id)?.name ?? id });
  const { level, targets, chokePoints, plan } = paths;
  const of = (kind: Foothold['kind']) => footholds.filter((one) => one.kind === kind).length;
  return {
    told: {
      level,
      total: targets.length,
      counts: {
        shown: countsOf(targets.map(({ shown }) => shown)),
        notExcluded: countsOf(targets.map(({ notExcluded }) => notExcluded)),
      },
      footholds: {
        internet: of('internet'),
        guest: of('guest'),
        workstation: of('workstation'),
        supplier: of('supplier'),
      },
      chokePoints,
      plan: {
        ...plan,
        steps: plan.steps.map(({ remedy, freed, left }) => ({ ...remedy, freed: freed.map(named), left })),
        stubborn: plan.stubborn.map(named),
      },
    },
    targets: targets.toSorted(easiestFirst).map(({ asset, shown, notExcluded }) => ({
      ...faceOf(faces, asset),
      asset,
      shown: shown && withTexts(shown, remedies),
      notExcluded: notExcluded && withTexts(notExcluded, remedies),
    })),
  };
}

function faceOf(faces: ReadonlyMap<string, Face>, asset: string): Omit<Face, 'id'> {
  const { id: _id, ...face } = faces.get(asset)!;
  return face;
}

const withTexts = (route: Route, remedies: ReadonlyMap<string, string>) => ({
  ...route,
  steps: route.steps.map((step) => ({
    ...step,
    remedies: step.remedies.map((id) => ({ id, text: remedies.get(id) ?? id })),
  })),
});

function countsOf(routes: readonly (Route | null)[]): Told['counts']['shown'] {
  const counts: Told['counts']['shown'] = {
    open: 0,
    exploited: 0,
    published: 0,
    demanding: 0,
    undisclosed: 0,
    none: 0,
  };
  for (const route of routes) counts[route?.difficulty ?? 'none'] += 1;
  return counts;
}

const gradeOf = (route: Route | null): number =>
  route === null ? attackDifficulties.length : attackDifficulties.indexOf(route.difficulty);

function easiestFirst(a: TargetReach, b: TargetReach): number {
  return (
    gradeOf(a.notExcluded) - gradeOf(b.notExcluded) ||
    gradeOf(a.shown) - gradeOf(b.shown) ||
    (a.notExcluded?.steps.length ?? 0) - (b.notExcluded?.steps.length ?? 0) ||
    (a.asset < b.asset ? -1 : 1)
  );
}
