import { readCiscoIos } from '../read/cisco-ios.ts';
import { readNftables } from '../read/nftables/index.ts';
import { readPaloAlto } from '../read/palo-alto.ts';
import type { ReadFault, Ruleset } from '../ruleset.ts';
import type { Family } from '../space/addresses.ts';
import { type Interface, interfacesOf } from './interfaces.ts';

export type ConfigurationKind = 'cisco-ios' | 'nftables' | 'palo-alto';

/** A configuration as it is today, with every list in it that could be read. */
export interface Configuration {
  file: string;
  kind: ConfigurationKind;
  lists: readonly { ruleset: Ruleset; families: readonly Family[] }[];
  faults: readonly ReadFault[];
  /** None where the system does not say here where its lists stand. */
  interfaces: readonly Interface[];
}

/** What a text is by its first words; null where nothing of it is known. */
export function kindOf(text: string): ConfigurationKind | null {
  if (/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:config|response)\b/.test(text)) return 'palo-alto';
  if (/^set (?:\S+ )*?(?:address|address-group|service|rulebase|pre-rulebase|deviceconfig) /m.test(text))
    return 'palo-alto';
  if (/^\s*(?:add |create )?table (?:(?:inet|ip|ip6|bridge|arp|netdev) )?[\w-]+ *\{?/m.test(text))
    return 'nftables';
  if (
    /^\s*(?:ip |ipv4 |ipv6 )?access-list |^interface \S|^hostname \S|^version \d|^(?:: Saved|(?:ASA|PIX) Version )/m.test(
      text,
    )
  )
    return 'cisco-ios';
  return null;
}

const hooks = ['forward', 'input', 'output'];

/** Reads a configuration; null where it is of no kind that is known here. */
export function readConfiguration(file: string, text: string): Configuration | null {
  const kind = kindOf(text);
  if (kind === null) return null;
  if (kind === 'cisco-ios') return readIos(file, text);
  const results = kind === 'palo-alto' ? [readPaloAlto(text)] : hooks.map((hook) => readNftables(text, hook));
  const faults = results.flatMap((result) => ('fault' in result ? [result.fault] : []));
  const lists = results.flatMap((result) => ('fault' in result ? [] : result.rulesets));
  return {
    file,
    kind,
    lists: lists.map((ruleset) => ({ ruleset, families: [4, 6] })),
    faults: faults.slice(0, 1),
    interfaces: [],
  };
}

function readIos(file: string, text: string): Configuration {
  const result = readCiscoIos(text);
  if ('fault' in result)
    return { file, kind: 'cisco-ios', lists: [], faults: [result.fault], interfaces: [] };
  const lists = result.rulesets.map((ruleset) => {
    // Only lists of an ASA have state, and those are of both families.
    if (ruleset.stateful) return { ruleset, families: [4, 6] as const };
    const isSix = [...ruleset.lines, ...ruleset.beside].some(({ family }) => family === 6);
    return { ruleset, families: [isSix ? (6 as const) : (4 as const)] };
  });
  return { file, kind: 'cisco-ios', lists, faults: result.faults, interfaces: interfacesOf(text) };
}
