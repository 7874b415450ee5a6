import { CHAIN_DEPTH } from '../../limits.ts';
import { families } from '../../resolve.ts';
import type { Line, Ruleset, Unmodelled } from '../../ruleset.ts';
import type { Family } from '../../space/addresses.ts';
import { intersectAll, subtractAll } from '../../space/boxes.ts';
import type { Box } from '../../space/packet.ts';
import { NftFault } from './cursor.ts';
import { type Chain, familiesOf, type Table } from './model.ts';

/** The lines that decide in a hook, table by table, chain by chain in the order of their priorities. */
export function rulesetsOf(tables: readonly Table[], hook: string): Ruleset[] {
  const working = tables.filter(({ isDormant }) => !isDormant);
  const elsewhere = working.flatMap((table) => droppingElsewhere(table));
  return working.flatMap((table) => ofTable(table, hook, elsewhere));
}

/** What may stop a packet beside the hooks that are read: frames within a bridge, and the hooks before and after routing. */
function droppingElsewhere(table: Table): Unmodelled[] {
  const { family, name, line, chains } = table;
  if (table.filtersFrames) return [{ line, what: `the table ${family} ${name}, which filters frames` }];
  return [...chains.values()]
    .filter((chain) => chain.isFilter && chain.hook !== null && !routedHooks.includes(chain.hook))
    .filter((chain) => mayDrop(table, chain, new Set()))
    .map(({ name: own, hook, line: at }) => ({
      line: at,
      what: `the chain ${own} in the hook ${hook}, which drops too`,
    }));
}

const routedHooks = ['forward', 'input', 'output'];

function mayDrop(table: Table, { name, policy, rules }: Chain, seen: Set<string>): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  if (policy === 'drop') return true;
  return rules.some(({ verdict }) => {
    if (verdict === null || !('chain' in verdict)) return verdict?.kind === 'drop';
    const next = table.chains.get(verdict.chain);
    return next !== undefined && mayDrop(table, next, seen);
  });
}

function ofTable(table: Table, hook: string, elsewhere: readonly Unmodelled[]): Ruleset[] {
  if (familiesOf[table.family] === undefined) return [];
  return [...table.chains.values()]
    .filter((chain) => chain.hook === hook)
    .toSorted((a, b) => a.priority - b.priority)
    .map((chain) => {
      const unmodelled: Unmodelled[] = [...elsewhere];
      const lines = families.flatMap(
        (family) => flatten(table, chain, family, [{}], { depth: 0, under: null }, unmodelled).lines,
      );
      const seen = new Map(unmodelled.map((entry) => [`${entry.line} ${entry.what}`, entry]));
      const name = `${table.family} ${table.name} ${chain.name}`;
      return {
        name,
        lines,
        otherwise: chain.policy === 'accept' ? 'permit' : 'deny',
        stateful: true,
        unmodelled: [...seen.values()],
        beside: [],
      };
    });
}

/**
 * The lines of a chain and of those it jumps to, within what reaches it; and what is left when it ends. Where it is not
 * certain that a chain is reached, what it drops and what it returns count for nothing, so that what passes is never too little.
 */
function flatten(
  table: Table,
  chain: Chain,
  family: Family,
  reaching: readonly Box[],
  place: { depth: number; under: string | null },
  unmodelled: Unmodelled[],
): { lines: Line[]; left: Box[] } {
  const { depth, under } = place;
  if (depth > CHAIN_DEPTH) throw new NftFault(chain.line, `chains jump more than ${CHAIN_DEPTH} deep`);
  const lines: Line[] = [];
  let inside = [...reaching];
  const returned: Box[] = [];
  for (const rule of chain.rules) {
    const { verdict, line, text } = rule;
    const boxes = intersectAll(inside, rule.boxes[family]);
    const condition = [under, rule.unmodelled].filter((part) => part !== null).join(', ');
    const isCertain = condition === '';
    // A rule that only counts or logs decides nothing, whatever it asks.
    if (!isCertain && verdict !== null) unmodelled.push({ line, what: condition });
    if (verdict === null || boxes.length === 0) continue;
    if (verdict.kind === 'accept') lines.push({ family, action: 'permit', boxes, line, text });
    else if (verdict.kind === 'drop') {
      if (isCertain) lines.push({ family, action: 'deny', boxes, line, text });
    } else if (verdict.kind === 'return') {
      if (!isCertain) continue;
      returned.push(...boxes);
      inside = subtractAll(family, inside, boxes);
    } else {
      const next = table.chains.get(verdict.chain);
      if (next === undefined) throw new NftFault(line, `there is no chain ${verdict.chain}`);
      const below = flatten(
        table,
        next,
        family,
        boxes,
        { depth: depth + 1, under: isCertain ? null : condition },
        unmodelled,
      );
      lines.push(...below.lines);
      if (verdict.kind === 'goto' && isCertain) {
        inside = subtractAll(family, inside, boxes);
        returned.push(...below.left);
      }
    }
  }
  return { lines, left: [...inside, ...returned] };
}
