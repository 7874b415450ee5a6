export { CLAIM_BEAT_MILLISECONDS, CLAIM_SECONDS, LINK_NAME } from './limits.ts';
export { ServerLink } from './link.ts';
export { serverId } from './server-id.ts';
export { alone, type Turns } from './turns.ts';
