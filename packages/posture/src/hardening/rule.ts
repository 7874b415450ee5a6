import { groupBy, ofKind, serviceKey } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { harmOfControl, meaningAsSentence, meaningForCare, noun } from '../party.ts';
import type { Case } from '../rules/rule.ts';
import { listed } from '../words.ts';
import { type Offered, offeredBy } from './offered.ts';

/**
 * What is open and has no place on a device of its class, and ways in that a scanner found. What is used in clear, and is no
 * debugger, other rules judge by whom it was used.
 */
export function hardening(the: Case): Draft[] {
  return [...openInterfaces(the), ...waysIn(the), ...media(the)];
}

function openInterfaces(the: Case): Draft[] {
  const baseline = baselineOf(the);
  if (baseline === null) return [];
  return offeredBy(the.asset, baseline.forbids, the.context.lexicon)
    .filter(({ isRecognised, isUsed, what }) => isRecognised && (what.kind === 'debug' || !isUsed))
    .filter(({ service, what }) => what.kind !== 'clear-login' || service.protection !== 'encrypted')
    .map((offer) => draftOf(the, offer));
}

const rules: Readonly<Record<string, string>> = {
  debug: 'debug-interface-open',
  'clear-login': 'clear-login-offered',
};

function draftOf(the: Case, { service, what, isUsed }: Offered): Draft {
  const use = isUsed ? '' : ' Nobody was seen to use it.';
  const { transport, port, firstSeen, lastSeen, evidence } = service;
  return {
    rule: rules[what.kind] ?? 'unneeded-service',
    key: what.id,
    service: { transport, port },
    ground: [{ firstSeen, lastSeen, evidence }],
    harms: harmOfControl(the.self),
    summary: `${what.label} is open on ${the.self.name}, which this ${noun(the.self)} does not need: ${what.why}, and ${meaningForCare(the.self)}.${use}`,
  };
}

function baselineOf({ self, context }: Case) {
  return self.class === null || self.group === null ? null : context.lexicon.baseline(self.class, self.group);
}

/** A scanner was let in; one finding per service. */
function waysIn(the: Case): Draft[] {
  const found = ofKind(the.facts, 'scan.credential');
  return groupBy(found, (one) => `${serviceKey(one.service)} ${one.facts.way === 'anonymous'}`).map(
    (group) => {
      const { service, facts } = group[0]!;
      const isAnonymous = facts.way === 'anonymous';
      const by = isAnonymous ? 'as anybody' : 'with a login that anybody can look up or leave empty';
      const at = service === null ? '' : ` at ${service.transport}/${service.port}`;
      const checks = listed(group.map((one) => one.facts.check).toSorted());
      return {
        rule: isAnonymous ? 'unauthenticated-service' : 'default-credential-accepted',
        key: isAnonymous ? 'scan anonymous' : 'scan default',
        service,
        ground: group,
        harms: harmOfControl(the.self),
        summary: `${facts.scanner} was let in on ${the.self.name}${at} ${by} (${checks}). ${meaningAsSentence(the.self)}`,
      };
    },
  );
}

function media(the: Case): Draft[] {
  const found = ofKind(the.facts, 'scan.media');
  if (found.length === 0 || baselineOf(the)?.media !== true) return [];
  const checks = listed(found.map(({ facts }) => facts.check).toSorted());
  return [
    {
      rule: 'removable-media',
      ground: found,
      harms: harmOfControl(the.self),
      summary: `Drives were plugged into ${the.self.name}, as a scan shows (${checks}). What is on a drive comes past every wall of the network, and ${meaningForCare(the.self)}.`,
    },
  ];
}
