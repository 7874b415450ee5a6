/** Hazards, exposure and controls → risk; ways of attack, what they run through, and the least that cuts them. */
export * from './paths/index.ts';
