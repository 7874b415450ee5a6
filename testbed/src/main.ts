import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { recordAttacks } from './attacks/record.ts';
import { type Roster, rosters } from './house-b/house.ts';
import { leftovers } from './lab/lab.ts';
import { install, missingPrograms } from './lab/preflight.ts';
import { record } from './record.ts';
import { type Part, parts } from './scenario.ts';

const USAGE = `Records the sample hospital: real programs in network name spaces, nothing leaves them.

  npm run testbed -- [--out DIR] [--houses a,b] [--roster NAME] [--only PART,…] [--install] [--keep]
  npm run testbed -- --attacks [--out DIR] [--install]

  --out DIR      where the recording goes (default fixtures/sample-hospital, or held-out-hospital with that roster)
  --houses IDS   a: the first ward; b: three wards, theatres, laboratory, building, offices (default a,b)
  --roster NAME  who makes the devices of house B: ${Object.keys(rosters).join(', ')}
  --only PARTS   of house A, of ${parts.join(', ')}
  --attacks      record attacks among normal work instead (default fixtures/attacks)
  --install      install missing Debian packages first
  --keep         keep the programs' logs and configuration

Needs root on Linux. Exit codes: 0 done, 1 the recording failed, 2 bad usage, 3 something is missing.
`;

const say = (message: string) => process.stderr.write(`${message}\n`);

async function main(): Promise<number> {
  const options = readOptions();
  if (options === null) return 2;
  const problem = await prepare(options.install);
  if (problem !== null) {
    say(problem);
    return 3;
  }
  const wanted = new Set(options.only);
  try {
    if (options.attacks) await recordAttacks(options.out, say);
    else await record({ ...options, wanted, keep: options.keep, log: say });
    return 0;
  } catch (error) {
    say(`testbed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        out: { type: 'string' },
        houses: { type: 'string' },
        attacks: { type: 'boolean', default: false },
        roster: { type: 'string', default: 'shipped' },
        only: { type: 'string', default: parts.join(',') },
        install: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const only = values.only.split(',');
    const wrong = only.find((name) => !parts.includes(name as Part));
    if (wrong !== undefined) throw new Error(`there is no part "${wrong}"`);
    if (values.help) throw new Error('usage');
    const held = values.roster === 'held-out';
    const houses = (values.houses ?? (held ? 'b' : 'a,b')).split(',');
    const name = values.attacks ? 'attacks' : `${held ? 'held-out' : 'sample'}-hospital`;
    const out = values.out ?? `fixtures/${name}`;
    if (!houses.every((id) => id === 'a' || id === 'b'))
      throw new Error(`there is no house "${values.houses}"`);
    if (!(values.roster in rosters)) throw new Error(`there is no roster "${values.roster}"`);
    return { ...values, out, only: only as Part[], houses, roster: values.roster as Roster };
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return null;
  }
}

async function prepare(mayInstall: boolean): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'testbed: needs root on Linux';
  const left = leftovers();
  if (left.length > 0)
    return `testbed: another recording runs, or was killed: ip netns del ${left.join(' ')}`;
  const missing = missingPrograms();
  if (missing.length === 0) return null;
  if (mayInstall && existsSync('/usr/bin/apt-get')) return install(missing);
  const names = missing.map((m) => `  ${m.program} (Debian package ${m.package})`).join('\n');
  return `testbed: these are missing; --install installs them on Debian:\n${names}`;
}

process.exitCode = await main();
