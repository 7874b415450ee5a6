/** Bounds of what servers on one database tell each other, each with its reason. */

/** A message holds a few names of lists or one actor; PostgreSQL takes 8,000 bytes at the most. */
export const MESSAGE_BYTES = 2000;
/** What happens within this time is one message: a console is as well served by it, and the database by fewer. */
export const GATHER_MILLISECONDS = 50;
/** How often it is asked whether another server has finished. */
export const TURN_MILLISECONDS = 250;
/** How often the link is tried, and how long an answer may take: what is dead is known within seconds. */
export const BEAT_MILLISECONDS = 3000;
export const ANSWER_MILLISECONDS = 5000;
/** How a link is called at the database, before its server's name: it tells which servers live. */
export const LINK_NAME = 'wardline link ';
/** A server that says nothing of its work for so long has lost it to another. */
export const CLAIM_SECONDS = 12;
/** How often a server says that it is still at work, and looks for what others have lost. */
export const CLAIM_BEAT_MILLISECONDS = 3000;
