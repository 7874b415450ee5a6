import type { Assessed, Line, SbomFacts, Verdict } from './assessed-product.ts';
import { chosen, cite, find, promised, stated } from './said-lines.ts';

export function contentLines({ sbom, form }: Assessed): Line[] {
  const title = 'A bill of materials that machines can read';
  const clause =
    'The vendor hands over a bill of materials (CycloneDX or SPDX) with the device and with each update.';
  const kept = stated(
    form,
    'sbom-kept',
    'The bill of materials is kept up to date',
    ['SBOM-4'],
    'The vendor keeps the bill of materials up to date for as long as the device is supported.',
  );
  if (sbom === null) {
    const offered = find(form, ['SBOM-1']);
    const isPromised = offered?.value === 'yes';
    const reason = isPromised
      ? 'The maker states that there is one; it was not handed in.'
      : 'None was handed in.';
    const verdict: Verdict = offered?.value === 'no' ? 'bad' : isPromised ? 'partly' : 'unknown';
    return [{ id: 'sbom', title, verdict, reason, source: cite(form, offered), clause, most: 3 }, kept];
  }
  const parts: [id: string, title: string, count: number][] = [
    ['sbom-versions', 'Parts have versions', sbom.withVersion],
    ['sbom-identifiers', 'Parts can be looked up (package URL or CPE)', sbom.withIdentifier],
    ['sbom-suppliers', 'Parts name their makers', sbom.withSupplier],
  ];
  return [
    {
      id: 'sbom',
      title,
      verdict: 'good',
      reason: `${sbom.components} parts are listed.`,
      source: sbom.id,
      clause: null,
      most: 3,
    },
    ...parts.map(([id, what, count]) => ofShare(id, what, count, sbom)),
    kept,
  ];
}

function ofShare(id: string, title: string, count: number, { id: source, components }: SbomFacts): Line {
  const percent = components === 0 ? 0 : Math.floor((count * 100) / components);
  const verdict: Verdict = percent >= 95 ? 'good' : percent >= 60 ? 'partly' : 'bad';
  const clause = verdict === 'good' ? null : `${title}: at least 95 of 100 in the bill of materials.`;
  return { id, title, verdict, reason: `${count} of ${components} do.`, source, clause };
}

const safeguards: readonly [id: string, title: string, ids: string[], clause: string][] = [
  [
    'transit',
    'Data of patients are encrypted before they are sent',
    ['TXCF-2', '18-2'],
    'Data of patients leave the device encrypted (TLS 1.2 or later).',
  ],
  [
    'rest',
    'What it stores is encrypted',
    ['STCF-1', '17-1'],
    'Data of patients are encrypted on the device and on its media.',
  ],
  [
    'accounts',
    'Each person has an account',
    ['PAUT-1.1', '12-1.1'],
    'The device demands an account for each person; accounts of service included.',
  ],
  [
    'audit',
    'It keeps an audit log',
    ['AUDT-2', '2-1'],
    'The device logs logins, changes and access to data, and sends the log to the hospital.',
  ],
  [
    'nodes',
    'It proves who it is to other systems, and asks for the same',
    ['NAUT-1', '11-1'],
    'Connections prove both sides, as by mutual TLS.',
  ],
  [
    'malware',
    'It is protected from malware',
    ['MLDP-2', 'MLDP-4', '10-1'],
    'The device runs listed programs only, or anti-malware software may be installed.',
  ],
  [
    'hardening',
    'Services that it does not need are off',
    ['SAHD-9', '15-8'],
    'Services and ports that the device does not need are off at delivery.',
  ],
  [
    'emergency',
    'There is an emergency access',
    ['EMRG-1', '8-1'],
    'Care goes on when a login fails: an emergency access that is logged.',
  ],
  [
    'backup',
    'Its settings can be backed up',
    ['DTBK-5', '7-1'],
    'Settings and data can be backed up and restored by the hospital.',
  ],
];

export function safeguardLines(assessed: Assessed): Line[] {
  const { form, seen } = assessed;
  const handed: Line = {
    id: 'mds2',
    title: "The maker's statement (MDS2) is handed in and complete",
    verdict: form === null ? 'unknown' : form.open === 0 ? 'good' : form.open <= 12 ? 'partly' : 'bad',
    reason: form === null ? 'None was handed in.' : `${form.open} questions have no clear answer.`,
    source: form?.name ?? null,
    clause:
      form !== null && form.open === 0
        ? null
        : 'The vendor hands over a complete MDS2 form (HN 1-2019) with the offer and with each release.',
  };
  return [
    handed,
    ...safeguards.map(([id, title, ids, clause]) => stated(form, id, title, ids, clause)),
    ofSeen(seen, form),
  ];
}

