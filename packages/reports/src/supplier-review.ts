import type { ReportDocument, Supplier } from '@wardline/model';
import { counted, day, lead, list, pairs, plain, section, table } from './blocks.ts';
import { controlSection, evidenceAppendix, type Shown } from './evidence.ts';

export interface SupplierFacts extends Shown {
  at: number;
  supplier: Supplier;
  products: readonly {
    name: string;
    devices: number;
    lifeCritical: number;
    /** The maker's form that is held, and bills of materials; null or none where there is none. */
    form: string | null;
    sboms: number;
    weaknesses: number;
    exploited: number;
  }[];
  /** What the maker states and traffic shows otherwise. */
  contradictions: readonly { device: string; summary: string }[];
  purchases: readonly { title: string; state: string; conditions: readonly string[] }[];
}

/** A supplier as it is to be reviewed: agreements, ways in, support, what it states and what was seen. */
export function supplierReview(facts: SupplierFacts): ReportDocument {
  const { at, supplier, products, contradictions } = facts;
  const { details, reminders } = supplier;
  const devices = products.reduce((sum, one) => sum + one.devices, 0);
  return {
    kind: 'supplier',
    title: `Supplier review: ${details.name}`,
    subject: `Handles data of patients: ${details.handlesPatientData}`,
    at,
    sections: [
      section(
        'Summary',
        lead(
          `${details.name} supplies ${counted(devices, 'device')} of ${counted(products.length, 'product')}. ${reminders.filter(({ state }) => state !== 'soon').length} things are overdue or missing; ${contradictions.length} of its statements are contradicted by what was seen.`,
        ),
        reminders.length === 0
          ? plain('Nothing runs out, and nothing is missing.')
          : list(
              reminders.map(({ text, state, day: on }) => `${state}${on === null ? '' : ` ${on}`}: ${text}`),
            ),
      ),
      agreements(supplier),
      waysIn(supplier),
      productSection(facts),
      section(
        'What it states, and what was seen',
        table(
          ['Device', 'Contradiction'],
          contradictions.map((one) => [one.device, one.summary]),
          { none: 'No statement that is held is contradicted by what was seen.' },
        ),
      ),
      section(
        'Purchases',
        table(
          ['Purchase', 'State', 'Conditions'],
          facts.purchases.map((one) => [one.title, one.state, one.conditions.join('; ')]),
          { none: 'No purchase from it is on record.' },
        ),
      ),
      controlSection('Controls that ask for it', facts),
      evidenceAppendix(facts),
    ],
  };
}

const agreements = ({ details }: Supplier): ReportDocument['sections'][number] =>
  section(
    'Agreements',
    table(
      ['Agreement', 'Kind', 'Signed', 'Ends', 'Who answers for what', 'Document'],
      details.agreements.map((one) => [
        one.title,
        one.kind === 'baa' ? 'business associate (164.504(e))' : one.kind,
        one.signed ?? '',
        one.expires ?? 'no end',
        one.responsibilities.join('; '),
        one.document,
      ]),
      { none: 'No agreement is on record.' },
    ),
  );

function waysIn({ details, disclosure }: Supplier): ReportDocument['sections'][number] {
  return section(
    'Contacts and ways in',
    table(
      ['Way in', 'Kind', 'From', 'Contained by'],
      details.channels.map((one) => [one.name, one.kind, one.from, one.containedBy || 'NOTHING']),
      { none: 'No way in for its service is on record.' },
    ),
    table(
      ['Contact', 'Role', 'Mail', 'Phone'],
      details.contacts.map((one) => [one.name, one.role, one.email, one.phone]),
      { none: 'Nobody to call is known.' },
    ),
    pairs([
      [
        'Takes reports of weaknesses at',
        disclosure === null ? 'not known' : disclosure.contacts.join(', ') || 'not said',
      ],
      ['security.txt read', disclosure === null ? 'never' : day(disclosure.readAt)],
    ]),
  );
}

const productSection = ({ products, supplier }: SupplierFacts): ReportDocument['sections'][number] =>
  section(
    'Products',
    table(
      [
        'Product',
        '#Devices',
        '#Life-critical',
        'MDS2',
        '#Bills of materials',
        '#Weaknesses',
        '#Used by attackers',
      ],
      products.map((one) => [
        one.name,
        String(one.devices),
        String(one.lifeCritical),
        one.form ?? 'none is held',
        String(one.sboms),
        String(one.weaknesses),
        String(one.exploited),
      ]),
      { none: 'None of its products was seen.' },
    ),
    table(
      ['Product', 'End of support', 'Source'],
      supplier.details.products.map((one) => [one.model, one.endOfSupport ?? 'not known', one.source]),
      { none: 'No end of support is on record.' },
    ),
  );
