import { type Baseline, type InterfaceKind, interfaceKinds, type Knowledge } from '@wardline/knowledge';
import {
  type Asset,
  formatMicros,
  type Hardening,
  type HardeningItem,
  type HardeningQuestion,
  hardeningQuestions,
  type Sighting,
} from '@wardline/model';
import { cited, type Statement, stated } from '../claims/statement.ts';
import { partyOf } from '../context.ts';
import { distinct, ofKind } from '../facts.ts';
import { Lexicon } from '../lexicon.ts';
import { EVIDENCE_PER_FINDING } from '../limits.ts';
import { counted, listed } from '../words.ts';
import { type Offered, offeredBy, placeOf } from './offered.ts';

type Answer = Pick<HardeningItem, 'answer' | 'reason'> & { ground?: readonly Pick<Sighting, 'evidence'>[] };

interface Asked {
  asset: Asset;
  sightings: readonly Sighting[];
  baseline: Baseline;
  lexicon: Lexicon;
  /** The day on which a scanner last looked; null where none did. */
  scanned: string | null;
}

/** What is not a debugger and not judged by how it lets people in. */
const otherKinds: readonly InterfaceKind[] = interfaceKinds.filter(
  (kind) => kind !== 'debug' && kind !== 'clear-login',
);

const titles: Readonly<Record<HardeningQuestion, string>> = {
  debug: 'No debug interface is open',
  services: 'No service is open that such a device does not need',
  'clear-text': 'Nobody can log in in clear text',
  credentials: 'No default login opens it',
  media: 'Drives cannot be plugged in',
};

const answers: Readonly<Record<HardeningQuestion, (asked: Asked) => Answer>> = {
  debug: (asked) => ofInterfaces(asked, ['debug']),
  services: (asked) => ofInterfaces(asked, otherKinds),
  'clear-text': ofClearText,
  credentials: ofCredentials,
  media: ofMedia,
};

/**
 * Holds an asset against the baseline of its class: each question met, not met or unknown, with its reason. What the maker states is told
 * beside what nobody has looked at, and answers nothing.
 */
export function hardeningOf(
  asset: Asset,
  sightings: readonly Sighting[],
  knowledge: Knowledge,
  statement: Statement | null = null,
): Hardening {
  const lexicon = new Lexicon(knowledge);
  const { class: kind, group } = partyOf(asset, lexicon);
  const baseline = kind === null || group === null ? null : lexicon.baseline(kind, group);
  if (baseline === null) return { baseline: null, items: [] };
  const last = ofKind({ sightings, conversations: [] }, 'scan.host').map(({ lastSeen }) => lastSeen);
  const scanned = last.length === 0 ? null : formatMicros(Math.max(...last)).slice(0, 10);
  const asked = { asset, sightings, baseline, lexicon, scanned };
  const items = hardeningQuestions
    .filter((question) => isAsked(baseline, question))
    .map((question) => itemOf(question, answers[question](asked)))
    .map((item) => (statement === null ? item : withWord(item, statement)));
  return { baseline: { id: baseline.id, label: baseline.label }, items };
}

function isAsked({ forbids, media }: Baseline, question: HardeningQuestion): boolean {
  if (question === 'debug') return forbids.includes('debug');
  if (question === 'services') return otherKinds.some((kind) => forbids.includes(kind));
  if (question === 'clear-text') return forbids.includes('clear-login');
  return question === 'credentials' || media;
}

function itemOf(question: HardeningQuestion, { answer, reason, ground = [] }: Answer): HardeningItem {
  const evidence = ground.slice(0, EVIDENCE_PER_FINDING).map((one) => one.evidence);
  return { question, title: titles[question], answer, reason, evidence };
}

/** Questions of MDS2, 2019 and 2013, that ask what a question of a baseline asks, and the good answer. */
const asksTheSame: Readonly<Record<HardeningQuestion, { ids: readonly string[]; good: 'yes' | 'no' }>> = {
  debug: { ids: ['SAHD-8', '15-7'], good: 'yes' },
  services: { ids: ['SAHD-9', '15-8'], good: 'yes' },
  'clear-text': { ids: ['TXCF-4', '18-2'], good: 'yes' },
  credentials: { ids: ['PAUT-1.1', '12-1.1'], good: 'yes' },
  media: { ids: ['CONN-1.2.3', 'D.3'], good: 'no' },
};

function withWord(item: HardeningItem, statement: Statement): HardeningItem {
  const { ids, good } = asksTheSame[item.question];
  const bad = good === 'yes' ? 'no' : 'yes';
  const [well, ill] = [stated(statement, ids, good), stated(statement, ids, bad)];
  const said = well ?? ill;
  if (item.answer === 'met' || said === null) return item;
  const word = well === null ? 'admits as much' : 'states that it is so';
  return { ...item, reason: `${item.reason} Its maker ${word}: ${cited(said, statement)}.` };
}

