import type { DisclosureDetail } from '@wardline/model';

/** What can be sent to the supplier. Whoever told it is named only where they allowed it, and never with how to reach them. */
export function letterOf({
  number,
  received,
  details: { title, vendor, model, description },
  reporter,
}: Pick<DisclosureDetail, 'number' | 'received' | 'details' | 'reporter'>): string {
  const named =
    reporter?.mayBeNamed && reporter.name !== ''
      ? `Reported by: ${reporter.name}`
      : 'Reported by: not to be named';
  return [
    `Subject: Report of a weakness in ${[vendor, model].filter((part) => part !== '').join(' ') || 'a product of yours'} (our number ${number})`,
    '',
    'We were told of a weakness in a product of yours and pass it on for coordinated disclosure.',
    '',
    `What: ${title}`,
    `Received by us: ${received}`,
    named,
    '',
    description,
    '',
    'Please confirm receipt, and tell us whether you can reproduce it, which versions are affected, what protects patients until there is a fix, and when that will be.',
  ].join('\n');
}
