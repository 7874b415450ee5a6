import type { Mds2Answer } from '@wardline/formats';
import { ofKind } from '../facts.ts';
import type { Draft, Ground } from '../finding.ts';
import type { Case } from '../rules/rule.ts';
import { listed } from '../words.ts';
import { listedPorts } from './ports.ts';
import { cited, type Statement, stated } from './statement.ts';

/** What a form may say, and by which findings it is shown to be otherwise. */
interface Check {
  /** Of both editions. */
  ids: readonly string[];
  says: 'yes' | 'no';
  /** In our own words, behind "the maker states that …". */
  words: string;
  rules: readonly string[];
}

const checks: readonly Check[] = [
  {
    ids: ['TXCF-2', '18-2'],
    says: 'yes',
    words: 'data of patients are encrypted before they are sent',
    rules: ['cleartext-phi', 'cleartext-clinical-protocol'],
  },
  { ids: ['MPII-1', 'A'], says: 'no', words: 'it handles no data of persons', rules: ['cleartext-phi'] },
  {
    ids: ['AUTH-1', '3-1'],
    says: 'yes',
    words: 'nobody gets in without a login',
    rules: ['unauthenticated-service'],
  },
  {
    ids: ['PAUT-1.1', '12-1.1'],
    says: 'yes',
    words: 'each person has an account and a password',
    rules: ['default-credential-accepted'],
  },
  {
    ids: ['SAHD-9', '15-8'],
    says: 'yes',
    words: 'services that it does not need are off',
    rules: ['unneeded-service', 'clear-login-offered', 'debug-interface-open'],
  },
  {
    ids: ['SAHD-8', '15-7'],
    says: 'yes',
    words: 'ports that it does not need are closed',
    rules: ['unneeded-service', 'debug-interface-open'],
  },
  {
    ids: ['CONN-4', 'CONN-6', 'MPII-3.7', '15-3'],
    says: 'no',
    words: 'it talks with nothing outside',
    rules: ['internet-exposure'],
  },
  {
    ids: ['RMOT-1', '20-1'],
    says: 'no',
    words: 'nobody can service it from afar',
    rules: ['weak-remote-desktop', 'remote-screen-in-clear'],
  },
  {
    ids: ['CONN-1.2.3', 'MPII-3.3', 'CONN-1.2.2', 'D.3'],
    says: 'no',
    words: 'drives cannot be plugged in',
    rules: ['removable-media'],
  },
  {
    ids: ['SAHD-3.2', '15-2'],
    says: 'yes',
    words: "only the maker's updates are taken",
    rules: ['firmware-cleartext'],
  },
];

/**
 * Holds what a maker states against what was seen: each contradiction is a finding with the cell of the form and the packets. What
 * was not seen contradicts nothing.
 */
export function contradictions(the: Case, drafts: readonly Draft[], statement: Statement): Draft[] {
  const byFinding = checks.flatMap((check) => {
    const answer = stated(statement, check.ids, check.says);
    const against = drafts.filter(({ rule }) => check.rules.includes(rule));
    return answer === null || against.length === 0
      ? []
      : [ofFindings(the, statement, answer, check.words, against)];
  });
  return [...byFinding, ...byFact(the, statement)];
}

function ofFindings(
  the: Case,
  statement: Statement,
  answer: Mds2Answer,
  words: string,
  against: readonly Draft[],
): Draft {
  const seen = against[0]!.summary;
  const more = against.length === 1 ? '' : ` So do ${against.length - 1} more findings.`;
  return draftOf(the, statement, answer, {
    words,
    seen: `${seen}${more}`,
    ground: against.flatMap(({ ground }) => ground),
    harms: against.flatMap(({ harms }) => harms ?? []),
    service: against.length === 1 ? (against[0]!.service ?? null) : null,
  });
}

interface Found {
  words: string;
  seen: string;
  ground: readonly Ground[];
  harms?: Draft['harms'];
  service?: Draft['service'];
}

function draftOf(the: Case, statement: Statement, answer: Mds2Answer, found: Found): Draft {
  return {
    rule: 'statement-contradicted',
    key: answer.id,
    service: found.service ?? null,
    harms: found.harms ?? [],
    ground: found.ground,
    summary: `The maker states that ${found.words}: ${cited(answer, statement)}. At ${the.self.name} it is otherwise: ${found.seen}`,
  };
}

function byFact(the: Case, statement: Statement): Draft[] {
  return [wireless, operatingSystem, encryption, antiMalware, unlistedServices].flatMap((check) => {
    const draft = check(the, statement);
    return draft === null ? [] : [draft];
  });
}

