import type { ProductFile, ProductItem, ReportDocument } from '@wardline/model';
import {
  bars,
  counted,
  day,
  lead,
  list,
  onNewPage,
  pairs,
  plain,
  section,
  soft,
  table,
  warning,
} from './blocks.ts';

type Section = ReportDocument['sections'][number];

/** The product security file of a manufacturer, for whoever submits it, audits it or buys by it. */
export function productSecurityFile(file: ProductFile, at: number): ReportDocument {
  const { details } = file;
  return {
    kind: 'product-file',
    title: `Product security file: ${details.vendor} ${details.model}`,
    subject: file.classLabel,
    at,
    sections: [
      summary(file),
      checklist(file),
      onNewPage(threats(file)),
      parts(file),
      handling(file),
      patches(file),
      onNewPage(words(file)),
    ],
  };
}

function summary({ details, counts, timeliness, threats: of, sboms, asOf }: ProductFile): Section {
  const { known, overdue, medianDays } = timeliness;
  return section(
    'Summary',
    lead(
      `Of ${counts.met + counts['not-met'] + counts.unknown} lines of section 524B and the premarket guidance, ${counts.met} are met, ${counts['not-met']} are not, and of ${counts.unknown} nobody can tell yet. ${known === 1 ? 'One weakness is' : `${known} weaknesses are`} known, ${overdue} of them overdue.`,
    ),
    ...(counts['not-met'] > 0 ? [warning('Not everything that the law asks of a cyber device is met.')] : []),
    bars('Lines of the checklist', [
      { label: 'met', count: counts.met },
      { label: 'not met', count: counts['not-met'] },
      { label: 'unknown', count: counts.unknown },
    ]),
    pairs([
      ['Product', `${details.vendor} ${details.model}`],
      ['Purpose', details.purpose || 'nobody has said'],
      ['End of support', details.endOfSupport ?? 'nobody has said'],
      ['Patched in the regular cycle', within(details.cycleDays)],
      ['Patched out of cycle', within(details.criticalDays)],
      ['Why this cycle is reasonable', details.rationale || 'nobody has said'],
      ['Bills of materials', sboms.length === 0 ? 'none is held' : String(sboms.length)],
      ['Threats', `${of.open} open, ${of.unknown} unknown, ${of.mitigated} answered`],
      ['Time to fix, in the median', medianDays === null ? 'nothing was fixed yet' : `${medianDays} days`],
      ['As of', `${asOf.slice(0, 16).replace('T', ' ')} UTC`],
    ]),
  );
}

const within = (days: number | null): string =>
  days === null ? 'nobody has said' : `within ${counted(days, 'day')}`;

const statusWords = { met: 'met', 'not-met': 'NOT MET', unknown: 'unknown' } as const;

const basisWords: Readonly<Record<ProductItem['basis'], string>> = {
  computed: 'evidence',
  attested: 'a person’s word',
  none: '',
};

const checklist = ({ checklist: items }: ProductFile): Section =>
  onNewPage(
    section(
      'Section 524B and the premarket guidance, line by line',
      soft(
        'What is held answers first. A person’s word by a document counts where nothing that is held speaks, is shown as such, and never counts against what was seen.',
      ),
      table(
        ['Line', 'Status', 'By', 'Why'],
        items.map((one) => [
          `${one.control} ${one.title}`,
          statusWords[one.status],
          basisWords[one.basis],
          one.contradicted
            ? `${one.reason} ${one.word?.ownerName ?? 'Somebody'} vouches for it all the same.`
            : one.reason,
        ]),
        { none: 'The checklist asks nothing.' },
      ),
    ),
  );

const threats = ({ threatModel, details, timeliness: { devices } }: ProductFile): Section =>
  section(
    'Threat model',
    soft(
      `${details.deviceClass === '' ? 'Nobody has said what kind of device it is. ' : ''}Threats of MITRE EMB3D (TID) and ATT&CK for ICS (T). ${devices === 0 ? 'No device of it was seen here: each stands as it was designed, and counts as answered once somebody else has verified what answers it.' : `Each by its gravest standing on ${counted(devices, 'device')} that ${devices === 1 ? 'was' : 'were'} seen.`}`,
    ),
    table(
      ['Threat', 'Stands', 'Harm to a patient', 'What answers it', 'Ids'],
      threatModel.map((one) => [
        `${one.title}. ${one.how}`,
        one.standing,
        one.severity === null ? 'none' : `${one.severity}: ${one.harm ?? ''}`,
        one.answers
          .map(({ text, verifiedBy }) => `${text} (${verifiedBy === null ? 'not verified' : 'verified'})`)
          .join('; ') || one.because,
        [...one.emb3d, ...one.attack].join(' '),
      ]),
      { none: 'There is none yet.' },
    ),
  );

