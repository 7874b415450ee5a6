import { isSigma, parseSigma } from '../sigma/read.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { parseRule } from './parse.ts';
import type { Rule, RuleDiagnostic } from './rule.ts';

/** A rule of one of the two forms: for conversations, or of Sigma for logs and facts of protocols. */
export type AnyRule =
  | { form: 'conversations'; rule: Rule }
  | { form: 'logs'; rule: SigmaRule; facts: boolean; lines: boolean };

export type ParsedAnyRule = { ok: true; read: AnyRule } | { ok: false; faults: RuleDiagnostic[] };

/** Reads a rule of either form, which its text shows. */
export function parseAnyRule(text: string): ParsedAnyRule {
  if (!isSigma(text)) {
    const parsed = parseRule(text);
    return parsed.ok ? { ok: true, read: { form: 'conversations', rule: parsed.rule } } : parsed;
  }
  const parsed = parseSigma(text);
  if (!parsed.ok) return parsed;
  const ofFacts = parsed.rule.searches.map(({ source }) => source.product === 'wardline');
  const facts = ofFacts.includes(true);
  return { ok: true, read: { form: 'logs', rule: parsed.rule, facts, lines: ofFacts.includes(false) } };
}
