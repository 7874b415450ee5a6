import { ofKind } from '../facts.ts';
import type { Draft } from '../finding.ts';
import type { Case } from './rule.ts';

/** How devices are let into the network. */
export function networkAccess(the: Case): Draft[] {
  return [...forgeable(the), ...byAddressAlone(the)];
}

/** Answers without a Message-Authenticator (RFC 2869 §5.14) can be turned into others on the way (CVE-2024-3596). */
function forgeable({ facts, self }: Case): Draft[] {
  const ground = ofKind(facts, 'radius.server').filter((item) => !item.facts.messageAuthenticator);
  if (ground.length === 0) return [];
  const summary = `${self.name} answers RADIUS requests without a Message-Authenticator. Somebody between it and a switch can turn a refusal into an acceptance.`;
  return [{ rule: 'forgeable-radius', ground, summary }];
}

function byAddressAlone({ facts, self }: Case): Draft[] {
  const ground = ofKind(facts, 'radius.station').filter(
    (item) => item.facts.proof === 'mac-address' && item.facts.result === 'accepted',
  );
  if (ground.length === 0) return [];
  const summary = `The network let ${self.name} in by its hardware address, which it shows to everybody. Whoever takes on that address is let in as it is.`;
  return [{ rule: 'mac-address-login', ground, summary }];
}
