/**
 * Who may import whom, and why. A workspace that is not named here may not exist; an import that is not named here
 * may not be written.
 */
export interface WorkspaceRule {
  /** Other workspaces of this repository. */
  workspaces: readonly string[];
  /** Node's own modules (`node:` left out); `*` is any. */
  builtins: readonly string[];
  /** Packages from outside. */
  packages: readonly string[];
  /** The workspace of which it sees the inside, by relative paths. */
  standsIn?: string;
  why: string;
}

const hashing = ['crypto'];

export const rules: Readonly<Record<string, WorkspaceRule>> = {
  'packages/model': {
    workspaces: [],
    builtins: [],
    packages: ['zod'],
    why: 'the shared words depend on nothing of ours',
  },
  'packages/knowledge': {
    workspaces: ['@wardline/model'],
    builtins: ['fs', 'url', 'path', 'zlib'],
    packages: ['zod'],
    why: 'data beside its schema; it reads its own files and nothing else',
  },
  'packages/formats': {
    workspaces: ['@wardline/model'],
    builtins: ['crypto', 'fs', 'module', 'path', 'zlib'],
    packages: [
      '@secvisogram/csaf-validator-lib',
      '@cyclonedx/cyclonedx-library',
      'ajv',
      'ajv-formats',
      'csv-parse',
      'csv-stringify',
      'libxml2-wasm',
      'saxes',
      'unpdf',
    ],
    why: 'pure engine: text in, values out; of the disk it reads the official schemas that a package of it brings',
  },
  'packages/ledger': {
    workspaces: ['@wardline/model'],
    builtins: hashing,
    packages: [],
    why: 'pure engine: hashes, checkpoints and proofs that an outsider can verify with nothing else of ours',
  },
  'packages/vulnerabilities': {
    workspaces: ['@wardline/model', '@wardline/knowledge', '@wardline/formats'],
    builtins: hashing,
    packages: [],
    why: 'pure engine: what an asset is and what an advisory says in, affected or not or unknown out',
  },
  'packages/policy': {
    workspaces: ['@wardline/model'],
    builtins: [],
    packages: [],
    why: 'pure engine: zones, conduits and addresses in, compiled lists and proofs out',
  },
  'packages/risk': {
    workspaces: ['@wardline/model', '@wardline/knowledge'],
    builtins: [],
    packages: [],
    why: 'pure engine: what is known of assets, weaknesses and reach in, risk and ways of attack out',
  },
  'packages/watch': {
    workspaces: ['@wardline/model', '@wardline/knowledge', '@wardline/formats'],
    builtins: hashing,
    packages: ['yaml'],
    why: 'pure engine: conversations and sightings in order of time in, alerts, stories and usage out',
  },
  'packages/pki': {
    workspaces: [],
    builtins: hashing,
    packages: [],
    why: 'pure engine: certificates, requests and revocation as bytes in and out; devices carry it, so it brings nothing along',
  },
  'packages/updates': {
    workspaces: ['@wardline/ledger'],
    builtins: ['crypto', 'stream'],
    packages: ['age-encryption'],
    why: 'pure engine: what a repository signs and what a device may take; it goes onto devices, so it needs nothing else',
  },
  'packages/compliance': {
    workspaces: ['@wardline/model', '@wardline/knowledge'],
    builtins: hashing,
    packages: [],
    why: 'pure engine: what evidence came back with in, the status of every control with its derivation out',
  },
  'packages/reports': {
    workspaces: ['@wardline/model', '@wardline/knowledge', '@wardline/compliance'],
    builtins: hashing,
    packages: ['uqr'],
    why: 'pure engine: what is known in, a page for screen and paper out; the server and the command line make the same one',
  },
  'packages/sensor': {
    workspaces: ['@wardline/model'],
    builtins: ['crypto', 'zlib', 'stream', 'buffer'],
    packages: [],
    why: 'pure engine: bytes in, conversations and sightings out; judges nothing, so it knows no knowledge',
  },
  'packages/identify': {
    workspaces: ['@wardline/model', '@wardline/knowledge', '@wardline/formats'],
    builtins: hashing,
    packages: [],
    why: 'pure engine: sightings in, assets out',
  },
  'packages/posture': {
    workspaces: ['@wardline/model', '@wardline/knowledge', '@wardline/formats'],
    builtins: hashing,
    packages: [],
    why: 'pure engine: facts in, findings out',
  },
  'apps/agent': {
    workspaces: ['@wardline/ledger', '@wardline/pki', '@wardline/updates'],
    builtins: ['*'],
    packages: ['commander'],
    why: 'it goes onto devices: what it brings along has to be looked after there for twenty years',
  },
  'apps/server': {
    workspaces: ['@wardline/*'],
    builtins: ['*'],
    packages: ['*'],
    why: 'the engines meet the database and the network here; it never imports another app',
  },
  'apps/cli': {
    workspaces: ['@wardline/*'],
    builtins: ['*'],
    packages: ['*'],
    why: 'every job without a browser; it also starts the server',
  },
  'apps/console': {
    workspaces: ['@wardline/model'],
    builtins: [],
    packages: ['*'],
    why: 'it uses the public API and nothing else',
  },
  testbed: {
    workspaces: ['@wardline/*'],
    builtins: ['*'],
    packages: ['*'],
    why: 'a hospital of real programs',
  },
  fuzz: {
    workspaces: ['@wardline/model'],
    builtins: ['*'],
    packages: ['vitest'],
    standsIn: 'packages/sensor',
    why: 'runs each part of the sensor by itself, with counters in its sources; only development knows it',
  },
  bench: { workspaces: ['@wardline/*'], builtins: ['*'], packages: ['*'], why: 'measures beside the peers' },
  tools: { workspaces: ['@wardline/*'], builtins: ['*'], packages: ['*'], why: 'checks and generators' },
};

/** Apps that another workspace may import, besides packages: the command line starts the server. */
export const appImports: readonly [importer: string, app: string][] = [
  ['apps/cli', '@wardline/server'],
  ['apps/cli', '@wardline/agent'],
  ['bench', '@wardline/server'],
  ['bench', '@wardline/cli'],
  ['testbed', '@wardline/cli'],
  ['tools', '@wardline/server'],
  ['tools', '@wardline/cli'],
];

export const apps: readonly string[] = [
  '@wardline/server',
  '@wardline/cli',
  '@wardline/console',
  '@wardline/agent',
];

/** Pure engines take the time and chance they need as arguments. */
export const forbiddenInEngines: readonly [pattern: RegExp, why: string][] = [
  [/\bDate\.now\(/, 'an engine has no clock of its own'],
  [/\bnew Date\(\)/, 'an engine has no clock of its own'],
  [/\bMath\.random\(/, 'an engine has no chance of its own'],
  [/\bperformance\.now\(/, 'an engine has no clock of its own'],
  [/\bprocess\.env\b/, 'an engine is configured by arguments'],
];