function ofSeen({ assets, contradictions }: Assessed['seen'], form: Assessed['form']): Line {
  const title = 'What was seen of such devices here agrees with the form';
  const clause =
    'Where the device differs from the form, the vendor puts it right or corrects the form before acceptance.';
  const base = { id: 'seen', title, source: null, most: 2 };
  if (form === null || assets === 0)
    return {
      ...base,
      verdict: 'unknown',
      reason: assets === 0 ? 'No such device is here yet.' : 'There is no form to compare.',
      clause,
    };
  return contradictions === 0
    ? { ...base, verdict: 'good', reason: `Nothing seen of ${assets} devices contradicts it.`, clause: null }
    : { ...base, verdict: 'bad', reason: `${contradictions} contradictions at ${assets} devices.`, clause };
}

export function updateLines({ form, commitments }: Assessed): Line[] {
  const { patchDays, updateYears, endOfSupportNoticeDays, signedUpdates, disclosureProgramme } = commitments;
  return [
    promised(
      'patch-days',
      'Critical weaknesses are patched soon',
      patchDays,
      (days) => (days <= 30 ? 'good' : days <= 90 ? 'partly' : 'bad'),
      'days',
      'Critical weaknesses are patched within 30 days, and those that are exploited within 14.',
    ),
    promised(
      'update-years',
      'Security updates for its whole life',
      updateYears,
      (years) => (years >= 8 ? 'good' : years >= 5 ? 'partly' : 'bad'),
      'years',
      'Security updates for at least eight years after delivery.',
    ),
    promised(
      'notice',
      'The end of support is told in time',
      endOfSupportNoticeDays,
      (days) => (days >= 365 ? 'good' : days >= 180 ? 'partly' : 'bad'),
      'days of notice',
      'The end of support is told at least a year ahead.',
    ),
    chosen(
      'signed-updates',
      'Updates are signed and checked',
      signedUpdates,
      form,
      ['SAHD-3.2', '15-2'],
      'Updates are signed; the device checks the signature and refuses older versions.',
    ),
    chosen(
      'disclosure',
      'Vulnerabilities can be reported, and are told',
      disclosureProgramme,
      form,
      ['DOC-8'],
      'The vendor runs a coordinated disclosure programme, publishes a security.txt and advisories as CSAF.',
    ),
  ];
}

export function keyLines({ form, commitments: { keyStorage } }: Assessed): Line[] {
  const clause =
    'Private keys are made and kept in hardware (TPM 2.0 or a secure element) and cannot be read out.';
  const verdict: Verdict = keyStorage === 'hardware' ? 'good' : keyStorage === 'software' ? 'bad' : 'unknown';
  const reason = {
    hardware: 'In hardware, by the offer.',
    software: 'In software, by the offer.',
    unknown: 'Nothing is said.',
  }[keyStorage];
  return [
    {
      id: 'key-storage',
      title: 'Keys are kept in hardware',
      verdict,
      reason,
      source: keyStorage === 'unknown' ? null : 'offer',
      clause: verdict === 'good' ? null : clause,
      most: 3,
    },
    stated(
      form,
      'certificates',
      'It proves itself by certificates',
      ['NAUT-3'],
      "The device takes certificates of the hospital's own authority (EST, RFC 7030).",
    ),
    stated(
      form,
      'credentials',
      'It keeps credentials safely',
      ['PAUT-14.1'],
      'Credentials on the device are stored so that they cannot be read.',
    ),
  ];
}

export function supportLines({ form, commitments: { supportHours }, hasServiceAgreement }: Assessed): Line[] {
  const agreement: Line = {
    id: 'agreement',
    title: 'An agreement on service is in force',
    verdict: hasServiceAgreement ? 'good' : 'unknown',
    reason: hasServiceAgreement ? "It stands at the supplier's." : 'None is known at the supplier.',
    source: null,
    clause: hasServiceAgreement
      ? null
      : 'Service terms with times to answer; a Business Associate Agreement where data of patients are seen.',
  };
  return [
    promised(
      'support-hours',
      'Service answers to an incident soon',
      supportHours,
      (hours) => (hours <= 4 ? 'good' : hours <= 24 ? 'partly' : 'bad'),
      'hours',
      'Service answers to a security incident within four hours, day and night.',
    ),
    stated(
      form,
      'remote-start',
      'Service gets in only when the hospital lets it',
      ['RMOT-1.1', '20-2.1'],
      'Sessions of service start only when somebody at the hospital agrees to each.',
    ),
    stated(
      form,
      'remote-log',
      'Sessions of service are logged',
      ['AUDT-2.8.1', '2-2.5.1'],
      'Each session of service is logged on the device.',
    ),
    agreement,
  ];
}
