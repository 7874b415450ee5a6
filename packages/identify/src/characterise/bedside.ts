import type { Facts } from '@wardline/model';
import { usableSerial } from '../serials.ts';
import { groundOf, groundOfAll } from './claim-book.ts';
import { type Subject, sightingsOf } from './subject.ts';

/** From so many different instruments on, whoever speaks for them passes their results on. */
const MANY_INSTRUMENTS = 2;

/** What laboratory instruments and their information systems say of themselves by ASTM E1394. */
export function claimLaboratory(subject: Subject): void {
  const all = sightingsOf(subject, 'astm.endpoint');
  const instruments = all.filter((s) => s.facts.role === 'instrument');
  const names = new Set(instruments.flatMap((s) => s.facts.senderName ?? []));
  const hosts = all.filter((s) => s.facts.role === 'host');
  const reason = 'It sends orders to laboratory instruments (ASTM E1394).';
  if (hosts.length > 0) claimClass(subject, hosts, 'lis', reason);
  if (names.size >= MANY_INSTRUMENTS) {
    claimClass(
      subject,
      instruments,
      'lis',
      `It sends the results of ${names.size} instruments (ASTM E1394).`,
    );
    return;
  }
  if (instruments.length === 0) return;
  claimClass(subject, instruments, 'lab-analyser', 'It sends laboratory results (ASTM E1394).');
  for (const sighting of instruments) claimSender(subject, sighting);
}

type Instrument = ReturnType<typeof sightingsOf<'astm.endpoint'>>[number];

function claimClass(subject: Subject, seen: readonly Instrument[], value: string, reason: string): void {
  const common = { attribute: 'class', source: 'astm.endpoint', group: 'astm', strength: 'medium' } as const;
  subject.book.add({ ...common, value, reason }, groundOfAll(seen));
}

/** H-5 begins with the maker or with the model; a known maker's name shows which. */
function claimSender(subject: Subject, sighting: Instrument): void {
  const { senderName, senderParts = [], serial, software } = sighting.facts;
  const maker = senderName === undefined ? null : subject.knowledge.vendors.byName(senderName);
  const model =
    maker === null ? senderName : senderParts.find((part) => part !== serial && part !== software);
  const claims = { vendor: maker?.name, model, serial, software } as const;
  for (const attribute of ['vendor', 'model', 'serial', 'software'] as const) {
    const value = claims[attribute];
    if (value === undefined || (attribute === 'serial' && !usableSerial(value))) continue;
    const fact: keyof Facts['astm.endpoint'] =
      attribute === 'serial' || attribute === 'software' ? attribute : 'senderName';
    const reason = `It names the ${attribute} “${value}” where its laboratory messages say who sends them.`;
    const statement = { attribute, value, source: `astm.endpoint/${fact}`, group: 'astm', reason };
    subject.book.add({ ...statement, strength: 'medium' }, groundOf(sighting));
  }
}
