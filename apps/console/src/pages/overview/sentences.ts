import type { Overview } from '../../api/types.ts';
import { bytes, counted } from '../../format/number.ts';

export interface Sentence {
  text: string;
  href: string;
  /** Patients may be harmed: told apart by a word and a colour. */
  patients?: boolean;
}

/** What was found, in words before any chart. */
export function foundSentences(overview: Overview): Sentence[] {
  const { assets, conversations } = overview;
  const critical = assets.byCriticality['life-critical'] ?? 0;
  const phi = (assets.bySensitivity.phi ?? 0) + (assets.bySensitivity['possible-phi'] ?? 0);
  const sentences: Sentence[] = [
    {
      text: `${counted(assets.total, 'device and system', 'devices and systems')} on the network`,
      href: '/assets',
    },
    { text: `${counted(conversations.total, 'conversation')} between them`, href: '/conversations' },
  ];
  if (critical > 0)
    sentences.push({
      text: counted(critical, 'life-critical device'),
      href: '/assets?criticality=life-critical',
    });
  if (phi > 0) {
    sentences.push({
      text: `${counted(phi, 'handles', 'handle')} patient data, or may`,
      href: '/assets?dataSensitivity=phi,possible-phi',
    });
  }
  return sentences;
}

/** What is strange: contradictions and gaps, each with its list. */
export function strangeSentences(overview: Overview): Sentence[] {
  const { assets, conversations, register, findings } = overview;
  const say = (number: number, text: string, href: string): Sentence[] =>
    number > 0 ? [{ text, href }] : [];
  const clear = conversations.byProtection.clear ?? 0;
  const serious = (findings.critical ?? 0) + (findings.high ?? 0);
  return [
    ...say(
      serious,
      `${counted(serious, 'serious finding')} (critical or high)`,
      '/findings?severity=critical,high',
    ),
    ...say(clear, `${counted(clear, 'conversation')} in clear`, '/conversations?protection=clear'),
    ...say(
      assets.unidentified,
      `${counted(assets.unidentified, 'device')} of unknown class`,
      '/assets?class=unknown',
    ),
    ...say(
      assets.conflicting,
      `${counted(assets.conflicting, 'device')} with contradicting identity`,
      '/assets?conflict=yes',
    ),
    ...say(
      register.shadow,
      `${counted(register.shadow, 'device')} seen but not in the register`,
      '/register?state=shadow',
    ),
    ...say(
      register.missing,
      `${counted(register.missing, 'registered device')} not seen`,
      '/register?state=missing',
    ),
    ...say(
      register.conflicting,
      `${counted(register.conflicting, 'device')} unlike the register`,
      '/register?state=conflicting',
    ),
  ];
}

/** On what all of this rests. */
export function groundSentence(overview: Overview): string {
  const { observed } = overview;
  if (observed.captures === 0) return 'Nothing has been observed yet.';
  return `Rests on ${counted(observed.packets, 'packet')} (${bytes(observed.bytes)}) in ${counted(observed.captures, 'capture')}; not one packet was sent. ${lossSentence(overview)}`;
}

/** Losses have a card of their own; that there are none is said here. */
function lossSentence({ losses }: Overview): string {
  return hasLosses(losses) ? '' : 'No packet was dropped and no state was given up.';
}

export function hasLosses(losses: Overview['losses']): boolean {
  return Object.values(losses).some((number) => number > 0);
}
