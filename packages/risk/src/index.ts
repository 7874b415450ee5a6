/** Hazards, exposure and controls → risk; ways of attack, what they run through, and the least that cuts them. */
export * from './cvss/index.ts';
export * from './paths/index.ts';
export * from './score/index.ts';
export * from './threats/index.ts';
