/** Bytes of a capture become conversations and sightings. */
export * from './dissector.ts';
export { type KnownCredential, Redactor } from './redactor.ts';