const groundOf = (offers: readonly Offered[]) => offers.map(({ service }) => service);

/** An open debugger is never in order; another service that somebody uses may be needed, which only a person can say. */
function ofInterfaces(asked: Asked, kinds: readonly InterfaceKind[]): Answer {
  const forbidden = kinds.filter((kind) => asked.baseline.forbids.includes(kind));
  const offers = offeredBy(asked.asset, forbidden, asked.lexicon);
  const wrong = offers.filter(
    ({ isRecognised, isUsed, what }) => isRecognised && (!isUsed || what.kind === 'debug'),
  );
  if (wrong.length > 0)
    return { answer: 'not-met', reason: `Open: ${listed(wrong.map(placeOf), 5)}.`, ground: groundOf(wrong) };
  return offers.length > 0 ? { ...undecided(offers), ground: groundOf(offers) } : unlessLookedAt(asked);
}

function undecided(offers: readonly Offered[]): Answer {
  const used = offers.filter(({ isRecognised }) => isRecognised);
  if (used.length > 0)
    return {
      answer: 'unknown',
      reason: `In use: ${listed(used.map(inUse), 5)}. Whether care needs it, biomedical engineering has to say.`,
    };
  const places = offers.map(
    ({ service, what }) => `${service.transport}/${service.port} (usual for ${what.label})`,
  );
  return { answer: 'unknown', reason: `Open, and not recognised: ${listed(places, 5)}.` };
}

const inUse = (offer: Offered): string => `${placeOf(offer)} by ${counted(offer.service.clients, 'client')}`;

function unlessLookedAt({ scanned }: Asked): Answer {
  return scanned === null
    ? { answer: 'unknown', reason: 'None was seen on the wire, and no scan has looked.' }
    : { answer: 'met', reason: `The scan of ${scanned} found none, and none was seen on the wire.` };
}

/** Logins that passed in clear, and doors that ask for one in clear. */
function ofClearText(asked: Asked): Answer {
  const seen = ofKind({ sightings: asked.sightings, conversations: [] }, 'credential.cleartext');
  const offers = offeredBy(asked.asset, ['clear-login'], asked.lexicon).filter(
    ({ service }) => service.protection === 'clear' || service.protection === 'unknown',
  );
  const open = offers.filter(({ isRecognised }) => isRecognised);
  if (seen.length + open.length === 0)
    return offers.length > 0 ? { ...undecided(offers), ground: groundOf(offers) } : unlessLookedAt(asked);
  const protocols = [...new Set(seen.map(({ facts }) => asked.lexicon.protocolLabel(facts.protocol)))].sort();
  const parts = [
    ...(protocols.length > 0 ? [`Logins passed in clear over ${listed(protocols, 5)}.`] : []),
    ...(open.length > 0 ? [`Open: ${listed(open.map(placeOf), 5)}.`] : []),
  ];
  return { answer: 'not-met', reason: parts.join(' '), ground: [...seen, ...groundOf(open)] };
}

/** That nobody was let in by a default so far does not show that nobody would be. */
function ofCredentials({ sightings }: Asked): Answer {
  const facts = { sightings, conversations: [] };
  const scans = ofKind(facts, 'scan.credential');
  const used = ofKind(facts, 'credential.cleartext').filter((one) => one.facts.knownDefault !== undefined);
  const accepted = used.filter((one) => one.facts.outcome === 'accepted');
  if (scans.length > 0)
    return { answer: 'not-met', reason: `A scan was let in: ${checksOf(scans)}.`, ground: scans };
  if (accepted.length > 0)
    return { answer: 'not-met', reason: 'Somebody was let in with a published password.', ground: accepted };
  return used.length > 0
    ? { answer: 'unknown', reason: 'Published passwords were tried; none was seen to open it.', ground: used }
    : { answer: 'unknown', reason: 'No check of default logins is known.' };
}

const checksOf = (found: readonly Sighting<'scan.credential' | 'scan.media'>[]): string =>
  listed(distinct(found.map(({ facts }) => `${facts.check} (${facts.scanner})`)).toSorted());

function ofMedia({ sightings }: Asked): Answer {
  const found = ofKind({ sightings, conversations: [] }, 'scan.media');
  if (found.length === 0)
    return { answer: 'unknown', reason: 'No scan with a login has looked for drives that were plugged in.' };
  return { answer: 'not-met', reason: `Drives were plugged in: ${checksOf(found)}.`, ground: found };
}
