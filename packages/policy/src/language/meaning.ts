import { ANYWHERE, type Condition, type Policy } from '../policy.ts';
import { parseAddressRange } from '../space/addresses.ts';
import type { Cursor } from './cursor.ts';
import { nearest, type Place } from './diagnostic.ts';

const somewhere: Place = { line: 1, column: 1, length: 0 };

/** What a text can say wrongly though its form is right: names that nothing declares, addresses that are none. */
export function checkMeaning(policy: Policy, cursor: Cursor, places: ReadonlyMap<string, Place>): void {
  const zones = new Set([ANYWHERE, ...policy.zones.map(({ name }) => name)]);
  const services = new Set(policy.services.map(({ name }) => name));
  const missing = (kind: string, name: string, known: ReadonlySet<string>) => {
    if (known.has(name)) return;
    const place = places.get(`use of ${kind} ${name}`) ?? somewhere;
    cursor.report('error', `unknown-${kind}`, `There is no ${kind} ${name}`, place, nearest(name, known));
  };
  if (policy.zones.some(({ name }) => name === ANYWHERE))
    cursor.report(
      'error',
      'reserved-name',
      `${ANYWHERE} is every address and needs no declaration`,
      places.get(`zone ${ANYWHERE}`) ?? somewhere,
    );
  const usedZones = new Set<string>();
  const usedServices = new Set<string>();
  for (const { from, to, services: uses } of [...policy.conduits, ...policy.musts, ...policy.exceptions]) {
    for (const name of [...from, ...to]) usedZones.add(name);
    for (const use of uses) if ('service' in use) usedServices.add(use.service);
  }
  for (const name of usedZones) missing('zone', name, zones);
  for (const name of usedServices) missing('service', name, services);
  checkAddresses(policy, cursor, places);
  checkReasons(policy, cursor, places);
  for (const { name } of policy.services)
    if (!usedServices.has(name))
      cursor.report(
        'warning',
        'unused-service',
        `The service ${name} is not used`,
        places.get(`service ${name}`)!,
      );
}

function checkAddresses({ zones }: Policy, cursor: Cursor, places: ReadonlyMap<string, Place>): void {
  for (const { name, addresses, outside, members } of zones) {
    for (const text of [...addresses, ...outside]) {
      if (parseAddressRange(text) === null)
        cursor.report(
          'error',
          'bad-address',
          `${text} is no address, no prefix without bits beside its mask, and no range`,
          places.get(`address ${text}`) ?? somewhere,
        );
    }
    for (const text of members === null ? [] : addressValues(members))
      if (parseAddressRange(text) === null)
        cursor.report(
          'error',
          'bad-address',
          `${text} is no address, prefix or range`,
          places.get(`zone ${name}`) ?? somewhere,
        );
  }
}

function addressValues(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(addressValues);
  if ('any' in condition) return condition.any.flatMap(addressValues);
  if ('not' in condition) return addressValues(condition.not);
  return condition.attribute === 'address' && 'in' in condition ? [...condition.in] : [];
}

/** An exception that nobody approved, or that says no reason, is found at the next audit; better here. */
function checkReasons(
  { exceptions, musts }: Policy,
  cursor: Cursor,
  places: ReadonlyMap<string, Place>,
): void {
  for (const { title, because, approvedBy } of exceptions) {
    const place = places.get(`exception ${title}`) ?? somewhere;
    if (because === null)
      cursor.report('warning', 'no-reason', `The exception ${JSON.stringify(title)} says no reason`, place);
    if (approvedBy === null)
      cursor.report('warning', 'not-approved', `Nobody approved ${JSON.stringify(title)}`, place);
  }
  const titles = [...exceptions, ...musts].map(({ title }) => title);
  for (const title of new Set(titles.filter((one, index) => titles.indexOf(one) !== index)))
    cursor.report(
      'error',
      'declared-twice',
      `${JSON.stringify(title)} is declared twice`,
      places.get(`must ${title}`) ?? places.get(`exception ${title}`) ?? somewhere,
    );
}
