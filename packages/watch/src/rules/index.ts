/** Rules that a hospital writes itself: a small readable form for conversations. */
export { judgeOf, type Known, minuteOfWeekIn, type NamedRule, type RuleFacts } from './judge.ts';
export { RULE_CHARS, RULES } from './limits.ts';
export { parseRule } from './parse.ts';
export type { Rule, RuleDiagnostic } from './rule.ts';
export { RuleTrial } from './trial.ts';
