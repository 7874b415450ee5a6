/** The shared words of Wardline as types and schemas. */
export * from './api/index.ts';
export * from './assessment.ts';
export * from './asset.ts';
export * from './batch.ts';
export * from './conversation.ts';
export * from './endpoint.ts';
export * from './evidence.ts';
export * from './facts/access.ts';
export * from './facts/building.ts';
export * from './facts/clinical.ts';
export * from './facts/infrastructure.ts';
export * from './facts/wireless.ts';
export * from './facts.ts';
export * from './finding.ts';
export * from './register.ts';
export * from './sighting.ts';
export * from './time.ts';
