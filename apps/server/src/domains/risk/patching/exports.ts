import { type CalendarEntry, writeCalendar, writeCsv } from '@wardline/formats';
import type { PatchItem, PatchPlan } from '@wardline/model';

/** What is to be done, in a word for a list. */
const doing: Readonly<Record<PatchItem['action'], string>> = {
  update: 'Update',
  compensate: 'Do what the vendor advises',
  replace: 'Replace',
  ask: 'Ask the vendor',
};

const headings = [
  'Product',
  'To do',
  'Vendor says',
  'Weaknesses',
  'Gravest',
  'Exploited',
  'Risk to patients up to',
  'Compensated',
  'Due',
  'Support ended',
  'Device',
  'Device id',
  'Criticality',
  'Location',
  'Out of use from',
  'Out of use until',
];

/** The plan as a work list: one line for each device; a product without a device that is told has one line of its own. */
export function planCsv({ items }: PatchPlan): string {
  return writeCsv([headings, ...items.flatMap(linesOf)]);
}

function linesOf(item: PatchItem): (string | number | null)[][] {
  const head = [
    item.product,
    doing[item.action],
    item.vendorSays,
    item.weaknesses,
    item.gravest.join('; '),
    item.exploited ? 'yes' : 'no',
    item.patient.to,
    item.compensated ? 'yes' : 'no',
    item.deadline?.slice(0, 10) ?? null,
    item.supportEnded,
  ];
  if (item.assets.length === 0) return [[...head, null, null, null, null, null, null]];
  return item.assets.map(({ name, id, criticality, location, slot }) => [
    ...head,
    name,
    id,
    criticality,
    location,
    slot?.from ?? null,
    slot?.until ?? null,
  ]);
}

/** The proposed slots as a calendar; what nobody said a time for is not in it. */
export function planCalendar({ items, asOf }: PatchPlan): string {
  const entries = items.flatMap((item) =>
    item.assets.flatMap(({ id, name, location, slot }): CalendarEntry[] =>
      slot === null
        ? []
        : [
            {
              id: `${id}-${item.risks[0] ?? item.product}@wardline`,
              from: slot.from,
              until: slot.until,
              title: `${doing[item.action]}: ${name}`,
              text: [
                `${item.product}, ${item.weaknesses === 1 ? 'one weakness' : `${item.weaknesses} weaknesses`}: ${item.gravest.join(', ')}`,
                ...(item.vendorSays === null ? [] : [`The vendor says: ${item.vendorSays}`]),
                'Proposed by Wardline; agree with the ward before the device is taken out of use.',
              ].join('\n'),
              place: location,
            },
          ],
    ),
  );
  return writeCalendar(entries, asOf);
}