type FactCheck = (the: Case, statement: Statement) => Draft | null;

const wireless: FactCheck = (the, statement) => {
  const answer = stated(statement, ['CONN-1.1.1', 'MPII-3.6', 'D.6'], 'no');
  const ground = [...ofKind(the.facts, 'wifi.client'), ...ofKind(the.facts, 'wifi.station')];
  if (answer === null || ground.length === 0) return null;
  return draftOf(the, statement, answer, {
    words: 'it has no wireless network',
    seen: 'it was heard on one.',
    ground,
  });
};

const operatingSystem: FactCheck = (the, statement) => {
  const answer = stated(statement, ['CSUP-2'], 'no');
  const claims = the.asset.claims.filter(
    ({ attribute, evidence }) => attribute === 'os' && evidence.length > 0,
  );
  if (answer === null || the.asset.os.value === null || claims.length === 0) return null;
  return draftOf(the, statement, answer, {
    words: 'it has no operating system',
    seen: `${the.asset.os.value} was recognised. ${claims[0]!.reason}`,
    ground: claims.map((claim) => ({ ...claim, evidence: claim.evidence[0]! })),
  });
};

const encryption: FactCheck = (the, statement) => {
  const answer = stated(statement, ['CONN-7'], 'no');
  const ground = the.asset.services.filter(
    ({ protection, application }) => protection === 'encrypted' && application !== 'ssh',
  );
  if (answer === null || ground.length === 0) return null;
  const places = ground.map(({ transport, port }) => `${transport}/${port}`);
  return draftOf(the, statement, answer, {
    words: 'it does not support TLS',
    seen: `it answers encrypted at ${listed(places)}. The form may be of an older version.`,
    ground,
  });
};

/** Makers of anti-malware software as CPE names them. */
const guards =
  /^cpe:2\.3:a:(?:symantec|broadcom|mcafee|trellix|trendmicro|trend_micro|sophos|eset|kaspersky|bitdefender|crowdstrike|sentinelone|carbonblack|vmware:carbon_black|cylance|blackberry:cylance|clamav|cisco:clamav|f-secure|withsecure|avast|avg|avira|malwarebytes|microsoft:(?:windows_)?defender)/i;

/** Only a scan with a login sees it: a list of programs in which there is one, or none. */
const antiMalware: FactCheck = (the, statement) => {
  const software = the.asset.scannedSoftware ?? [];
  const found = software.filter(({ cpe }) => guards.test(cpe));
  const without = stated(statement, ['CSUP-4', 'MLDP-2.1', '10-1'], 'no');
  if (without !== null && found.length > 0)
    return draftOf(the, statement, without, {
      words: 'it has no anti-malware software',
      seen: `a scan found ${found[0]!.cpe}.`,
      ground: found.map(groundOfScan),
    });
  const having = stated(statement, ['MLDP-2.1', 'CSUP-4'], 'yes');
  const applications = software.filter(({ cpe }) => cpe.startsWith('cpe:2.3:a:'));
  if (having === null || found.length > 0 || applications.length < LISTING) return null;
  return draftOf(the, statement, having, {
    words: 'it comes with anti-malware software',
    seen: `a scan with a login lists ${applications.length} programs, and none that is known to be one.`,
    ground: applications.slice(0, 1).map(groundOfScan),
  });
};

/** Fewer programs are no listing of a system. */
const LISTING = 5;

const groundOfScan = ({
  lastSeen,
  evidence,
}: {
  lastSeen: number;
  evidence: Ground['evidence'];
}): Ground => ({
  firstSeen: lastSeen,
  lastSeen,
  evidence,
});

/** Where the form itself lists ports, what answers elsewhere is not on the list. */
const unlistedServices: FactCheck = (the, statement) => {
  const answer = statement.answers.find(({ id }) => id === 'CONN-2');
  const ports = listedPorts(statement);
  if (answer === undefined || ports.length === 0) return null;
  const isListed = (transport: string, port: number) =>
    ports.some((one) => one.port === port && (one.transport === null || one.transport === transport));
  const ground = the.asset.services.filter(
    ({ transport, port }) => port !== null && port < 49_152 && !isListed(transport, port),
  );
  if (ground.length === 0) return null;
  const places = ground.map(({ transport, port }) => `${transport}/${port}`);
  const names = ports.map(({ transport, port }) => (transport === null ? `${port}` : `${transport}/${port}`));
  return draftOf(the, statement, answer, {
    words: `it uses ${listed(names, 8)}`,
    seen: `${listed(places, 8)} ${places.length === 1 ? 'is' : 'are'} open too.`,
    ground,
  });
};
