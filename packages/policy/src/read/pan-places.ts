import type { PanEntry } from './pan-entries.ts';

/** A firewall, a part of one, or a group of them: whose rules one packet goes through. */
export interface Place {
  /** Where objects are looked for, the nearest first. */
  scopes: readonly (string | null)[];
  /** In the order in which they are tried. */
  rules: readonly PanEntry[];
  /** There are groups, and the text does not say which stands above which. */
  unknownParent: boolean;
}

const isGroup = (scope: string | null): boolean => scope?.startsWith('device-group ') ?? false;

/**
 * Groups of firewalls where a manager's text names some, else the parts of one firewall. Rules are tried from the highest group's
 * first ones down to the local ones, and up again through the last ones.
 */
export function placesOf(entries: readonly PanEntry[], parents: ReadonlyMap<string, string>): Place[] {
  const rules = entries.filter(({ kind }) => kind === 'rules');
  const scopes = [...new Set(entries.map(({ scope }) => scope))];
  const groups = scopes.filter(isGroup);
  const of = (scope: string | null, base: string) =>
    rules.filter((rule) => rule.scope === scope && rule.base === base);
  const local = scopes.filter((scope) => !isGroup(scope));
  if (groups.length > 0)
    return groups.map((group) => {
      const chain = chainOf(group!, parents);
      const downward = chain.toReversed();
      return {
        scopes: [...chain, ...local],
        unknownParent: groups.length > 1 && parents.size === 0,
        rules: [
          ...[null, ...downward].flatMap((scope) => of(scope, 'pre-rulebase')),
          ...[...local, ...downward].flatMap((scope) => of(scope, 'rulebase')),
          ...[...chain, null].flatMap((scope) => of(scope, 'post-rulebase')),
        ],
      };
    });
  const parts = local.filter((scope) => scope !== null);
  const all = parts.length === 0 ? [null] : parts;
  return all.map((part) => {
    const own = part === null ? [null] : [part, null];
    const tried = (base: string) => own.toReversed().flatMap((scope) => of(scope, base));
    return {
      scopes: own,
      unknownParent: false,
      rules: [
        ...tried('pre-rulebase'),
        ...tried('rulebase'),
        ...own.flatMap((scope) => of(scope, 'post-rulebase')),
      ],
    };
  });
}

/** A group and those above it. */
function chainOf(group: string, parents: ReadonlyMap<string, string>): string[] {
  const chain = [group];
  for (
    let above = parents.get(group);
    above !== undefined && !chain.includes(above);
    above = parents.get(above)
  )
    chain.push(above);
  return chain;
}
