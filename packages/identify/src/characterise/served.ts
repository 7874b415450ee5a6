import { answeredBy } from './services.ts';
import { type Subject, sightingsOf } from './subject.ts';

/**
 * Who only takes in what laboratory instruments connect to tell (ASTM E1381 §6: acknowledgements say nothing of their sender) is their
 * information system. An instrument that waits for its system to connect sends records of its own and is none.
 */
export function claimServed(subject: Subject): void {
  if (sightingsOf(subject, 'astm.endpoint').length > 0) return;
  const served = subject.asServer.find((c) => c.application === 'astm' && answeredBy(c));
  if (served === undefined) return;
  const { firstSeen, lastSeen, evidence } = served;
  const reason = 'Laboratory instruments connect to it to report their results (ASTM E1394).';
  const claim = { attribute: 'class', value: 'lis', source: 'service', group: 'astm', reason } as const;
  subject.book.add({ ...claim, strength: 'medium' }, { firstSeen, lastSeen, count: 1, evidence: [evidence] });
}
