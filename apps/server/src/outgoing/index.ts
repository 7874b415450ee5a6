/** The one way out over HTTP: where the server may ask, and how much it takes. */
export { Outgoing, type OutgoingRules } from './outgoing.ts';
