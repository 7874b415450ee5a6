import type {
  ProductDetails,
  ProductRelease,
  ProductSbom,
  ProductWeakness,
  Timeliness,
} from '@wardline/model';

/** What is held of a product, by which lines of its checklist are judged. */
export interface ProductFacts {
  details: ProductDetails;
  /** The newest that is not withdrawn; null where nothing was published. */
  newest: ProductRelease | null;
  /** Of the newest release, or where there is none, of the product; null where none is held. */
  sbom: ProductSbom | null;
  weaknesses: readonly ProductWeakness[];
  timeliness: Timeliness;
  threats: { open: number; unknown: number; mitigated: number };
  handling: {
    addresses: readonly string[];
    reports: readonly { number: number; overdue: number }[];
    /** Days since advisories were last read; null: never. */
    adviceDays: number | null;
  };
  /** Open findings on devices of the product, by rule. */
  findings: readonly { rule: string; title: string; devices: number }[];
}

/**
 * `open`: it was looked at and cannot be told, and no person's word changes that. `ask`: there is nothing yet that could be measured;
 * a person may vouch for it. Null: nothing that is held speaks of it.
 */
export type Computed = { outcome: 'holds' | 'fails' | 'open' | 'ask'; reason: string } | null;

const holds = (reason: string): Computed => ({ outcome: 'holds', reason });
const fails = (reason: string): Computed => ({ outcome: 'fails', reason });
const open = (reason: string): Computed => ({ outcome: 'open', reason });
const ask = (reason: string): Computed => ({ outcome: 'ask', reason });

/** Days after which what advisories say is not known any more. */
const ADVICE_DAYS = 7;
/** Of 100 parts, how many have to have each of what NTIA's minimum elements ask for. */
const SHARE = 95;

/** Lines of section 524B and of the premarket guidance that what is held can answer; all others need a person's word. */
export const productRules: Readonly<Record<string, (facts: ProductFacts) => Computed>> = {
  '524B(b)(1)': watching,
  '524B(b)(2)': processes,
  '524B(b)(2)(A)': regularCycle,
  '524B(b)(2)(B)': outOfCycle,
  '524B(b)(3)': billOfMaterials,
  'PM-threat-model': threatModel,
  'PM-sbom': machineReadable,
  'PM-vulnerabilities': assessed,
  'PM-metrics': measured,
  'PM-updates': updatable,
  'PM-authentication': refutedBy(
    'default-credential',
    'default-credential-accepted',
    'unauthenticated-service',
  ),
  'PM-cryptography': refutedBy('obsolete-tls', 'weak-certificate', 'expired-certificate', 'obsolete-smb'),
  'PM-confidentiality': refutedBy(
    'cleartext-phi',
    'cleartext-clinical-protocol',
    'cleartext-credential',
    'cleartext-token',
    'cleartext-session',
  ),
  'PM-integrity': refutedBy('firmware-cleartext', 'boot-changed'),
};

function watching({ sbom, handling, weaknesses }: ProductFacts): Computed {
  const { addresses, reports, adviceDays } = handling;
  const late = reports.filter(({ overdue }) => overdue > 0);
  if (late.length > 0)
    return fails(`A clock has run out on ${named(late.map(({ number }) => `report ${number}`))}.`);
  const adrift = weaknesses.filter(({ fix, plan }) => fix === null && plan === null);
  if (adrift.length > 0) return fails(`Neither fixed nor planned: ${named(adrift.map(({ id }) => id))}.`);
  if (addresses.length === 0)
    return open(
      'It is not known where reports of weaknesses are taken: keep the manufacturer’s security.txt.',
    );
  if (adviceDays === null || adviceDays > ADVICE_DAYS)
    return open(
      adviceDays === null ? 'No advisory was ever read.' : `Advisories were read ${adviceDays} days ago.`,
    );
  if (sbom === null) return open('Without a bill of materials nobody can tell which advisories are meant.');
  return holds(
    `Advisories are held against ${sbom.components} parts, reports are taken at ${addresses[0]}, and each known weakness is fixed or planned.`,
  );
}

function processes({ newest }: ProductFacts): Computed {
  if (newest === null) return null;
  const missing = [
    ...(newest.sbom ? [] : ['bill of materials']),
    ...(newest.provenance ? [] : ['provenance']),
  ];
  return missing.length > 0
    ? fails(`Release ${newest.version} comes without ${missing.join(' and ')}.`)
    : null;
}