const parts = ({ sboms, releases }: ProductFile): Section =>
  section(
    'Bills of materials and releases',
    table(
      [
        'Version',
        'Form',
        '#Parts',
        '#With version',
        '#Identifier',
        '#Maker',
        '#Weaknesses',
        '#Open',
        'Handed in',
      ],
      sboms.map((one) => [
        one.software || 'every one',
        one.format,
        String(one.components),
        String(one.withVersion),
        String(one.withIdentifier),
        String(one.withSupplier),
        String(one.affected),
        String(one.open),
        day(one.addedAt),
      ]),
      { none: 'No bill of materials is held.' },
    ),
    table(
      ['Release', 'Published', '#Security version', 'Bill of materials', 'Provenance', 'Answers'],
      releases.map((one) => [
        one.withdrawn ? `${one.version} (withdrawn)` : one.version,
        day(one.published),
        String(one.securityVersion),
        one.sbom ? 'bound' : 'none',
        one.provenance ? 'bound' : 'none',
        one.advisories.join(', '),
      ]),
      { none: 'Nothing was published in the repository of firmware.' },
    ),
  );

const handling = ({ handling: { addresses, reports, advisoriesRead } }: ProductFile): Section =>
  section(
    'How weaknesses are handled',
    pairs([
      ['Reports are taken at', addresses.join(', ') || 'not known'],
      ['Advisories last read', day(advisoriesRead) || 'never'],
    ]),
    table(
      ['Report', 'Received', 'State', '#Clocks run out'],
      reports.map((one) => [
        `${one.number} ${one.title}`,
        one.received,
        one.closed ? 'closed' : 'open',
        String(one.overdue),
      ]),
      { none: 'Nobody has reported a weakness of it.' },
    ),
  );

const stateWords = {
  fixed: 'fixed in time',
  'fixed-late': 'fixed LATE',
  running: 'runs',
  overdue: 'OVERDUE',
  'no-clock': 'no time is given',
} as const;

function patches({ weaknesses, timeliness }: ProductFile): Section {
  const { inTime, late, running, overdue, withoutClock, planned, medianCriticalDays, devices, onNewest } =
    timeliness;
  return section(
    'Patch plan and how timely it is',
    weaknesses.length === 0
      ? null
      : bars('Known weaknesses', [
          { label: 'fixed in time', count: inTime },
          { label: 'fixed late', count: late },
          { label: 'the time runs', count: running },
          { label: 'overdue', count: overdue },
          { label: 'no time is given', count: withoutClock },
        ]),
    pairs([
      ['Open, and planned', String(planned)],
      [
        'Critical ones, in the median',
        medianCriticalDays === null ? 'none was fixed yet' : `${medianCriticalDays} days`,
      ],
      [
        'Devices on the newest release',
        devices === 0 ? 'no device of it is seen here' : `${onNewest} of ${devices}`,
      ],
    ]),
    table(
      ['Weakness', 'Part', 'Cycle', 'Known since', 'By', 'State', 'Fix or plan'],
      weaknesses.map((one) => [
        `${one.id} ${one.title}`,
        one.component,
        one.critical ? 'critical' : 'regular',
        day(one.learnt),
        day(one.due),
        stateWords[one.state],
        one.fix === null
          ? one.plan === null
            ? 'nothing is planned'
            : `planned: ${one.plan.version} by ${one.plan.day}, ${one.plan.ownerName}`
          : `${one.fix.version}, ${day(one.fix.at)} (by ${one.fix.by})`,
      ]),
      { none: 'No weakness of it is known. That is no proof that it has none.' },
    ),
  );
}

function words({ checklist: items }: ProductFile): Section {
  const said = items.flatMap(({ control, word }) => (word === null ? [] : [{ control, word }]));
  return section(
    'Appendix: who vouches for what',
    said.length === 0
      ? plain('Nobody vouches for anything.')
      : table(
          ['Line', 'What is the case', 'Owner', 'Document and its SHA-256', 'Until'],
          said.map(({ control, word }) => [
            control,
            word.statement,
            word.ownerName,
            `${word.document}, ${word.sha256}`,
            day(word.until),
          ]),
          { none: '' },
        ),
    list([
      'Known since: the day on which an advisory of it was first read, and not before there was a bill of materials or a device to hold it against; of a report, the day on which it was received.',
      'Critical: used by attackers by CISA’s catalogue, or of a CVSS base score of 9.0 and above.',
      'Fixed: by a release whose maker signed that it answers the weakness, or whose bill of materials does not have it any more; of a report, by the day that was entered.',
    ]),
  );
}
