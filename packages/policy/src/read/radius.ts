import { CONFIGURATION_CHARACTERS } from '../limits.ts';
import { families } from '../resolve.ts';
import type { Line, ReadResult, Ruleset, Unmodelled } from '../ruleset.ts';
import { type Family, mergeRanges, type Range, wholeRange, widthOf } from '../space/addresses.ts';
import { subtractRanges } from '../space/boxes.ts';
import { IosFault, noGroups, Words } from './ios-line.ts';

interface Draft {
  role: string;
  vlan: string | null;
  line: number;
  lines: Line[];
  unmodelled: Unmodelled[];
  isEnded: boolean;
}

/**
 * Reads the answers of FreeRADIUS by role, from a file of `rlm_files` as we write it: each role's VLAN and list. The
 * addresses of a role are those of its own denials before the last one; a line that lets others through is refused, and
 * packets that others send are not the role's.
 */
export function readRadius(text: string): ReadResult {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  const drafts: Draft[] = [];
  let number = 0;
  try {
    for (const line of text.split(/\r?\n/)) {
      number += 1;
      take(drafts, line, number);
    }
    return {
      rulesets: drafts.map((draft) => {
        number = draft.line;
        return rulesetOf(draft);
      }),
    };
  } catch (error) {
    if (error instanceof IosFault) return { fault: { line: number, message: error.message } };
    throw error;
  }
}

function take(drafts: Draft[], text: string, line: number): void {
  if (text.trim() === '' || text.startsWith('#')) return;
  const opens = /^DEFAULT\s+Wardline-Role == "([^"]+)"$/.exec(text);
  if (opens !== null) {
    if (drafts.some(({ role }) => role === opens[1])) throw new IosFault(`the role ${opens[1]} stands twice`);
    drafts.push({ role: opens[1]!, vlan: null, line, lines: [], unmodelled: [], isEnded: false });
    return;
  }
  const draft = drafts.at(-1);
  if (draft === undefined || draft.isEnded || !/^\s/.test(text))
    throw new IosFault('expected an entry for a role');
  draft.isEnded = !text.endsWith(',');
  attribute(draft, text.trim().replace(/,$/, ''), line);
}

function attribute(draft: Draft, text: string, line: number): void {
  const vlan = /^Tunnel-Private-Group-Id = "([^"]+)"$/.exec(text);
  if (vlan !== null) draft.vlan = vlan[1]!;
  if (
    vlan !== null ||
    ['Tunnel-Type = VLAN', 'Tunnel-Medium-Type = IEEE-802'].includes(text) ||
    /^Filter-Id = "[^"]+"$/.test(text)
  )
    return;
  const pair = /^Cisco-AVPair \+= "(ip|ipv6):inacl#\d+=(.*)"$/.exec(text);
  if (pair === null) throw new IosFault(`${text} is not known here`);
  const family = pair[1] === 'ip' ? 4 : 6;
  const words = new Words(pair[2]!.trim().split(/\s+/), noGroups);
  const action = words.next('permit or deny');
  if (action !== 'permit' && action !== 'deny')
    throw new IosFault(`expected permit or deny, found ${action}`);
  const boxes = words.extended(family);
  const { conditions } = words.rest();
  if (conditions.length > 0) draft.unmodelled.push({ line, what: conditions.join(', ') });
  if (conditions.length === 0 || action === 'permit') draft.lines.push({ family, action, boxes, line, text });
}

function rulesetOf({ role, vlan, lines, unmodelled }: Draft): Ruleset {
  if (vlan === null) throw new IosFault(`the role ${role} has no VLAN`);
  const beside = families.flatMap((family) => {
    const own = lines.filter((line) => line.family === family);
    const users = usersOf(family, own);
    for (const line of own)
      if (line.action === 'permit' && !isDiscovery(line)) refuseOthers(line, users, family);
    const others = subtractRanges([wholeRange(widthOf(family))], users);
    const what = `IPv${family} packets that no address of the role ${role} sends`;
    return [
      ...(others.length === 0 ? [] : [{ family, boxes: [{ source: others }], what }]),
      ...(family === 6 ? [discovery] : []),
    ];
  });
  return { name: role, lines, otherwise: 'deny', stateful: false, unmodelled, beside };
}

/** The addresses of a role's own denials: those that name a source and nothing else. */
function usersOf(family: Family, lines: readonly Line[]): Range[] {
  const whole = 1n << BigInt(widthOf(family));
  const denials = lines.filter(
    ({ action, boxes }) => action === 'deny' && boxes.length === 1 && boxes[0]!.protocol === undefined,
  );
  const sources = denials.flatMap(({ boxes }) => boxes[0]!.source ?? []);
  return mergeRanges(sources.filter(({ first, last }) => last - first + 1n < whole));
}

function refuseOthers({ line, boxes }: Line, users: readonly Range[], family: Family): void {
  const others = boxes.flatMap(({ source }) =>
    subtractRanges(source ?? [wholeRange(widthOf(family))], users),
  );
  if (others.length > 0) throw new IosFault(`line ${line} lets addresses through that are not the role’s`);
}

const isDiscovery = ({ boxes }: Line): boolean =>
  boxes.every(
    ({ protocol, sourcePort }) =>
      protocol?.[0]?.first === 58n && [135n, 136n].includes(sourcePort?.[0]?.first ?? 0n),
  );

const discovery = {
  family: 6 as const,
  boxes: [{ protocol: [{ first: 58n, last: 58n }], sourcePort: [{ first: 135n, last: 136n }] }],
  what: 'neighbour discovery (ICMPv6 types 135 and 136), which each list lets through',
};
