/** The one way out over HTTP: where the server may ask, and how much it takes. */
export { Outgoing, OutgoingError, type OutgoingRules } from './outgoing.ts';