const cycle = (facts: ProductFacts, days: number | null, critical: boolean, words: string): Computed => {
  if (days === null) return open(`Nobody has said within how many days ${words} are patched.`);
  const own = facts.weaknesses.filter((one) => one.critical === critical);
  const late = own.filter(({ state }) => state === 'overdue');
  if (late.length > 0) return fails(`Not patched within ${days} days: ${named(late.map(({ id }) => id))}.`);
  const tardy = own.filter(({ state }) => state === 'fixed-late');
  if (tardy.length > 0)
    return fails(`Patched, but later than ${days} days: ${named(tardy.map(({ id }) => id))}.`);
  const done = own.filter(({ state }) => state === 'fixed').length;
  if (own.length === 0) return ask(`None was known yet; ${days} days are given.`);
  return done === 0
    ? ask(`${own.length} wait, each within its ${days} days; none was patched yet.`)
    : holds(`${done} patched within ${days} days, and none is overdue.`);
};

function regularCycle(facts: ProductFacts): Computed {
  return cycle(facts, facts.details.cycleDays, false, 'known weaknesses');
}

function outOfCycle(facts: ProductFacts): Computed {
  return cycle(facts, facts.details.criticalDays, true, 'critical weaknesses');
}

function billOfMaterials({ sbom, newest }: ProductFacts): Computed {
  if (sbom === null) return fails('None is held.');
  if (newest !== null && sbom.software !== '' && sbom.software !== newest.version)
    return fails(`The one that is held is of ${sbom.software}, and ${newest.version} is published.`);
  const short = (
    [
      ['versions', sbom.withVersion],
      ['identifiers', sbom.withIdentifier],
      ['makers', sbom.withSupplier],
    ] as const
  ).filter(([, count]) => count * 100 < sbom.components * SHARE);
  return sbom.components === 0 || short.length > 0
    ? fails(
        sbom.components === 0
          ? 'It lists no part.'
          : `Too few parts have ${short.map(([what, count]) => `${what} (${count} of ${sbom.components})`).join(', ')}.`,
      )
    : holds(`${sbom.components} parts with versions, identifiers and makers (${sbom.format}).`);
}

function machineReadable({ sbom }: ProductFacts): Computed {
  return sbom === null ? fails('None is held.') : holds(`${sbom.format}, ${sbom.components} parts.`);
}

function threatModel({ threats: { open: possible, unknown, mitigated }, details }: ProductFacts): Computed {
  if (details.deviceClass === '') return open('Nobody has said what kind of device it is.');
  if (possible > 0) return fails(`${possible} threats stand open.`);
  if (unknown > 0) return open(`Of ${unknown} threats nobody has verified what answers them.`);
  return holds(`All ${mitigated} threats to such a device are answered, each verified by somebody else.`);
}

function assessed({ sbom }: ProductFacts): Computed {
  if (sbom === null) return open('Without a bill of materials nobody can tell.');
  return sbom.open > 0
    ? open(`Of ${sbom.open} weaknesses of its parts it is not known whether they apply.`)
    : holds(`Each of ${sbom.affected} that its parts have is known to apply, and no answer is open.`);
}

function measured({ timeliness: { inTime, late, medianDays, devices, onNewest } }: ProductFacts): Computed {
  if (medianDays === null) return open('Nothing was fixed yet that could be measured.');
  const field =
    devices === 0
      ? 'No device of it is seen here.'
      : `${onNewest} of ${devices} devices run the newest release.`;
  return holds(`${inTime + late} fixed in ${medianDays} days in the median. ${field}`);
}

function updatable({ newest }: ProductFacts): Computed {
  return newest === null
    ? null
    : holds(
        `Release ${newest.version} is signed, encrypted to its devices and of security version ${newest.securityVersion}, below which no device goes back.`,
      );
}

/** What was seen of its devices can speak against a safeguard; it cannot show that one is complete. */
function refutedBy(...rules: readonly string[]): (facts: ProductFacts) => Computed {
  return ({ findings }) => {
    const met = findings.filter(({ rule }) => rules.includes(rule));
    return met.length === 0
      ? null
      : fails(`Seen on its devices: ${met.map(({ title, devices }) => `${title} (${devices})`).join('; ')}.`);
  };
}

const NAMED = 4;
const named = (ids: readonly string[]): string =>
  `${ids.slice(0, NAMED).join(', ')}${ids.length > NAMED ? ` and ${ids.length - NAMED} more` : ''}`;
