/** Bytes of a capture become conversations and sightings. */
export * from './dissector.ts';
export { type Dissectors, Sensor, type SensorDelta, type SensorOptions } from './engine.ts';
export { defaultLimits, type SensorLimits } from './limits.ts';
export { parseLimits } from './limits-text.ts';
export { type KnownCredential, Redactor } from './redactor.ts';
export { type CaptureSummary, type SenseOptions, sense } from './sense.ts';
